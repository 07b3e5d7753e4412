"""One turn as it is shown while it goes on: stage, then claims, then the whole answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from askali import Answer, AskaliError, Citation, Claim, Hit, Shape
from askali_ui.explanation import drawer_html
from askali_ui.export import answer_text
from askali_ui.feedback import VERDICTS
from askali_ui.html import answer_html, claims_html
from askali_ui.html_text import text

Update = dict[str, Any]


def waiting(turn_id: str, place: int) -> Update:
    """Others are served first."""
    return _update(turn_id, f"Busy at the moment: you are {_ordinal(place)} in line")


def searching(turn_id: str) -> Update:
    """The question has been taken."""
    return _update(turn_id, "Searching the source")


def reading(turn_id: str, hits: Sequence[Hit], standalone: str) -> Update:
    """The search is done; the evidence is being read."""
    best = "".join(f"<li>{text(_short(hit.passage.text))}</li>" for hit in hits[:3])
    passages = f"{len(hits)} passage{'' if len(hits) == 1 else 's'}"
    body = f'<ul class="evidence" aria-label="Best passages so far">{best}</ul>' if best else ""
    return _update(turn_id, f"Reading {passages}", body=body, standalone=standalone)


def first_look(turn_id: str, answer: Answer, total: int) -> Update:
    """What quotes alone say, at once; a refusal would be too early."""
    stage = f"Reading {total} passages"
    if answer.abstained:
        return _update(turn_id, stage, body=None)
    body = (
        '<div class="first-look"><p class="label">First look: the nearest sentences, while the'
        f" model reads</p>{answer_html(answer)}</div>"
    )
    return _update(turn_id, stage, body=body)


def passages_read(turn_id: str, done: int, total: int) -> Update:
    """So many are read; what is shown stays."""
    return _update(turn_id, f"Read {done} of {total} passages", body=None, read=[done, total])


def checking(turn_id: str, claims: Sequence[Claim], cited: dict[int, Citation]) -> Update:
    """Claims so far, each verified."""
    return _update(turn_id, "Writing and checking each claim", body=claims_html(claims, cited))


def finished(
    turn_id: str, answer: Answer, next_questions: Sequence[str], *, is_private: bool = False
) -> Update:
    """The whole answer with everything that a reader can do about it.

    `answer` goes along for the browser to keep. A private answer gets no feedback,
    which would write its quotes to a file.
    """
    is_talk = answer.shape is Shape.SMALL_TALK
    feedback = _NOT_KEPT if is_private else _feedback()
    tools = f'<div class="tools">{_actions(answer)}{feedback}{drawer_html(answer)}</div>'
    if is_talk:
        tools = ""
    following = suggestions_html(next_questions, "You could ask" if is_talk else "Ask next")
    return _update(
        turn_id,
        "",
        body=answer_html(answer) + _verified(answer) + tools + following,
        say=spoken(answer),
        standalone=answer.standalone_question,
        state="done",
        abstained=answer.abstained,
        copy=answer_text(answer),
        answer=answer.to_dict(),
    )


def failed(turn_id: str, error: AskaliError | str) -> Update:
    """The question could not be answered; says why and what to do."""
    body = (
        '<div class="notice error" role="alert"><h3>That did not work</h3>'
        f'<p>{text(str(error))}</p><button type="button" class="plain" data-action="again">'
        "Ask again</button></div>"
    )
    return _update(turn_id, "", body=body, state="failed")


def suggestions_html(questions: Sequence[str], label: str) -> str:
    """Questions to click, or nothing."""
    if not questions:
        return ""
    items = "".join(
        f'<li><button type="button" class="suggestion" data-action="ask">{text(q)}</button></li>'
        for q in questions
    )
    return f'<div class="next"><p class="label">{label}</p><ul>{items}</ul></div>'


def _update(turn_id: str, stage: str, body: str | None = "", **more: Any) -> Update:
    """Without a `body`, what is shown stays."""
    shown = {} if body is None else {"html": body}
    return {"id": turn_id, "stage": stage, "state": "running", **shown, **more}


def _verified(answer: Answer) -> str:
    count = len(answer.citations)
    if not count:
        return ""
    what = "quotation" if count == 1 else "quotations"
    return f'<p class="verified">{count} {what}, checked against the source word for word</p>'


_NOT_KEPT = '<span class="muted not-kept">No feedback here: your own documents are not kept</span>'
_AS = {
    Shape.FACT: "a short fact",
    Shape.LIST: "a list",
    Shape.EXTRACT: "a table",
    Shape.SUMMARY: "a summary",
    Shape.TIMELINE: "a timeline",
    Shape.COMPARE: "a comparison",
    Shape.DEFINITION: "a definition",
    Shape.WHY: "reasons",
    Shape.HOW: "steps",
}


def spoken(answer: Answer) -> str:
    """The answer as it is read aloud."""
    said = re.sub(r"\s*\[\d+\]|[*|#]|-{3,}", " ", answer.text)
    count = len(answer.citations)
    cites = f" {count} citation{'' if count == 1 else 's'}." if count else ""
    return f"{' '.join(said.split())[:1200]}{cites}"


def _actions(answer: Answer) -> str:
    buttons = (("copy", "Copy with quotes"), ("link", "Copy link"), ("edit", "Edit question"))
    options = "".join(
        f'<option value="{shape.value}"{" selected" if shape is answer.shape else ""}>'
        f"{label}</option>"
        for shape, label in _AS.items()
    )
    choice = (
        '<label class="answer-as">Answer as <select aria-label="Answer again as">'
        f'<option value="">it fits best</option>{options}</select></label>'
    )
    return "".join(_button(*button) for button in buttons) + choice


def _feedback() -> str:
    buttons = "".join(
        _button("feedback", label, f' data-verdict="{verdict}"')
        for verdict, label in VERDICTS.items()
    )
    return (
        '<details class="feedback"><summary>Was this right?</summary>'
        '<div class="feedback-body"><label>Note, if you like <input type="text" maxlength="2000"'
        f' class="note"></label><div class="verdicts">{buttons}</div>'
        '<p class="saved" role="status"></p></div></details>'
    )


def _button(action: str, label: str, more: str = "") -> str:
    return f'<button type="button" class="plain" data-action="{action}"{more}>{label}</button>'


def _ordinal(place: int) -> str:
    if place == 1:
        return "next"
    teens = 10 < place % 100 < 20
    return f"{place}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(place % 10, 'th')}"


def _short(value: str, limit: int = 160) -> str:
    return value if len(value) <= limit else value[:limit].rsplit(" ", 1)[0] + " …"
