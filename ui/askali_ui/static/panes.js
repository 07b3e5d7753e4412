/* The bar between the panes is dragged, or moved by arrow keys; where it stood is remembered. */
const NAME = "askali-panes";

export function movePanes(root) {
  const room = root.querySelector(".room"), bar = root.querySelector(".divider");
  const set = (share) => {
    const kept = Math.round(Math.min(75, Math.max(25, share)));
    room.style.setProperty("--talk", `${kept}%`);
    bar.setAttribute("aria-valuenow", kept);
    try { localStorage.setItem(NAME, kept); } catch { /* for this page only */ }
  };
  try { if (localStorage.getItem(NAME)) set(+localStorage.getItem(NAME)); } catch { /* as it comes */ }
  bar.addEventListener("pointerdown", (event) => {
    bar.setPointerCapture(event.pointerId);
    const move = ({ clientX }) => set((100 * clientX) / innerWidth);
    bar.addEventListener("pointermove", move);
    bar.addEventListener("pointerup", () => bar.removeEventListener("pointermove", move), { once: true });
  });
  bar.addEventListener("keydown", ({ key }) => {
    const step = { ArrowLeft: -3, ArrowRight: 3 }[key];
    if (step) set(+bar.getAttribute("aria-valuenow") + step);
  });
  bar.addEventListener("dblclick", () => set(47));
}
