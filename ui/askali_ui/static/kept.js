/* In a saved conversation: a citation scrolls to its span and highlights it, and back. */
const spansOf = ({ document: id, start, end }) => {
  const paper = [...document.querySelectorAll(".paper")].find((each) => each.dataset.document === id);
  return [...(paper?.querySelectorAll(".s, .g") ?? [])].filter(
    (span) => +span.dataset.start >= +start && +span.dataset.end <= +end);
};

for (const chip of document.querySelectorAll(".claim .chip")) {
  chip.title = `“${chip.dataset.quote}” ${chip.dataset.where}`;
  for (const span of spansOf(chip.dataset).filter((each) => each.matches(".s"))) {
    span.classList.add("cited");
    span.addEventListener("click", () => chip.focus());
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-document]");
  if (!link) return;
  event.preventDefault();
  document.querySelectorAll(".lit").forEach((span) => span.classList.remove("lit"));
  const lit = spansOf(link.dataset);
  lit.forEach((span) => span.classList.add("lit"));
  lit[0]?.scrollIntoView({ block: "center" });
});
