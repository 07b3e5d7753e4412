/* One small card: the quote behind a chip, or the answers that use a sentence. */
const GRACE_MS = 200; /* for the way from a chip to its card */

export class Popover {
  constructor(room) {
    this.card = room.root.querySelector(".popover");
    this.around = (span) => room.article.around(span);
    this.listenForChips(room.root);
    room.root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.card.hidden) return;
      event.stopImmediatePropagation(); /* one thing at a time: what is behind stays open */
      this.hide();
    });
    room.root.addEventListener("click", (event) => {
      if (!event.target.closest(".popover, .cited")) this.hide();
    });
    room.root.addEventListener("scroll", ({ target }) => {
      if (target.contains(this.anchor) && this.hasMoved()) this.hide();
    }, true);
  }

  listenForChips(root) {
    for (const [on, off] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
      root.addEventListener(on, ({ target }) => {
        const chip = target.closest(".chip");
        if (chip && !this.isSilent) this.showQuote(chip);
        else if (target.closest(".popover")) clearTimeout(this.leaving);
      });
      root.addEventListener(off, ({ target }) => {
        const isLeft = target.closest(".chip, .popover") && (off === "focusout" || this.isQuote);
        if (!isLeft) return;
        clearTimeout(this.leaving); /* a mouse and a finger both leave: one timer */
        this.leaving = setTimeout(() => this.hide(), GRACE_MS);
      });
    }
  }

  /* A scroll that ended before the card came is heard after it. */
  hasMoved() {
    const now = place(this.anchor);
    return Math.abs(now.top - this.at.top) + Math.abs(now.left - this.at.left) > 4;
  }

  /* Focus comes back without opening a card. */
  silently(act) {
    this.isSilent = true;
    act();
    this.isSilent = false;
  }

  get isQuote() { return this.card.getAttribute("role") === "tooltip"; }

  showQuote(chip) {
    const [before, after] = this.around(chip.dataset);
    const quote = document.createElement("blockquote");
    const words = Object.assign(document.createElement("strong"), { textContent: chip.dataset.quote });
    quote.append(before && `${before} `, words, after && ` ${after}`);
    const where = Object.assign(document.createElement("p"), { textContent: chip.dataset.where });
    this.card.setAttribute("role", "tooltip");
    this.card.removeAttribute("aria-label");
    this.fill(chip, quote, where);
  }

  showUses(span, uses, go) {
    const title = Object.assign(document.createElement("p"), { textContent: "Used by" });
    const buttons = uses.map((use) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "use" });
      button.textContent = `[${use.number}] ${use.turn.question}`;
      button.addEventListener("click", () => go(use));
      return button;
    });
    this.card.setAttribute("role", "dialog");
    this.card.setAttribute("aria-label", "Answers that use this sentence");
    this.fill(span, title, ...buttons);
    buttons[0]?.focus({ preventScroll: true });
  }

  fill(anchor, ...content) {
    clearTimeout(this.leaving);
    this.anchor = anchor;
    this.card.replaceChildren(...content);
    this.card.hidden = false;
    this.card.scrollTop = 0;
    const at = this.at = place(anchor);
    const { offsetWidth: width, offsetHeight: height } = this.card;
    const left = Math.max(12, Math.min(at.left, innerWidth - width - 12));
    const above = at.top - height - 8;
    const below = Math.min(at.bottom + 8, innerHeight - height - 8);
    this.card.style.left = `${left}px`;
    const fitsBelow = at.bottom + 8 + height < innerHeight - 8;
    this.card.style.top = `${fitsBelow || above <= 8 ? below : above}px`;
  }

  /* Whoever was inside comes back to where the card came from. */
  hide() {
    clearTimeout(this.leaving);
    if (this.card.contains(document.activeElement)) this.anchor.focus({ preventScroll: true });
    this.card.hidden = true;
  }
}

const place = (anchor) => anchor.getClientRects()[0] ?? anchor.getBoundingClientRect();
