/* The reader's own documents: chosen or dropped, sent, listed, removed. */
const ROOM = new URL("../room/", import.meta.url).pathname; /* also below a proxy's path */
const ADDRESS = `${ROOM}documents`, PAGE_ADDRESS = `${ROOM}page`;
const MB = 1_000_000;

export class Desk {
  constructor(room) {
    this.room = room;
    this.panel = room.root.querySelector(".desk");
    this.list = this.panel.querySelector(".own");
    this.input = this.panel.querySelector("input[type=file]");
    this.curtain = room.root.querySelector(".drop");
    this.limit = +this.input.dataset.maxBytes;
    this.waiting = [];
    this.sending = false;
    this.input.addEventListener("change", () => { this.add([...this.input.files]); this.input.value = ""; });
    this.panel.addEventListener("submit", (event) => this.bring(event));
    this.listenForDrops();
    if (stored("askali-desk")) this.recall();
  }

  /* Made here, known to this tab alone, and asked for with every document. */
  get key() {
    let key = stored("askali-desk");
    if (!key) {
      const bytes = crypto.getRandomValues(new Uint8Array(16));
      key = this.made ??= [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      try { sessionStorage.setItem("askali-desk", key); } catch { /* kept for this page only */ }
    }
    return key;
  }

  /* Pasted text is a file named by its first words; a web page is fetched by the server. */
  bring(event) {
    event.preventDefault();
    const field = event.target.querySelector("input, textarea");
    const given = field.value.trim();
    if (!given) return field.focus();
    field.value = "";
    if (event.target.dataset.bring === "page") {
      const line = this.line(given);
      this.tell(line, "Next in turn");
      this.waiting.push({ file: null, line, address: `${PAGE_ADDRESS}?url=${encodeURIComponent(given)}` });
      return this.next();
    }
    const name = given.split(/\s+/).slice(0, 6).join(" ").slice(0, 60);
    return this.add([new File([given], `${name}.txt`, { type: "text/plain" })]);
  }

  listenForDrops() {
    let depth = 0;
    const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");
    const on = (name, act) => addEventListener(name, (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      act(event);
      this.curtain.hidden = depth === 0;
    });
    on("dragenter", () => { depth += 1; });
    on("dragover", () => {});
    on("dragleave", () => { depth = Math.max(0, depth - 1); });
    on("drop", (event) => {
      depth = 0;
      this.panel.open = true;
      this.add([...event.dataTransfer.files]);
    });
  }

  async recall() {
    try {
      const reply = await fetch(ADDRESS, { headers: { "x-askali-desk": this.key } });
      const { documents, html } = await reply.json();
      for (const entry of documents) this.took(entry, this.line(entry.title));
      this.front(html);
    } catch { /* the server is gone: the next question will say so */ }
  }

  add(files) {
    for (const file of files) {
      const line = this.line(file.name);
      if (file.size > this.limit) {
        this.failed(line, `larger than ${Math.floor(this.limit / MB)} MB; split it or choose another`);
      } else if (/^(image|audio|video)\//.test(file.type)) {
        this.failed(line, "not a text: only words can be read; choose another file");
      } else {
        this.tell(line, "Next in turn");
        this.waiting.push({ file, line });
      }
    }
    this.next();
  }

  next() {
    if (this.sending || !this.waiting.length) return;
    const { file, line, address } = this.waiting.shift();
    if (!line.isConnected) return this.next();
    this.sending = true;
    this.send(file, line, address ?? `${ADDRESS}?name=${encodeURIComponent(file.name)}`);
  }

  send(file, line, address) {
    const request = new XMLHttpRequest();
    const sent = pace("MB", MB);
    const read = pace("passages", 1);
    let seen = 0;
    const hear = () => {
      const lines = request.responseText.slice(seen).split("\n");
      seen = request.responseText.length - lines.pop().length;
      if (request.status === 200) lines.forEach((each) => this.hear(line, JSON.parse(each), read));
    };
    request.open("POST", address);
    request.setRequestHeader("x-askali-desk", this.key);
    request.setRequestHeader("content-type", "application/octet-stream");
    if (file) request.upload.onprogress = ({ loaded, total }) => this.tell(line, `Sending: ${sent(loaded, total)}`, loaded / total);
    request.onprogress = hear;
    request.onload = () => { hear(); this.ended(request, line); };
    request.onerror = () => { this.failed(line, "askali did not answer; is it still running?"); this.free(); };
    request.onabort = () => this.free();
    line.querySelector("[data-action]").onclick = () => { request.abort(); line.remove(); };
    this.tell(line, file ? "Sending" : "Fetching the page", 0);
    request.send(file);
  }

  hear(line, event, read) {
    const stages = {
      waiting: () => this.tell(line, "Waiting for another reader's file"),
      reading: () => this.tell(line, "Reading the file"),
      indexing: () => this.tell(line, `Reading: ${read(event.done, event.total)}`, event.done / event.total),
      done: () => this.done(line, event.documents),
      failed: () => this.failed(line, event.message),
      suggested: () => this.arrived(event.html),
    };
    stages[event.stage]?.();
  }

  /* Cards and questions of all own documents; the house's own step back. */
  front(html) {
    this.room.root.querySelector(".own-starters").innerHTML = html; /* escaped by turn_view.py */
    const asks = html.includes('class="suggestion"'); /* what gives no question leaves the others */
    this.room.root.querySelector(".starters").hidden = asks;
    this.room.root.querySelector(".house-card").hidden = Boolean(html);
  }

  /* In a conversation they stand under its last answer until something is asked. */
  arrived(html) {
    this.front(html);
    const turns = this.room.root.querySelector(".turns");
    if (!turns.children.length) return;
    const own = this.room.root.querySelector(".own-starters");
    turns.querySelector(".lead")?.classList.remove("lead"); /* no room below for another answer */
    turns.after(own);
    own.scrollIntoView({ block: "nearest" });
  }

  done(line, entries) {
    entries.slice(1).forEach((entry) => this.took(entry, this.line(entry.title)));
    this.took(entries[0], line);
    this.room.say(`${entries[0].title} can be asked now.`);
    this.room.article.open(entries[0].id);
    this.free();
  }

  ended(request, line) {
    if (request.status !== 200) {
      let message = `askali refused it (${request.status})`;
      try { message = JSON.parse(request.responseText).error.message; } catch { /* not ours */ }
      this.failed(line, message);
    } else if (line.classList.contains("coming")) {
      this.failed(line, "askali stopped in the middle; add it again");
    }
    this.free();
  }

  free() {
    this.sending = false;
    this.next();
  }

  line(name) {
    const line = document.createElement("li");
    line.className = "coming";
    const title = Object.assign(document.createElement("span"), { className: "name", textContent: name });
    const bar = Object.assign(document.createElement("progress"), { max: 1 });
    bar.setAttribute("aria-label", `Progress of ${name}`);
    const state = Object.assign(document.createElement("span"), { className: "state muted" });
    const button = Object.assign(document.createElement("button"), {
      type: "button", className: "plain", textContent: "Cancel", onclick: () => line.remove(),
    });
    button.dataset.action = "";
    line.append(title, button, bar, state);
    this.list.append(line);
    return line;
  }

  tell(line, state, share) {
    line.querySelector(".state").textContent = state;
    const bar = line.querySelector("progress");
    if (share === undefined) bar.removeAttribute("value");
    else bar.value = share;
  }

  failed(line, message) {
    line.className = "failed";
    line.querySelector("progress")?.remove();
    line.querySelector(".state").textContent = message;
    const button = line.querySelector("button");
    button.textContent = "Dismiss";
    button.onclick = () => line.remove();
    this.room.say(`${line.querySelector(".name").textContent}: ${message}`);
  }

  took(entry, line) {
    line.className = "here";
    line.dataset.document = entry.id;
    line.querySelector("progress").remove();
    line.querySelector(".name").textContent = entry.title;
    line.querySelector(".state").textContent = `${entry.chars.toLocaleString("en")} characters`;
    const button = line.querySelector("button");
    button.textContent = "Remove";
    button.setAttribute("aria-label", `Remove ${entry.title}`);
    button.onclick = () => this.remove(entry, line);
    this.room.sources.add(entry);
    this.count();
  }

  async remove(entry, line) {
    try {
      const address = `${ADDRESS}?id=${encodeURIComponent(entry.id)}`;
      const reply = await fetch(address, { method: "DELETE", headers: { "x-askali-desk": this.key } });
      this.front((await reply.json()).html ?? "");
    } catch {
      return this.room.notify("askali did not answer; is it still running?");
    }
    line.remove();
    this.room.sources.remove(entry.id);
    this.count();
    return this.room.notify(`${entry.title} is removed and forgotten.`);
  }

  count() {
    const count = this.list.querySelectorAll(".here").length;
    this.panel.querySelector(".count").textContent = count ? ` (${count})` : "";
  }
}

/* "1.2 of 3.4 MB, 0.8 MB/s, 3 s left", from the first that is done: before it, a model is loaded. */
export function pace(unit, size) {
  let since = null;
  return (done, total) => {
    if (done) since ??= { at: performance.now(), done };
    const seconds = since ? (performance.now() - since.at) / 1000 : 0;
    const rate = seconds > 0.3 ? (done - since.done) / seconds : 0;
    const shown = (count) => (size === 1 ? Math.round(count) : (count / size).toFixed(1));
    const parts = [`${shown(done)} of ${shown(total)} ${unit}`];
    if (rate) parts.push(`${(rate / size).toFixed(1)} ${unit}/s`, `${span((total - done) / rate)} left`);
    return parts.join(", ");
  };
}

function span(seconds) {
  return seconds > 90 ? `${Math.ceil(seconds / 60)} min` : `${Math.ceil(seconds)} s`;
}

function stored(name) {
  try { return sessionStorage.getItem(name); } catch { return null; }
}
