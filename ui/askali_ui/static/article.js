const PHONE = matchMedia("(max-width: 899px)");

/* The source beside the chat: highlight a span, and tell which answers used a sentence. */
export class Article {
  constructor(room) {
    this.room = room;
    this.pane = room.root.querySelector(".reading");
    this.pages = this.pane.querySelector(".pages");
    this.papers = new Map();
    this.uses = [];
    this.keep(this.pages.firstElementChild);
    this.pages.addEventListener("click", (event) => this.clicked(event));
    this.pages.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") this.clicked(event);
    });
    room.root.addEventListener("keydown", (event) => { if (event.key === "Escape") this.close(); });
    room.root.addEventListener("click", ({ target }) => {
      if (!target.closest(".reading, .popover, .bar, a[data-document]")) this.close();
    });
    this.rail = this.pane.querySelector(".rail");
    addEventListener("resize", () => this.marks());
    addEventListener("popstate", () => this.lower());
    PHONE.addEventListener("change", () => this.lower());
  }

  keep(paper) { this.papers.set(paper.dataset.document, paper); }

  get shown() { return this.pages.firstElementChild; }

  open(id, then = () => {}) {
    if (this.shown?.dataset.document === id) return then();
    const paper = this.papers.get(id);
    if (!paper) {
      this.then = { id, then };
      return this.room.trigger("select", { document: id, desk: this.room.desk.key });
    }
    this.shown.readAt = this.pages.scrollTop;
    this.pages.replaceChildren(paper);
    this.pages.scrollTop = paper.readAt ?? 0;
    this.room.sources.opened(id);
    this.mark();
    return then();
  }

  arrived({ id, html }) {
    const holder = document.createElement("template");
    holder.innerHTML = html; /* escaped by article.py */
    if (!holder.content.firstElementChild) {
      return this.room.notify("This source is not here any more. Add it again to read it.");
    }
    this.keep(holder.content.firstElementChild);
    const then = this.then?.id === id ? this.then.then : () => {};
    return this.open(id, then);
  }

  forget(id) { this.papers.delete(id); }

  /* No answer uses any sentence any more. */
  clear() {
    this.uses = [];
    for (const paper of this.papers.values()) {
      for (const span of paper.querySelectorAll(".cited, .lit")) {
        span.classList.remove("cited", "lit");
        for (const name of ["tabindex", "role", "title"]) span.removeAttribute(name);
      }
    }
    this.rail.replaceChildren();
  }

  /* Scroll to a span and highlight it; on a phone the sheet comes up. */
  show({ document: id, start, end }) {
    this.open(id, () => {
      this.raise();
      const lit = this.light(+start, +end);
      if (!lit.length) return;
      lit[0].tabIndex = 0;
      this.room.say(`In the source: ${lit.map(plain).join("")}`);
    });
  }

  light(start, end) {
    this.pages.querySelectorAll(".lit").forEach((span) => span.classList.remove("lit"));
    const lit = this.within(start, end);
    lit.forEach((span) => span.classList.add("lit"));
    if (!lit.length) return lit;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const tall = lit[0].parentElement.offsetHeight > this.pages.clientHeight * 0.6;
    lit[0].scrollIntoView({ block: tall ? "start" : "center", behavior: calm ? "auto" : "smooth" });
    return lit;
  }

  /* The answer's first citation comes into view by itself; a phone's sheet stays down. */
  peek(turn) {
    const chip = turn.item.querySelector(".claim td .chip") /* no names of columns */
      ?? turn.item.querySelector(".claim .chip, .nearest .go");
    if (!chip || PHONE.matches) return;
    const { document: id, start, end } = chip.dataset;
    if (!this.papers.has(id) && !this.room.sources.has(id)) return;
    this.open(id, () => this.light(+start, +end));
  }

  /* Where, in the whole source, the cited sentences stand. */
  marks() {
    const height = this.pages.scrollHeight;
    const top = this.pages.getBoundingClientRect().top - this.pages.scrollTop;
    this.rail.style.top = `${this.pages.offsetTop}px`;
    const seen = new Set();
    this.rail.replaceChildren(...[...this.shown.querySelectorAll(".cited")].flatMap((span) => {
      const at = Math.round((1000 * (span.getBoundingClientRect().top - top)) / height) / 10;
      if (seen.has(at)) return [];
      seen.add(at);
      const mark = document.createElement("i");
      mark.style.top = `${at}%`;
      mark.addEventListener("click", () => span.scrollIntoView({ block: "center" }));
      return [mark];
    }));
  }

  /* The sentences before and after a span, where its paper is here. */
  around({ document: id, start, end }) {
    const spans = [...(this.papers.get(id)?.querySelectorAll("span.s") ?? [])];
    const before = spans.findLast((span) => +span.dataset.end <= +start);
    const after = spans.find((span) => +span.dataset.start >= +end);
    const near = (span, gap) => (span && gap < 3 ? plain(span) : "");
    return [near(before, start - before?.dataset.end), near(after, after?.dataset.start - end)];
  }

  within(start, end) {
    return [...this.shown.querySelectorAll(".s, .g")].filter(
      (span) => +span.dataset.start >= start && +span.dataset.end <= end);
  }

  get isUp() { return this.pane.classList.contains("up"); }

  /* On a phone the source is a sheet over the chat, and the back button puts it away. */
  raise() {
    if (this.isUp || !PHONE.matches) return;
    this.opener = document.activeElement;
    history.pushState(null, "");
    this.set(true);
    this.pane.querySelector(".close").focus({ preventScroll: true });
  }

  close() { if (this.isUp) history.back(); }

  lower() {
    if (!this.isUp) return;
    this.set(false);
    this.room.popover.silently(() => this.opener?.focus({ preventScroll: true }));
  }

  set(isUp) {
    this.pane.classList.toggle("up", isUp);
    this.room.root.querySelector(".talk").inert = isUp;
  }

  /* Remember what an answer cites, so that a sentence can name its answers. */
  cite(turn) {
    for (const chip of turn.item.querySelectorAll(".claim .chip")) {
      const { document: id, start, end, number } = chip.dataset;
      this.uses.push({ id, start: +start, end: +end, number, turn });
    }
    this.mark();
  }

  mark() {
    for (const use of this.uses.filter((u) => u.id === this.shown.dataset.document)) {
      for (const span of this.within(use.start, use.end)) {
        if (!span.classList.contains("s")) continue;
        span.classList.add("cited");
        span.tabIndex = 0;
        span.setAttribute("role", "button");
        span.title = "Show the answers that use this sentence";
      }
    }
    this.marks();
  }

  clicked(event) {
    const span = event.target.closest(".cited");
    if (!span) return;
    event.preventDefault();
    const at = +span.dataset.start;
    const uses = this.uses.filter((use) => use.id === this.shown.dataset.document && use.start <= at && at < use.end);
    this.room.popover.showUses(span, uses, (use) => this.toAnswer(use));
  }

  toAnswer({ turn, number }) {
    this.opener = turn.item.querySelector(`.claim .chip[data-number="${number}"]`);
    (this.opener ?? turn.item).scrollIntoView({ block: "center" });
    this.room.popover.silently(() => this.opener?.focus({ preventScroll: true }));
    this.room.popover.hide();
    this.close();
  }
}

/* Text as it is seen: the marks of Markdown are there, but hidden. */
export function plain(element) {
  const copy = element.cloneNode(true);
  copy.querySelectorAll(".edge").forEach((mark) => mark.remove());
  return copy.textContent;
}
