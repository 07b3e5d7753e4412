/* What buttons and links do; each names its action in `data-action`. */
const actions = {
  ask: (room, button) => room.conversation.ask(button.textContent),
  again: (room, button) => room.conversation.ask(room.conversation.of(button).question),
  stop: (room) => room.conversation.stop(),
  copy: (room, button) => copy(room, button, room.conversation.of(button).copy),
  link: (room, button) => copy(room, button, linkTo(room.conversation.of(button).question)),
  save(room, button) {
    button.closest("details").open = false;
    const turns = room.conversation.answers();
    if (!turns.length) return room.notify("There is nothing to save yet: ask a question first.");
    return room.trigger("download", { format: button.dataset.format, turns, desk: room.desk.key });
  },
  theme(room, button) {
    const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    button.textContent = next === "dark" ? "Light theme" : "Dark theme";
    try { localStorage.setItem("askali-theme", next); } catch { /* private mode: for this page only */ }
  },
  new(room, button) {
    button.closest("details").open = false;
    room.conversation.clear();
  },
  only: (room, button) => room.sources.choose(button.closest(".one")),
  all: (room) => room.sources.choose(),
  print(room, button) {
    button.closest("details").open = false;
    print();
  },
  edit: (room, button) => room.composer.fill(room.conversation.of(button).question),
  "open-source": (room) => room.article.raise(),
  "close-source": (room) => room.article.close(),
  correct: (room, button) => correct(room, button.closest(".standalone")),
  feedback(room, button) {
    const turn = room.conversation.of(button);
    const note = turn.item.querySelector(".note").value;
    const history = room.conversation.history(turn);
    room.trigger("like", { id: turn.id, verdict: button.dataset.verdict, note, answer: turn.answer, history });
  },
};

export function act(room, event) {
  const link = event.target.closest("a[data-document]");
  if (link) {
    event.preventDefault();
    room.popover.hide();
    room.root.querySelectorAll(".chip[aria-current]").forEach((chip) => chip.removeAttribute("aria-current"));
    link.setAttribute("aria-current", "true");
    return room.article.show(link.dataset);
  }
  const button = event.target.closest("[data-action]");
  return button && actions[button.dataset.action]?.(room, button);
}

/* The same question, answered in another shape. */
export function changed(room, { target }) {
  const shape = target.closest(".answer-as select")?.value;
  if (shape) room.conversation.ask(room.conversation.of(target).question, shape);
}

export function keepFile(room, { name, type, content, message }) {
  if (message) return room.notify(message);
  const address = URL.createObjectURL(new Blob([content], { type: `${type};charset=utf-8` }));
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  return setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

const linkTo = (question) => `${location.origin}${location.pathname}?q=${encodeURIComponent(question)}`;

async function copy(room, button, text) {
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
    room.say("Copied.");
  } catch {
    button.textContent = "Copying is not allowed here";
  }
  setTimeout(() => { button.textContent = label; }, 2000);
}

function correct(room, line) {
  const turn = room.conversation.of(line);
  const form = Object.assign(document.createElement("form"), { className: "correct" });
  const field = Object.assign(document.createElement("input"), { type: "text", value: turn.standalone });
  field.setAttribute("aria-label", "The question as it is searched for");
  const button = Object.assign(document.createElement("button"), { type: "submit", className: "plain", textContent: "Ask this" });
  form.append(field, button);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (field.value.trim()) room.conversation.ask(field.value.trim());
    form.replaceWith(line);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    form.replaceWith(line);
    line.querySelector("button").focus();
  });
  line.replaceWith(form);
  field.focus();
}
