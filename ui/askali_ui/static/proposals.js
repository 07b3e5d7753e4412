/* Each button decides on one question; the next one then has the focus. */
const line = document.getElementById("left");

function tell(waiting, kept) {
  const done = `${kept} kept, ${waiting} left.`;
  line.textContent = waiting ? done : `${done} Ask them now and before each release: ${line.dataset.command}`;
}

async function decide(form, verdict) {
  const fault = form.querySelector(".fault");
  const given = Object.fromEntries(new FormData(form));
  const buttons = [...form.querySelectorAll("button")];
  buttons.forEach((button) => { button.disabled = true; });
  try {
    const answer = await fetch(`proposals/${encodeURIComponent(form.dataset.id)}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...given, verdict }),
    });
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.message || told.error?.message || `refused with ${answer.status}`);
    const card = form.closest(".card");
    const next = card.nextElementSibling || card.previousElementSibling;
    card.remove();
    next?.querySelector("input").focus();
    tell(told.waiting, told.kept);
  } catch (error) {
    fault.textContent = error instanceof TypeError ? "askali does not answer; is it still running?" : error.message;
    fault.hidden = false;
    buttons.forEach((button) => { button.disabled = false; });
  }
}

document.addEventListener("submit", (event) => {
  event.preventDefault();
  decide(event.target, event.submitter?.value || "keep");
});
if (line) tell(Number(line.dataset.waiting), Number(line.dataset.kept));
