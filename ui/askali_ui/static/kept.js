/* In a saved conversation: a citation scrolls to its span and highlights it. */
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-document]");
  if (!link) return;
  event.preventDefault();
  document.querySelectorAll(".lit").forEach((span) => span.classList.remove("lit"));
  const paper = [...document.querySelectorAll(".paper")].find((p) => p.dataset.document === link.dataset.document);
  const lit = [...paper.querySelectorAll(".s, .g")].filter(
    (span) => +span.dataset.start >= +link.dataset.start && +span.dataset.end <= +link.dataset.end);
  lit.forEach((span) => span.classList.add("lit"));
  lit[0]?.scrollIntoView({ block: "center" });
});
