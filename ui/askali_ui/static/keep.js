/* Conversations, kept by this browser alone: in its own store where the reader wants that, else
   by the tab until it is closed. */
const LIST = "askali-talks", CURRENT = "askali-talk", KEEPS = "askali-keeps";
const slot = (id) => `askali-talk-${id}`;

export class Keeper {
  constructor(isShared) {
    this.isShared = isShared;
    this.id = read(sessionStorage, CURRENT) ?? fresh();
    write(sessionStorage, CURRENT, this.id);
  }

  /* Off by default where others use the same server. */
  get keeps() { return read(localStorage, KEEPS) ?? !this.isShared; }

  set keeps(value) {
    const turns = this.turns();
    write(localStorage, KEEPS, value);
    if (!value) for (const talk of read(localStorage, LIST) ?? []) erase(localStorage, slot(talk.id));
    if (!value) erase(localStorage, LIST);
    if (turns.length) this.save(turns);
  }

  get store() { return this.keeps ? localStorage : sessionStorage; }

  talks() { return read(this.store, LIST) ?? []; }

  turns(id = this.id) { return read(this.store, slot(id)) ?? []; }

  /* As many of the newest turns as there is room for; earlier conversations go first. */
  save(turns) {
    if (!turns.length) return this.remove(this.id);
    const others = this.talks().filter((talk) => talk.id !== this.id);
    const old = this.talks().find((talk) => talk.id === this.id);
    const name = old?.name ?? turns[0].question.slice(0, 120);
    let kept = turns;
    while (kept.length) {
      if (write(this.store, slot(this.id), kept)) break;
      const oldest = others.pop();
      if (oldest) erase(this.store, slot(oldest.id));
      else kept = kept.slice(Math.ceil(kept.length / 4));
    }
    return write(this.store, LIST, [{ id: this.id, name, at: Date.now() }, ...others]);
  }

  open(id = fresh()) {
    this.id = id;
    write(sessionStorage, CURRENT, id);
  }

  rename(id, name) {
    write(this.store, LIST, this.talks().map((talk) => (talk.id === id ? { ...talk, name } : talk)));
  }

  /* Gives what brings it back. */
  remove(id) {
    const talks = this.talks(), turns = this.turns(id);
    write(this.store, LIST, talks.filter((talk) => talk.id !== id));
    erase(this.store, slot(id));
    return () => { write(this.store, slot(id), turns); write(this.store, LIST, talks); };
  }
}

const fresh = () => `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;

function read(store, name) {
  try { return JSON.parse(store.getItem(name)); } catch { return null; }
}

function write(store, name, value) {
  try { store.setItem(name, JSON.stringify(value)); return true; } catch { return false; }
}

function erase(store, name) {
  try { store.removeItem(name); } catch { /* nothing was kept */ }
}
