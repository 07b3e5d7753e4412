"""The page as Gradio Blocks: Gradio carries events and state, the markup is ours.

The shell's HTML is a value, never a template: Gradio compiles templates, and a
document's ``${…}`` or ``{{…}}`` must stay text.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from typing import Any

import gradio as gr

from askali import (
    Answer,
    AskaliError,
    Assistant,
    Citation,
    Claim,
    ClaimVerified,
    Event,
    EvidenceFound,
    Finished,
    FirstLook,
    PassagesRead,
)
from askali.serving.http import schemas as wire
from askali.serving.http.http_errors import public_message
from askali.serving.http.queue import Line, LineFull
from askali.serving.http.streaming import steps
from askali_ui import turn_view as turn
from askali_ui.article import article_html
from askali_ui.card import card_html
from askali_ui.export import FORMATS
from askali_ui.feedback import Feedback, FeedbackError, save
from askali_ui.layout import shell_html
from askali_ui.suggestions import Suggestions
from askali_ui.workspace import Desks

_START = (
    "(window.askaliCalls ||= []).push(['start', element, props, trigger]); window.askaliDrain?.()"
)
_LISTEN = (
    "watch('value', () => {{ (window.askaliCalls ||= []).push(['{name}', props.value]);"
    " window.askaliDrain?.(); }})"
)
_CALLS_AT_ONCE = 100
_CARDS = 12
_STARTERS_S = 600  # so long a page waits for them on a machine that has much to do


def build(
    assistant: Assistant,
    *,
    line: Line | None = None,
    suggestions: Suggestions | None = None,
    desks: Desks | None = None,
    is_shared: bool = False,
    has_proposals: bool = False,
) -> gr.Blocks:
    """The reading room over one assistant. Its script and style come from `serve`."""
    desks = desks or Desks(assistant)
    room = _Room(desks, line or Line(), suggestions or Suggestions(assistant))
    blocks: gr.Blocks
    with gr.Blocks(title="askali", analytics_enabled=False, fill_width=True) as blocks:
        page = gr.HTML(
            shell_html(
                list(assistant.documents.values()),
                assistant.settings.max_question_chars,
                desks.limits,
                is_shared=is_shared,
                has_proposals=has_proposals,
            ),
            html_template='<div class="askali-root"></div>',
            js_on_load=_START,
            apply_default_css=False,
            elem_id="askali",
        )
        turns, paper, file, said = (_wire(name) for name in ("turn", "paper", "file", "said"))
        starters = _wire("starters")
        quiet: dict[str, Any] = {
            "show_progress": "hidden",
            "api_visibility": "private",
            "trigger_mode": "multiple",
        }
        asking = page.submit(
            room.ask,
            None,
            turns,
            concurrency_limit=_CALLS_AT_ONCE,
            **quiet,
        )
        page.stop(None, cancels=[asking], **quiet)
        page.select(room.paper, None, paper, queue=False, **quiet)
        page.download(room.file, None, file, queue=False, **quiet)
        page.like(room.feedback, None, said, queue=False, **quiet)
        page.focus(room.starters, None, starters, concurrency_limit=_CALLS_AT_ONCE, **quiet)
        blocks.queue(max_size=_CALLS_AT_ONCE, api_open=False)
    return blocks


def _wire(name: str) -> gr.HTML:
    """A component that shows nothing: its value is a message to the script."""
    return gr.HTML(
        None, html_template="<i></i>", js_on_load=_LISTEN.format(name=name), elem_classes="wire"
    )


class _Room:
    """What the page's events do. It remembers no conversation: the page sends what it needs."""

    def __init__(self, desks: Desks, line: Line, suggestions: Suggestions) -> None:
        self._desks = desks
        self._line = line
        self._suggestions = suggestions

    async def ask(self, event: gr.EventData) -> AsyncGenerator[turn.Update, None]:
        asked = wire.asked(event._data)
        try:
            async with contextlib.aclosing(self._answer(asked)) as updates:
                async for update in updates:
                    yield update
        except AskaliError as exc:
            yield turn.failed(asked.id, public_message(exc))
        except LineFull as exc:
            yield turn.failed(asked.id, str(exc))

    async def _answer(self, asked: wire.Asked) -> AsyncGenerator[turn.Update, None]:
        ticket = self._line.join()
        try:
            while True:
                movement = self._line.movement()
                if not (place := self._line.place(ticket)):
                    break
                yield turn.waiting(asked.id, place)
                await movement.wait()
            yield turn.searching(asked.id)
        except BaseException:
            self._line.leave(ticket)
            raise
        shaped: dict[str, Any] = {"shape": asked.shape} if asked.shape else {}
        events = self._desks.assistant(asked.key).stream(
            asked.question, history=asked.history, documents=asked.within, **shaped
        )
        async with contextlib.aclosing(steps(events, lambda: self._line.leave(ticket))) as each:
            async for update in self._updates(asked, each):
                yield update

    async def _updates(
        self, asked: wire.Asked, events: AsyncIterator[Event]
    ) -> AsyncGenerator[turn.Update, None]:
        claims: list[Claim] = []
        cited: dict[int, Citation] = {}
        found = 0
        async for event in events:
            if isinstance(event, EvidenceFound):
                found = len(event.hits)
                yield turn.reading(asked.id, event.hits, event.standalone_question)
            elif isinstance(event, FirstLook):
                yield turn.first_look(asked.id, event.answer, found)
            elif isinstance(event, PassagesRead):
                yield turn.passages_read(asked.id, event.done, event.total)
            elif isinstance(event, ClaimVerified):
                claims.append(event.claim)
                cited.update({citation.number: citation for citation in event.citations})
                yield turn.checking(asked.id, claims, cited)
            elif isinstance(event, Finished):
                yield self._finished(asked, event.answer)

    def _finished(self, asked: wire.Asked, answer: Answer) -> turn.Update:
        known = {answer.question, *(m["content"] for m in asked.history)}
        following = self._following(asked, answer, known)
        return turn.finished(
            asked.id, answer, following, is_private=self._is_private(answer, asked.key)
        )

    def _following(self, asked: wire.Asked, answer: Answer, known: set[str]) -> list[str]:
        """What may be asked next: of the documents in use, the cited one first."""
        within = set(asked.within or self._desks.assistant(asked.key).documents)
        own = list(self._desks.suggested(asked.key))
        if own and not answer.citations:  # what was brought along is what is meant
            within &= {s.document_id for s in own}
        near = self._suggestions.after(answer, known, own, within=within)
        given = [q for q in answer.suggestions if q not in known]
        return list(dict.fromkeys([*near, *given]))[:3]

    def _is_private(self, answer: Answer, key: str) -> bool:
        own = self._desks.own(key)
        return any(hit.passage.document_id in own for hit in answer.evidence)

    def paper(self, event: gr.EventData) -> dict[str, str]:
        """A document to read; no HTML where it is gone."""
        id = str(event._data.get("document"))
        documents = self._desks.assistant(str(event._data.get("desk"))).documents
        return {"id": id, "html": article_html(documents[id]) if id in documents else ""}

    def file(self, event: gr.EventData) -> dict[str, str]:
        """The page's conversation as a file; `message` where it cannot be made."""
        kind = str(event._data.get("format"))
        try:
            if kind not in FORMATS:
                raise wire.PageError(f"no format {kind!r}; known: {', '.join(FORMATS)}")
            kept = wire.conversation(event._data.get("turns"))
        except AskaliError as exc:
            return {"message": public_message(exc)}
        media_type, write = FORMATS[kind]
        content = write(kept, self._desks.assistant(str(event._data.get("desk"))).documents)
        return {"name": f"askali-conversation.{kind}", "type": media_type, "content": content}

    def feedback(self, event: gr.EventData) -> dict[str, Any]:
        """Save a verdict on an answer that the page sends along; tells whether it was."""
        given = event._data
        id = str(given.get("id"))
        try:
            judged = self._judged(wire.answer(given.get("answer")), given)
            save(judged, self._desks.house.settings.home)
        except AskaliError as exc:
            return {"id": id, "saved": False, "message": public_message(exc)}
        return {"id": id, "saved": True, "message": "Thank you. Saved for review."}

    def _judged(self, answer: Answer, given: Mapping[str, Any]) -> Feedback:
        if not wire.is_genuine(answer, self._desks.house.documents):
            raise FeedbackError("the source has changed since, so nothing was saved; ask again")
        asked_before = tuple(m["content"] for m in wire.asked(given).history if m["role"] == "user")
        verdict, note = str(given.get("verdict")), str(given.get("note", ""))
        return Feedback(answer, verdict, note, asked_before)

    async def starters(self) -> AsyncGenerator[dict[str, str], None]:
        """What is known of the documents at once; summary and questions as they come."""
        self._suggestions.start()
        shown = None
        for _ in range(_STARTERS_S):
            is_ready = self._suggestions.ready.is_set()
            found = self._suggestions.first() if is_ready else []
            if shown != (state := (found, self._suggestions.summary is not None)):
                shown = state
                html = turn.suggestions_html(found, "For example")
                yield {"html": html, "card": self._cards()}
            if is_ready:
                return
            await asyncio.sleep(1)

    def _cards(self) -> str:
        documents = list(self._desks.house.documents.values())
        card = "".join(card_html(d, self._suggestions.summary) for d in documents[:_CARDS])
        if len(documents) > 1:
            card = (
                f'<details class="cards"><summary>About these {len(documents)} documents'
                f"</summary>{card}</details>"
            )
        return card
