"""The page as Gradio Blocks: Gradio carries events and state, the markup is ours.

The shell's HTML is a value, never a template: Gradio compiles templates, and a
document's ``${…}`` or ``{{…}}`` must stay text.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Iterator
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
)
from askali_ui import turn
from askali_ui.article import article_html
from askali_ui.conversation import Conversation, Exchange
from askali_ui.errors import public_message
from askali_ui.export import FORMATS
from askali_ui.feedback import Feedback, save
from askali_ui.line import Line, LineFull
from askali_ui.shell import shell_html
from askali_ui.suggest import Suggestions

_START = (
    "(window.askaliCalls ||= []).push(['start', element, props, trigger]); window.askaliDrain?.()"
)
_LISTEN = (
    "watch('value', () => {{ (window.askaliCalls ||= []).push(['{name}', props.value]);"
    " window.askaliDrain?.(); }})"
)
_CALLS_AT_ONCE = 100


def build(
    assistant: Assistant, *, line: Line | None = None, suggestions: Suggestions | None = None
) -> gr.Blocks:
    """The reading room over one assistant. Its script and style come from `serve`."""
    room = _Room(assistant, line or Line(), suggestions or Suggestions(assistant))
    blocks: gr.Blocks
    with gr.Blocks(title="askali", analytics_enabled=False, fill_width=True) as blocks:
        conversation = gr.State(Conversation(), time_to_live=3600)
        page = gr.HTML(
            shell_html(list(assistant.documents.values()), assistant.settings.max_question_chars),
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
            [conversation],
            [turns, conversation],
            concurrency_limit=_CALLS_AT_ONCE,
            **quiet,
        )
        page.stop(None, cancels=[asking], **quiet)
        page.select(room.paper, None, paper, queue=False, **quiet)
        page.download(room.file, [conversation], file, queue=False, **quiet)
        page.like(room.feedback, [conversation], said, queue=False, **quiet)
        page.focus(room.starters, None, starters, queue=False, **quiet)
        blocks.queue(max_size=_CALLS_AT_ONCE, api_open=False)
    return blocks


def _wire(name: str) -> gr.HTML:
    """A component that shows nothing: its value is a message to the script."""
    return gr.HTML(
        None, html_template="<i></i>", js_on_load=_LISTEN.format(name=name), elem_classes="wire"
    )


class _Room:
    """What the page's events do."""

    def __init__(self, assistant: Assistant, line: Line, suggestions: Suggestions) -> None:
        self._assistant = assistant
        self._line = line
        self._suggestions = suggestions

    async def ask(
        self, conversation: Conversation, event: gr.EventData
    ) -> AsyncGenerator[tuple[turn.Update, Conversation], None]:
        asked = event._data
        turn_id = str(asked["id"])[:64]
        try:
            async with contextlib.aclosing(self._answer(turn_id, asked, conversation)) as updates:
                async for update, answer in updates:
                    if answer is not None:
                        conversation = conversation.after(Exchange(turn_id, answer))
                    yield update, conversation
        except AskaliError as exc:
            yield turn.failed(turn_id, public_message(exc)), conversation
        except LineFull as exc:
            yield turn.failed(turn_id, str(exc)), conversation

    async def _answer(
        self, turn_id: str, asked: dict[str, Any], conversation: Conversation
    ) -> AsyncGenerator[tuple[turn.Update, Answer | None], None]:
        ticket = self._line.join()
        try:
            while place := self._line.place(ticket):
                yield turn.waiting(turn_id, place), None
                await self._line.moved()
            yield turn.searching(turn_id), None
            events = self._assistant.stream(
                str(asked["question"]),
                history=conversation.history(),
                document_ids=asked.get("within") or None,
            )
            async for update in self._updates(turn_id, events, conversation):
                yield update
        finally:
            self._line.leave(ticket)

    async def _updates(
        self, turn_id: str, events: Iterator[Event], conversation: Conversation
    ) -> AsyncGenerator[tuple[turn.Update, Answer | None], None]:
        claims: list[Claim] = []
        cited: dict[int, Citation] = {}
        while (event := await asyncio.to_thread(next, events, None)) is not None:
            if isinstance(event, EvidenceFound):
                yield turn.reading(turn_id, event.hits, event.standalone_question), None
            elif isinstance(event, ClaimVerified):
                claims.append(event.claim)
                cited.update({citation.number: citation for citation in event.citations})
                yield turn.checking(turn_id, claims, cited), None
            else:
                answer = event.answer
                known = {answer.question, *(t.answer.question for t in conversation.turns)}
                following = self._suggestions.after(answer, known)
                yield turn.finished(turn_id, answer, following), answer

    def paper(self, event: gr.EventData) -> dict[str, str]:
        document = self._assistant.documents.get(str(event._data["document"]))
        html = article_html(document) if document else ""
        return {"id": document.id if document else "", "html": html}

    def file(self, conversation: Conversation, event: gr.EventData) -> dict[str, str]:
        kind = str(event._data["format"])
        media_type, write = FORMATS[kind]
        content = write(conversation, self._assistant.documents)
        return {"name": f"askali-conversation.{kind}", "type": media_type, "content": content}

    def feedback(self, conversation: Conversation, event: gr.EventData) -> dict[str, Any]:
        given = event._data
        exchange = conversation.find(str(given["id"]))
        if exchange is None:
            return {"id": given["id"], "saved": False, "message": "This answer is gone: ask again."}
        feedback = Feedback(
            exchange.answer,
            str(given["verdict"]),
            str(given.get("note", "")),
            conversation.before(exchange),
        )
        try:
            save(feedback, self._assistant.settings.home)
        except AskaliError as exc:
            return {"id": exchange.id, "saved": False, "message": public_message(exc)}
        return {"id": exchange.id, "saved": True, "message": "Thank you. Saved for review."}

    async def starters(self) -> dict[str, str]:
        self._suggestions.start()
        await asyncio.to_thread(self._suggestions.ready.wait, 60)
        return {"html": turn.suggestions_html(self._suggestions.first(), "For example")}
