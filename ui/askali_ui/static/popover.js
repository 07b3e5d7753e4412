/* One small card: the quote behind a chip, or the answers that use a sentence. */
export class Popover {
  constructor(room) {
    this.card = room.root.querySelector(".popover");
    this.root = room.root;
    for (const [on, off] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
      room.root.addEventListener(on, (event) => {
        const chip = event.target.closest(".chip");
        if (chip) this.showQuote(chip);
      });
      room.root.addEventListener(off, (event) => { if (event.target.closest(".chip")) this.hide(); });
    }
    room.root.addEventListener("keydown", (event) => { if (event.key === "Escape") this.hide(); });
    room.root.addEventListener("click", (event) => {
      if (!event.target.closest(".popover, .cited")) this.hide();
    });
  }

  showQuote(chip) {
    const quote = Object.assign(document.createElement("blockquote"), { textContent: chip.dataset.quote });
    const where = Object.assign(document.createElement("p"), { textContent: chip.dataset.where });
    this.fill(chip, quote, where);
    this.card.setAttribute("role", "tooltip");
  }

  showUses(span, uses, go) {
    const title = Object.assign(document.createElement("p"), { textContent: "Used by" });
    const buttons = uses.map((use) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "use" });
      button.textContent = `[${use.number}] ${use.turn.question}`;
      button.addEventListener("click", () => go(use));
      return button;
    });
    this.fill(span, title, ...buttons);
    this.card.setAttribute("role", "dialog");
    this.card.setAttribute("aria-label", "Answers that use this sentence");
    buttons[0]?.focus({ preventScroll: true });
  }

  fill(anchor, ...content) {
    this.card.replaceChildren(...content);
    this.card.hidden = false;
    const at = anchor.getClientRects()[0] ?? anchor.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.card;
    const left = Math.max(12, Math.min(at.left, innerWidth - width - 12));
    const above = at.top - height - 8;
    this.card.style.left = `${left}px`;
    this.card.style.top = `${above > 8 ? above : at.bottom + 8}px`;
  }

  hide() { this.card.hidden = true; }
}
