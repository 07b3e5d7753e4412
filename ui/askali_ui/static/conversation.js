/* Turns: each has its own numbers, its own state, and is replaced as its answer grows. */
export class Conversation {
  constructor(room) {
    this.room = room;
    this.list = room.root.querySelector(".turns");
    this.scroll = room.root.querySelector(".scroll");
    this.waiting = [];
    this.running = null;
    this.turns = new Map();
  }

  ask(question) {
    const id = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
    const turn = { id, question, item: this.add(id, question), within: this.room.composer.within() };
    this.turns.set(id, turn);
    this.room.root.querySelector(".welcome").hidden = true;
    this.waiting.push(turn);
    this.next();
  }

  next() {
    if (this.running || !this.waiting.length) return;
    const turn = this.running = this.waiting.shift();
    turn.asked = performance.now();
    this.room.composer.busy(true);
    this.room.trigger("submit", { id: turn.id, question: turn.question, within: turn.within });
    this.show(turn, "Searching the source");
  }

  add(id, question) {
    const item = document.createElement("li");
    item.className = "turn";
    item.dataset.turn = id;
    const asked = Object.assign(document.createElement("h2"), { className: "asked" });
    asked.textContent = question;
    const stage = Object.assign(document.createElement("p"), { className: "stage" });
    stage.textContent = this.running ? "Next in turn" : "";
    const answer = Object.assign(document.createElement("div"), { className: "answer" });
    item.append(asked, stage, answer);
    this.list.append(item);
    item.scrollIntoView({ block: "start" });
    return item;
  }

  show(turn, stage) {
    turn.item.querySelector(".stage").textContent = stage;
    turn.item.classList.toggle("running", Boolean(stage));
  }

  update(value) {
    const turn = this.turns.get(value.id);
    if (!turn || turn.state === "stopped" || turn.state === "done") return;
    Object.assign(turn, value);
    turn.evidenceMs ??= value.stage.startsWith("Reading") ? performance.now() - turn.asked : undefined;
    this.show(turn, value.stage);
    turn.item.querySelector(".answer").innerHTML = value.html; /* escaped by render.py */
    this.standalone(turn);
    if (value.state !== "running") this.finish(turn);
  }

  /* What was searched for, where it differs from what was typed; it can be corrected. */
  standalone(turn) {
    const text = turn.standalone;
    if (!text || same(text, turn.question) || turn.item.querySelector(".standalone")) return;
    const line = Object.assign(document.createElement("p"), { className: "standalone" });
    const words = Object.assign(document.createElement("span"), { textContent: `Understood as: ${text}` });
    const button = Object.assign(document.createElement("button"), {
      type: "button", className: "plain", textContent: "Correct",
    });
    button.dataset.action = "correct";
    line.append(words, " ", button);
    turn.item.querySelector(".asked").after(line);
  }

  finish(turn) {
    turn.finishedMs = performance.now() - turn.asked;
    turn.item.dataset.ms = Math.round(turn.finishedMs);
    turn.item.dataset.evidenceMs = Math.round(turn.evidenceMs ?? turn.finishedMs);
    this.running = null;
    this.room.composer.busy(false);
    if (turn.state === "done") this.room.article.cite(turn);
    this.announce(turn);
    this.next();
  }

  announce(turn) {
    const count = turn.item.querySelectorAll(".claim .chip").length;
    const what = turn.abstained ? "No answer in the source." : `Answer with ${count} citations.`;
    this.room.say(turn.state === "done" ? what : "The question was not answered.");
  }

  stop() {
    const turn = this.running;
    if (!turn) return;
    this.room.trigger("stop", {});
    turn.state = "stopped";
    const note = '<p class="muted">Stopped.</p><button type="button" class="plain" data-action="again">Ask again</button>';
    turn.item.querySelector(".answer").insertAdjacentHTML("beforeend", note);
    this.show(turn, "");
    this.finish(turn);
  }

  judged({ id, saved, message }) {
    const item = this.turns.get(id)?.item;
    if (!item) return;
    item.querySelector(".saved").textContent = message;
    item.querySelectorAll("[data-verdict]").forEach((button) => { button.disabled = saved; });
  }

  of(element) { return this.turns.get(element.closest(".turn")?.dataset.turn); }
}

const same = (a, b) => a.toLowerCase().replace(/[\s?.!]+/g, " ").trim() === b.toLowerCase().replace(/[\s?.!]+/g, " ").trim();
