/* Set the theme before the first paint: the reader's choice, else the system's. */
(() => {
  const chosen = (() => { try { return localStorage.getItem("askali-theme"); } catch { return null; } })();
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  document.documentElement.dataset.theme = chosen || system;
})();
