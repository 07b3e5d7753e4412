"""The page on which proposed questions are kept, reworded or struck out, one by one.

It is there only where whoever starts the room has questions to review; each decision is
written at once by the store that was given.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Protocol

from fastapi import Body, FastAPI
from fastapi.responses import HTMLResponse, JSONResponse

from askali import AskaliError, Document
from askali_ui.html_text import text

ADDRESS = "/proposals"


class Proposed(Protocol):
    """A question with the answer and the exact words that prove it; a reported one may lack
    both."""

    @property
    def id(self) -> str: ...
    @property
    def question(self) -> str: ...
    @property
    def expect(self) -> Sequence[Sequence[str]]: ...
    @property
    def evidence(self) -> Sequence[Sequence[str]]: ...
    @property
    def note(self) -> str: ...
    @property
    def history(self) -> Sequence[str]: ...


class Store(Protocol):
    """Where the proposals come from and decisions go; raises askali's errors."""

    facts: Path
    documents: Mapping[str, Document]
    command: str

    def waiting(self) -> Sequence[Proposed]:
        """What nobody has decided on."""

    def kept(self) -> int:
        """How many questions were kept."""

    def keep(
        self,
        case_id: str,
        *,
        question: str | None = None,
        expect: Sequence[str] | None = None,
        evidence: Sequence[str] | None = None,
        answerable: bool = True,
    ) -> Any:
        """Let one count as it is given."""

    def strike(self, case_id: str) -> None:
        """Take one out."""


def add_proposals(app: FastAPI, store: Store) -> None:
    """Add the page and the address of its decisions."""

    @app.get(ADDRESS, include_in_schema=False)
    def page() -> HTMLResponse:
        try:
            return HTMLResponse(proposals_html(store))
        except AskaliError as exc:
            return HTMLResponse(_page(f'<p role="alert">{text(str(exc))}</p>'), 409)

    @app.post(ADDRESS + "/{case_id}", include_in_schema=False)
    def decide(case_id: str, given: Annotated[dict[str, Any], Body()]) -> JSONResponse:
        try:
            if given.get("verdict") == "strike":
                store.strike(case_id)
            else:
                _keep(store, case_id, given)
            left = {"waiting": len(store.waiting()), "kept": store.kept()}
        except AskaliError as exc:
            return JSONResponse({"message": _without_place(str(exc))}, 409)
        return JSONResponse(left)


def _keep(store: Store, case_id: str, given: Mapping[str, Any]) -> None:
    answerable = given.get("verdict") != "unanswerable"
    proofs = re.split(r"\n\s*\n", str(given.get("evidence", "")))
    store.keep(
        case_id,
        question=str(given.get("question", "")),
        expect=str(given.get("answer", "")).split("\n") if answerable else (),
        evidence=proofs if answerable else (),
        answerable=answerable,
    )


def proposals_html(store: Store) -> str:
    """The whole page."""
    waiting = store.waiting()
    cards = "".join(_card(proposed, store.documents) for proposed in waiting)
    return _page(
        "<p>What you keep is asked before each release, and the answer must say what stands here"
        " and cite these words. Reword a question as your readers would ask it; strike out what"
        " nobody would.</p>"
        f'<p class="muted" role="status" id="left" data-command="{text(store.command)}"'
        f' data-kept="{store.kept()}" data-waiting="{len(waiting)}"></p>'
        f'<ol class="cards">{cards}</ol>'
        f'<p class="muted">They are kept in {text(store.facts.name)}, beside your document.</p>'
    )


def _page(body: str) -> str:
    page = (files("askali_ui") / "static" / "proposals.html").read_text(encoding="utf-8")
    return page.replace("<!--body-->", body)


def _card(proposed: Proposed, documents: Mapping[str, Document]) -> str:
    answer = "\n".join(line[0] for line in proposed.expect)
    proofs = [line[0] for line in proposed.evidence]
    shown = "".join(_in_its_paragraph(proof, answer, documents) for proof in proofs)
    after = "".join(f"<li>{text(asked)}</li>" for asked in proposed.history)
    name = f"p-{text(proposed.id)}"
    return (
        f'<li class="card"><form data-id="{text(proposed.id)}">'
        + (f'<p class="muted">Asked after</p><ul class="after">{after}</ul>' if after else "")
        + f'<label for="{name}-q">Question</label>'
        f'<input type="text" id="{name}-q" name="question" value="{text(proposed.question)}">'
        f'<label for="{name}-a">Answer</label>'
        f'<textarea id="{name}-a" name="answer" rows="{max(1, len(proposed.expect))}">'
        f"{text(answer)}</textarea>{shown}"
        f"<details{'' if proofs else ' open'}><summary>The words that prove it</summary>"
        f'<label class="sr" for="{name}-e">The words that prove it</label>'
        f'<textarea id="{name}-e" name="evidence" rows="3"'
        ' placeholder="Exact words of the document">'
        f"{text(chr(10).join(f'{p}{chr(10)}' for p in proofs).strip())}</textarea></details>"
        f'<p class="muted note">{text(proposed.note)}</p><p class="does">'
        '<button type="submit" class="primary" value="keep">Keep</button>'
        '<button type="submit" class="plain" value="strike">Strike out</button>'
        '<button type="submit" class="plain" value="unanswerable">The document does not say'
        '</button></p><p class="fault" role="alert" hidden></p></form></li>'
    )


def _in_its_paragraph(proof: str, answer: str, documents: Mapping[str, Document]) -> str:
    """The paragraph that holds the words, with them and the answer in them marked."""
    pattern = r"\s+".join(map(re.escape, proof.split()))
    for document in documents.values():
        if found := re.search(pattern, document.text):
            begin = document.text.rfind("\n\n", 0, found.start()) + 1
            end = document.text.find("\n\n", found.end())
            around = (document.text[begin : found.start()], document.text[found.end() :])
            after = around[1] if end < 0 else document.text[found.end() : end]
            return (
                f"<blockquote>{text(around[0].lstrip())}<mark>{_with_answer(found[0], answer)}"
                f"</mark>{text(after)}<cite>{text(document.title or document.id)}</cite>"
                "</blockquote>"
            )
    return ""


def _with_answer(quote: str, answer: str) -> str:
    before, said, after = quote.partition(answer) if answer else (quote, "", "")
    return f"{text(before)}<strong>{text(said)}</strong>{text(after)}" if said else text(quote)


def _without_place(message: str) -> str:
    """What is wrong, without the file and line, which the page's reader does not see."""
    return re.sub(r"^\S*:\d+: (?:[a-z0-9-]+: )?", "", message, flags=re.MULTILINE)
