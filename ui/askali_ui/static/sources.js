/* All sources by name: which one is open, and which ones are asked. */
export class Sources {
  constructor(room) {
    this.room = room;
    this.choice = room.root.querySelector(".sources");
    this.select = this.choice.querySelector("select");
    this.single = room.root.querySelector(".reading-bar .single");
    this.within = room.root.querySelector(".within");
    this.select.addEventListener("change", () => room.article.open(this.select.value));
    this.within.addEventListener("change", () => this.name());
    this.show();
  }

  add({ id, title }) {
    this.select.append(Object.assign(document.createElement("option"), { value: id, textContent: title }));
    const box = Object.assign(document.createElement("input"), { type: "checkbox", name: "within", value: id, checked: true });
    const label = document.createElement("label");
    label.append(box, " ", Object.assign(document.createElement("span"), { textContent: title }));
    const only = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: "Only" });
    only.dataset.action = "only";
    only.setAttribute("aria-label", `Only ${title}`);
    const line = Object.assign(document.createElement("div"), { className: "one" });
    line.append(label, only);
    this.within.querySelector("fieldset").lastElementChild.before(line);
    this.show();
  }

  remove(id) {
    [...this.select.options].find((option) => option.value === id)?.remove();
    this.boxes().find((box) => box.value === id)?.closest(".one").remove();
    this.room.article.forget(id);
    if (this.room.article.shown?.dataset.document === id) this.room.article.open(this.select.options[0].value);
    this.show();
  }

  has(id) { return [...this.select.options].some((option) => option.value === id); }

  opened(id) { this.select.value = id; }

  boxes() { return [...this.within.querySelectorAll("[name=within]")]; }

  /* Ids of the chosen sources; null where all are, none where none is. */
  chosen() {
    const ids = this.boxes().filter((box) => box.checked).map((box) => box.value);
    return ids.length < this.boxes().length ? ids : null;
  }

  /* One alone, or all again; the list has done its work and folds. */
  choose(line) {
    for (const box of this.boxes()) box.checked = !line || line.contains(box);
    this.within.open = false;
    this.within.querySelector("summary").focus();
    this.name();
  }

  show() {
    const several = this.select.options.length > 1;
    this.choice.hidden = this.within.hidden = !several;
    this.single.hidden = several;
    this.room.root.classList.toggle("several", several);
    const names = [...this.select.options].map((option) => `“${option.textContent}”`);
    const of = names.length === 1 ? names[0] : `${names.length} documents`;
    this.room.root.querySelector(".about").textContent = `Ask about ${of}.`;
    this.name();
  }

  name() {
    const ids = this.chosen();
    const one = ids?.length === 1 && [...this.select.options].find((option) => option.value === ids[0]);
    const none = ids?.length === 0;
    this.room.composer?.block(none);
    const label = none ? "No source chosen: tick one to ask" : one ? `Asking only: ${one.textContent}` : ids ? `Asking ${ids.length} of ${this.boxes().length} sources` : "Asking all sources";
    this.within.querySelector("summary").textContent = label;
  }
}
