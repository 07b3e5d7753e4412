/* The question field: Enter asks, it grows with its text, and stays usable meanwhile. */
export class Composer {
  constructor(room) {
    this.room = room;
    this.form = room.root.querySelector(".composer");
    this.field = this.form.querySelector("textarea");
    this.stop = this.form.querySelector("[data-action=stop]");
    this.submit = this.form.querySelector("[type=submit]");
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.send(); });
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.field.addEventListener("input", () => this.grow());
  }

  key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.send();
  }

  send() {
    const question = this.field.value.trim();
    if (!question) return this.focus();
    if (this.room.conversation.running) {
      this.room.say("Your question is asked as soon as this answer is done.");
    }
    this.field.value = "";
    this.grow();
    this.room.conversation.ask(question);
  }

  focus() { this.field.focus({ preventScroll: true }); }

  busy(running) {
    this.stop.hidden = !running;
    this.submit.hidden = running;
  }

  grow() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 180)}px`;
  }
}
