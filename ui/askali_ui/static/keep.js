/* What a tab remembers over a reload. Only the browser has it; closing the tab forgets it. */
const NAME = "askali-conversation";

export function kept() {
  try { return JSON.parse(sessionStorage.getItem(NAME)) ?? []; } catch { return []; }
}

/* Keeps as many of the newest turns as the browser has room for. */
export function keep(turns) {
  for (let from = 0; from <= turns.length; from += Math.max(1, Math.ceil((turns.length - from) / 4))) {
    try {
      sessionStorage.setItem(NAME, JSON.stringify(turns.slice(from)));
      return;
    } catch { /* full: leave the oldest out */ }
    if (from === turns.length) return;
  }
}

export function forget() {
  try { sessionStorage.removeItem(NAME); } catch { /* nothing was kept */ }
}
