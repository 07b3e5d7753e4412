/* Starts the page and hears the server: one call per message, in order. */
import { Article } from "./article.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { Popover } from "./popover.js";
import { act, keepFile } from "./actions.js";

const room = {};

const hears = {
  start(element, props, trigger) {
    const root = element.querySelector(".askali-root");
    root.innerHTML = props.value; /* rendered and escaped by render.py */
    room.root = root.firstElementChild;
    room.trigger = trigger;
    room.say = (message) => { room.root.querySelector("#said").textContent = message; };
    room.popover = new Popover(room);
    room.article = new Article(room);
    room.conversation = new Conversation(room);
    room.composer = new Composer(room);
    room.root.addEventListener("click", (event) => act(room, event));
    trigger("focus", {});
    labelTheme();
    askFromAddress();
  },
  turn: (value) => value && room.conversation.update(value),
  paper: (value) => value && room.article.arrived(value),
  file: (value) => value && keepFile(value),
  said: (value) => value && room.conversation.judged(value),
  starters(value) {
    if (value) room.root.querySelector(".starters").innerHTML = value.html;
  },
};

function labelTheme() {
  const dark = document.documentElement.dataset.theme === "dark";
  room.root.querySelector("[data-action=theme]").textContent = dark ? "Light" : "Dark";
}

function askFromAddress() {
  const question = new URLSearchParams(location.search).get("q");
  if (question) room.conversation.ask(question);
  else if (matchMedia("(min-width: 900px)").matches) room.composer.focus();
}

window.askaliDrain = () => {
  while (window.askaliCalls?.length) {
    const [name, ...rest] = window.askaliCalls.shift();
    hears[name](...rest);
  }
};
window.askaliDrain();
