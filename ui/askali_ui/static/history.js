/* The list of conversations: opened, searched, renamed, deleted with undo. */
export class History {
  constructor(room, keeper) {
    this.room = room;
    this.keeper = keeper;
    this.panel = room.root.querySelector(".history");
    this.list = this.panel.querySelector(".talks");
    this.search = this.panel.querySelector("#find-talk");
    this.box = this.panel.querySelector("[name=keeps]");
    this.box.checked = keeper.keeps;
    this.box.addEventListener("change", () => { keeper.keeps = this.box.checked; this.draw(); });
    this.search.addEventListener("input", () => this.draw());
    /* Before it opens: what `toggle` drew would be seen to change. */
    this.panel.querySelector("summary").addEventListener("click", () => this.draw());
  }

  draw() {
    const wanted = this.search.value.trim().toLowerCase();
    const talks = this.keeper.talks().filter((talk) => !wanted || talk.name.toLowerCase().includes(wanted)
      || this.keeper.turns(talk.id).some((turn) => `${turn.question} ${turn.copy ?? ""}`.toLowerCase().includes(wanted)));
    this.list.replaceChildren(...talks.map((talk) => this.line(talk)));
    this.search.hidden = this.keeper.talks().length < 2;
  }

  line(talk) {
    const item = document.createElement("li");
    const open = button(talk.name, () => this.open(talk.id), "talk-name");
    if (talk.id === this.keeper.id) open.setAttribute("aria-current", "true");
    const rename = button("Rename", () => this.rename(item, talk), "plain");
    const erase = button("Delete", () => this.erase(talk), "plain");
    for (const each of [rename, erase]) each.setAttribute("aria-label", `${each.textContent} ${talk.name}`);
    item.append(open, rename, erase);
    return item;
  }

  open(id) {
    this.panel.open = false;
    this.room.conversation.change(id);
  }

  rename(item, talk) {
    const field = Object.assign(document.createElement("input"), { type: "text", value: talk.name });
    field.setAttribute("aria-label", "Name of the conversation");
    const done = () => { this.keeper.rename(talk.id, field.value.trim() || talk.name); this.draw(); };
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") done();
      if (event.key === "Escape") { event.stopPropagation(); this.draw(); }
    });
    item.replaceChildren(field, button("Save", done, "plain"));
    field.focus();
    field.select();
  }

  erase(talk) {
    const undo = this.keeper.remove(talk.id);
    const wasOpen = talk.id === this.keeper.id;
    if (wasOpen) this.room.conversation.change();
    this.draw();
    this.room.notify("The conversation is deleted.", () => {
      undo();
      if (wasOpen) this.room.conversation.change(talk.id);
      this.draw();
    });
  }
}

function button(label, act, className) {
  const made = Object.assign(document.createElement("button"), { type: "button", textContent: label, className });
  /* A list that is drawn anew must not look like a click outside of its panel. */
  made.addEventListener("click", (event) => { event.stopPropagation(); act(); });
  return made;
}
