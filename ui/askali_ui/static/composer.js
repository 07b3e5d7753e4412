/* The question field: Enter asks, it grows with its text, and stays usable meanwhile. */
export class Composer {
  constructor(room) {
    this.room = room;
    this.form = room.root.querySelector(".composer");
    this.field = this.form.querySelector("textarea");
    this.stop = this.form.querySelector("[data-action=stop]");
    this.submit = this.form.querySelector("[type=submit]");
    this.excess = this.form.querySelector(".excess");
    this.limit = +this.field.dataset.maxChars;
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.send(); });
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.field.addEventListener("input", () => this.changed());
  }

  key(event) {
    if (event.key === "ArrowUp" && this.recallsBefore(event)) return;
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.send();
  }

  /* ↑ in an empty field, or in a question that it brought, brings the one before. */
  recallsBefore(event) {
    const asked = [...this.room.conversation.turns.values()].map((turn) => turn.question);
    const at = this.field.value ? asked.lastIndexOf(this.field.value) : asked.length;
    if (at < 1) return false;
    event.preventDefault();
    this.fill(asked[at - 1]);
    return true;
  }

  fill(question) {
    this.field.value = question;
    this.changed();
    this.focus();
  }

  block(isBlocked) {
    this.isBlocked = isBlocked;
    this.changed();
  }

  send() {
    const question = this.field.value.trim();
    if (this.isBlocked) return this.room.notify("No source is chosen: tick one to ask.");
    if (!question || question.length > this.limit) return this.focus();
    if (!/[\p{L}\p{N}]/u.test(question)) return this.room.notify("Ask in words: there is nothing to search for yet.");
    if (this.room.conversation.running) {
      this.room.say("Your question is asked as soon as this answer is done.");
    }
    this.field.value = "";
    this.changed();
    return this.room.conversation.ask(question);
  }

  focus() { this.field.focus({ preventScroll: true }); }

  busy(running) {
    this.stop.hidden = !running;
    this.submit.hidden = running;
  }

  changed() {
    const length = this.field.value.trim().length;
    const isTooLong = length > this.limit;
    const figures = [length, this.limit].map((count) => count.toLocaleString("en"));
    this.excess.textContent = isTooLong ? `${figures[0]} of at most ${figures[1]} characters: shorten it to ask` : "";
    this.submit.disabled = isTooLong || Boolean(this.isBlocked);
    this.grow();
  }

  grow() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 180)}px`;
  }
}
