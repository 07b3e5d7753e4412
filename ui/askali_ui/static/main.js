/* Starts the page and hears the server: one call per message, in order. */
import { Article } from "./article.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { Desk } from "./desk.js";
import { History } from "./history.js";
import { Keeper } from "./keep.js";
import { movePanes } from "./panes.js";
import { Popover } from "./popover.js";
import { Sources } from "./sources.js";
import { act, changed, keepFile } from "./actions.js";

const room = {};

const hears = {
  start(element, props, trigger) {
    const root = element.querySelector(".askali-root");
    root.innerHTML = props.value; /* rendered and escaped by render.py */
    room.root = root.firstElementChild;
    room.trigger = trigger;
    room.say = (message) => { room.root.querySelector("#said").textContent = message; };
    room.notify = notify;
    room.popover = new Popover(room);
    room.article = new Article(room);
    room.sources = new Sources(room);
    room.composer = new Composer(room);
    const keeper = new Keeper(room.root.querySelector(".history").dataset.shared === "true");
    room.conversation = new Conversation(room, keeper);
    room.history = new History(room, keeper);
    movePanes(room.root);
    room.desk = new Desk(room);
    room.root.addEventListener("click", (event) => act(room, event));
    room.root.addEventListener("change", (event) => changed(room, event));
    room.root.addEventListener("toggle", opened, true);
    closeMenusOutside();
    trigger("focus", {});
    room.conversation.recall();
    labelTheme();
    askFromAddress();
  },
  turn: (value) => value && room.conversation.update(value),
  paper: (value) => value && room.article.arrived(value),
  file: (value) => value && keepFile(room, value),
  said: (value) => value && room.conversation.judged(value),
  starters(value) {
    if (!value) return; /* both escaped by turn_view.py and card.py */
    room.root.querySelector(".starters").innerHTML = value.html;
    room.root.querySelector(".house-card").innerHTML = value.card;
  },
};

/* What unfolds below an answer comes into view. */
function opened({ target }) {
  if (!target.open || !target.closest(".turn")) return;
  const isTall = target.offsetHeight > target.closest(".scroll").clientHeight * 0.9;
  target.scrollIntoView({ block: isTall ? "start" : "nearest" });
}

function labelTheme() {
  const dark = document.documentElement.dataset.theme === "dark";
  room.root.querySelector("[data-action=theme]").textContent = dark ? "Light theme" : "Dark theme";
}

/* One line that everyone sees for a while, and that is read aloud. */
function notify(message, undo) {
  const toast = room.root.querySelector(".toast");
  toast.textContent = message;
  if (undo) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Undo" });
    button.addEventListener("click", () => { toast.hidden = true; undo(); });
    toast.append(" ", button);
  }
  toast.hidden = false;
  room.say(message);
  clearTimeout(room.toasting);
  room.toasting = setTimeout(() => { toast.hidden = true; }, undo ? 12_000 : 6000);
}

function closeMenusOutside() {
  const menus = [...room.root.querySelectorAll(".menu")];
  document.addEventListener("click", (event) => {
    for (const menu of menus) {
      const isBusy = menu === room.desk.panel && room.desk.sending; /* its progress stays in sight */
      if (!isBusy && !event.composedPath().includes(menu)) menu.open = false;
    }
  });
  for (const menu of menus) menu.addEventListener("toggle", () => {
    for (const other of menu.open ? menus : []) if (other !== menu) other.open = false;
  });
  room.root.addEventListener("keydown", (event) => {
    if (walksMenu(event, menus)) return event.preventDefault();
    if (event.key !== "Escape") return;
    for (const menu of menus.filter((each) => each.open)) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

/* ↓ and ↑ go through an open menu's entries; ↓ on a menu that is shut opens it. */
function walksMenu({ key, target }, menus) {
  const menu = menus.find((each) => each.contains(target));
  const step = { ArrowDown: 1, ArrowUp: -1 }[key];
  if (!menu || !step || target.matches("input[type=text], textarea")) return false;
  if (!menu.open && step < 0) return false;
  menu.open = true;
  const entries = [menu.querySelector("summary"), ...menu.querySelectorAll(".menu-body :is(button, input:not(.sr))")]
    .filter((entry) => entry.checkVisibility());
  entries[(entries.indexOf(target) + step + entries.length) % entries.length].focus();
  return true;
}

function askFromAddress() {
  const question = new URLSearchParams(location.search).get("q");
  if (question && !room.conversation.has(question)) room.conversation.ask(question);
  else if (matchMedia("(min-width: 900px)").matches) room.composer.focus();
}

window.askaliDrain = () => {
  while (window.askaliCalls?.length) {
    const [name, ...rest] = window.askaliCalls.shift();
    hears[name](...rest);
  }
};
window.askaliDrain();
