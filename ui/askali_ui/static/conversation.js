const REMEMBERED_TURNS = 6;
const MAX_TURNS = 100;
const WATCH_MS = 5000;
const PATIENCE_S = 10;
const LOST = `<div class="notice error" role="alert"><h3>askali does not answer</h3>
  <p>It was stopped, or the connection is gone. What you see here stays; start it again, then ask again.</p>
  <button type="button" class="plain" data-action="again">Ask again</button></div>`;

/* Turns: each has its own numbers, its own state, and is replaced as its answer grows. */
export class Conversation {
  constructor(room, keeper) {
    this.room = room;
    this.keeper = keeper;
    this.list = room.root.querySelector(".turns");
    this.scroll = room.root.querySelector(".scroll");
    this.waiting = [];
    this.running = null;
    this.turns = new Map();
  }

  ask(question, shape) {
    const id = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
    this.welcome(false);
    const turn = { id, question, item: this.add(id, question), within: this.room.sources.chosen(), shape };
    this.turns.set(id, turn);
    this.lead(turn.item);
    this.title();
    this.waiting.push(turn);
    this.keep();
    this.next();
  }

  next() {
    if (this.running || !this.waiting.length) return;
    const turn = this.running = this.waiting.shift();
    turn.asked = performance.now();
    this.room.composer.busy(true);
    const { id, question, within, shape } = turn;
    this.room.trigger("submit", { id, question, within, shape, history: this.history(turn), desk: this.room.desk.key });
    this.show(turn, "Searching the source");
    this.room.say("Searching the source");
    this.watch(turn);
    this.count(turn);
  }

  /* Seconds, seen from the second on; heard once more when it takes long. */
  count(turn) {
    setTimeout(() => {
      if (this.running !== turn) return;
      const seconds = Math.round((performance.now() - turn.asked) / 1000);
      turn.item.querySelector(".seconds").textContent = seconds > 1 ? ` · ${seconds} s` : "";
      if (seconds === PATIENCE_S) this.room.say(`Still at it. ${turn.stage}`);
      this.count(turn);
    }, 1000);
  }

  /* A server that is gone says nothing: look whether it is still there. */
  watch(turn) {
    setTimeout(async () => {
      if (this.running !== turn) return;
      try {
        await fetch(new URL("icon.svg", import.meta.url), { cache: "no-store" });
        this.watch(turn);
      } catch {
        this.update({ id: turn.id, stage: "", html: LOST, state: "failed" });
      }
    }, WATCH_MS);
  }

  add(id, question) {
    const item = document.createElement("li");
    item.className = "turn";
    item.dataset.turn = id;
    const asked = Object.assign(document.createElement("h2"), { className: "asked", textContent: question });
    const stage = Object.assign(document.createElement("p"), { className: "stage" });
    const words = Object.assign(document.createElement("span"), { className: "words" });
    words.textContent = this.running ? "Next in turn" : "";
    const meter = Object.assign(document.createElement("progress"), { max: 1, hidden: true });
    meter.setAttribute("aria-label", "Passages read");
    stage.append(words, Object.assign(document.createElement("span"), { className: "seconds" }), meter);
    stage.hidden = !this.running;
    const answer = Object.assign(document.createElement("div"), { className: "answer" });
    item.append(asked, stage, answer);
    this.list.append(item);
    if (asked.scrollHeight > asked.clientHeight) asked.tabIndex = 0;
    return item;
  }

  /* A question comes to the top, with room below for its answer. One that waits for its
     turn comes into view at the end, so that the answer being read stays where it is. */
  lead(item) {
    if (this.running) return item.scrollIntoView({ block: "nearest" });
    this.list.querySelector(".lead")?.classList.remove("lead");
    item.classList.add("lead");
    return item.scrollIntoView({ block: "start" });
  }

  show(turn, stage) {
    turn.item.querySelector(".words").textContent = stage;
    turn.item.querySelector(".stage").hidden = !stage;
    const meter = turn.item.querySelector(".stage progress");
    meter.hidden = !turn.read;
    if (turn.read) meter.value = turn.read[0] / turn.read[1];
    turn.item.classList.toggle("running", Boolean(stage));
  }

  update(value) {
    const turn = this.turns.get(value.id);
    if (!turn || turn.state === "stopped" || turn.state === "done") return;
    if (value.stage.startsWith("Reading") && !turn.heard) {
      turn.heard = true;
      this.room.say(value.stage);
    }
    Object.assign(turn, value);
    turn.evidenceMs ??= value.stage.startsWith("Reading") ? performance.now() - turn.asked : undefined;
    this.draw(turn);
    if (!turn.hasPeeked && turn.item.querySelector(".first-look")) {
      turn.hasPeeked = true;
      this.room.article.peek(turn);
    }
    if (value.state !== "running") this.finish(turn);
  }

  draw(turn) {
    this.show(turn, turn.stage);
    turn.item.querySelector(".answer").innerHTML = turn.html ?? ""; /* escaped by html.py */
    /* A sentence of another source is not on the page yet: the pane that will show it is. */
    for (const link of turn.item.querySelectorAll("a[data-document]")) link.setAttribute("href", "#source");
    this.tables(turn);
    this.standalone(turn);
  }

  /* The turns before one, for what a follow-up leans on. */
  history(until) {
    const all = [...this.turns.values()];
    const before = all.slice(0, all.indexOf(until)).filter((turn) => turn.answer);
    return before.slice(-REMEMBERED_TURNS).flatMap(({ answer }) => [
      { role: "user", content: answer.question }, { role: "assistant", content: answer.text },
    ]);
  }

  answers() {
    const done = [...this.turns.values()].filter((turn) => turn.answer);
    return done.slice(-MAX_TURNS).map(({ id, answer }) => ({ id, answer }));
  }

  has(question) { return [...this.turns.values()].some((turn) => turn.question === question); }

  welcome(isShown) {
    const { root } = this.room;
    root.querySelector(".welcome").hidden = !isShown;
    root.querySelector(".house-card").before(root.querySelector(".own-starters"));
  }

  keep() {
    this.keeper.save([...this.turns.values()].map(({ item, within, asked, ...turn }) => turn));
    this.room.history.draw();
  }

  /* A table that is wider than its column can be scrolled by keyboard, and shows that it goes on. */
  tables(turn) {
    for (const table of turn.item.querySelectorAll(".table")) {
      if (table.scrollWidth <= table.clientWidth) continue;
      table.tabIndex = 0;
      table.setAttribute("role", "group");
      table.setAttribute("aria-label", "Table, scrolls sideways");
    }
  }

  title() {
    const first = this.turns.values().next().value?.question;
    document.title = first ? `${first.length > 60 ? `${first.slice(0, 60)}…` : first} · askali` : "askali";
  }

  /* Another conversation, or a new one; the one that was open stays in the list. */
  change(id) {
    this.waiting = [];
    this.stop();
    this.turns.clear();
    this.list.replaceChildren();
    this.room.article.clear();
    this.keeper.open(id);
    history.replaceState(null, "", location.pathname);
    this.recall();
    this.title();
    this.room.composer.focus();
  }

  /* After a reload: the same turns, without asking anything again. */
  recall() {
    for (const turn of this.keeper.turns()) {
      turn.item = this.add(turn.id, turn.question);
      this.turns.set(turn.id, turn);
      if (turn.html) this.draw(turn);
      if (turn.state === "done") this.room.article.cite(turn);
      else if (turn.state !== "failed") this.stopped(turn);
      turn.item.dataset.ms = Math.round(turn.finishedMs ?? 0);
    }
    this.welcome(!this.turns.size);
    this.title();
    if (this.turns.size) this.lead(this.list.lastElementChild);
  }

  clear() {
    const before = this.turns.size && this.keeper.id;
    this.change();
    if (before) this.room.notify("A new conversation. The last one is kept under History.", () => this.change(before));
  }

  /* What was searched for, where it differs from what was typed; it can be corrected. */
  standalone(turn) {
    const text = turn.standalone;
    if (!text || same(text, turn.question) || turn.item.querySelector(".standalone")) return;
    const line = Object.assign(document.createElement("p"), { className: "standalone" });
    const words = Object.assign(document.createElement("span"), { textContent: `Understood as: ${text}` });
    const button = Object.assign(document.createElement("button"), {
      type: "button", className: "plain", textContent: "Change",
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
    if (turn.state === "done") {
      this.room.article.cite(turn);
      this.room.article.peek(turn);
    }
    if (!turn.item.matches(".lead")) turn.item.scrollIntoView({ block: "nearest" });
    this.announce(turn);
    this.keep();
    this.next();
  }

  announce(turn) {
    this.room.say(turn.state === "done" ? turn.say : "The question was not answered.");
  }

  stop() {
    const turn = this.running;
    if (!turn) return;
    this.room.trigger("stop", {});
    this.stopped(turn);
    this.finish(turn);
  }

  stopped(turn) {
    turn.state = "stopped";
    turn.item.querySelector(".answer").querySelector("[data-action=again]")?.remove();
    const note = '<p class="muted">Stopped.</p><button type="button" class="plain" data-action="again">Ask again</button>';
    turn.item.querySelector(".answer").insertAdjacentHTML("beforeend", note);
    this.show(turn, "");
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
