"""A chat model as writer: claims from numbered sentences, standalone questions, translation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from askali.answering.prompts import EXAMPLES, RESOLVE, TRANSLATE, WRITE
from askali.domain import Document, Sentence, Turn
from askali.errors import ModelError
from askali.grounding.citations import fold
from askali.grounding.evidence_keys import Draft, key_letter, read_drafts
from askali.messages import ABSTENTION
from askali.models.chat import Chat, Message, open_chat
from askali.models.spec import ModelKind, ModelSpec, Unavailable
from askali.query.condense import condense_question
from askali.settings import Settings
from askali.text.language import keeps_facts, searchable

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

HISTORY_TURNS = 6
"""As many earlier messages are shown to the model; what is older rarely matters."""

_TURN_CHARS = 1000


@dataclass(frozen=True, slots=True)
class ChatWriter:
    """Writes with any LangChain chat model; every method raises only `ModelError`."""

    chat: Chat | Unavailable

    @property
    def name(self) -> str:
        """The model's name, as an answer's `engine` gives it."""
        return self.chat.name

    def write(
        self, question: str, sentences: Sequence[Sentence], *, documents: Mapping[str, Document]
    ) -> Iterator[Draft]:
        """Each claim once it is complete; nothing at all if the model finds no answer.

        Numbers count `sentences` from 1; one that was never issued may be among them.
        Raises `ModelError` also for an empty reply and one without a single claim.
        """
        texts = {documents[s.document_id].text for s in sentences} | {question}
        letters = key_letter(texts)
        heard: list[str] = []
        pieces = self.chat.stream(write_messages(question, sentences, documents, letters))
        count = 0
        for draft in read_drafts(_overheard(pieces, heard), letters):
            count += 1
            yield draft
        if not count:
            _check_refusal("".join(heard), self.name)

    def standalone(self, question: str, history: Sequence[Turn]) -> str:
        """The question as it would be asked without the conversation before it.

        The model's wording stands only if it keeps the names and numbers of the question
        and brings none that question and history lack; else the deterministic one does.
        """
        if not history:
            return question
        said = "\n".join(
            f"{turn.role}: {fold(turn.content)[:_TURN_CHARS]}" for turn in history[-HISTORY_TURNS:]
        )
        asked = f"Conversation:\n{said}\n\nLast question: {question}"
        written = fold(self.chat.say([("system", RESOLVE), ("human", asked)]))
        known = "\n".join([question, *(turn.content for turn in history)])
        if keeps_facts(written, known) and keeps_facts(question, written):
            return written
        return condense_question(question, history)

    def in_language_of(self, documents: Mapping[str, Document], question: str) -> str:
        """The question in the documents' language, for retrieval only.

        Unchanged if it is in that language already, or if the model's translation
        loses a number."""
        sample = next(iter(documents.values())).text[:20_000]
        example = fold(sample[:2000])[:300]

        def translate(text: str) -> str:
            asked = f"Language sample:\n{example}\n\nQuestion: {text}"
            return self.chat.say([("system", TRANSLATE), ("human", asked)])

        return searchable(question, sample, translate)


def open_writer(settings: Settings, chat_model: BaseChatModel | None = None) -> ChatWriter | None:
    """The writer for `chat_model`, or else the model that `settings.llm` names; None for
    an engine that quotes. One that cannot be had says why with every answer instead; a
    name of no known provider is a `SettingsError`."""
    if chat_model is None and ModelSpec.parse(settings.llm).kind is not ModelKind.CHAT:
        return None
    try:
        return ChatWriter(open_chat(settings, chat_model))
    except ModelError as exc:
        return ChatWriter(Unavailable(str(exc), name=settings.llm))


def write_messages(
    question: str,
    sentences: Sequence[Sentence],
    documents: Mapping[str, Document],
    letters: str = "S",
) -> list[Message]:
    """The whole prompt: what never changes comes first, so that a server's prompt cache
    serves it; then the evidence, then the question."""
    return [
        ("system", WRITE.format(key=letters, refusal=ABSTENTION)),
        *((role, text.format(key=letters, refusal=ABSTENTION)) for role, text in EXAMPLES),
        ("human", f"{evidence_block(sentences, documents, letters)}\n\nQuestion: {fold(question)}"),
    ]


def evidence_block(
    sentences: Sequence[Sentence], documents: Mapping[str, Document], letters: str
) -> str:
    """One line a sentence behind its key, under the title of its document. A sentence is
    on one line whatever it holds, so it cannot begin a line of its own."""
    lines = []
    numbered = enumerate(sentences, start=1)
    for document_id, group in groupby(numbered, key=lambda pair: pair[1].document_id):
        lines.append(f"Source: {fold(documents[document_id].title)}")
        lines += [f"[{letters}{number}] {fold(sentence.text)}" for number, sentence in group]
    return "\n".join(lines)


def _overheard(pieces: Iterator[str], heard: list[str]) -> Iterator[str]:
    for piece in pieces:
        heard.append(piece)
        yield piece


def _check_refusal(text: str, name: str) -> None:
    """Nothing if the model said that the source does not say; else `ModelError`."""
    if not text.strip():
        raise ModelError(f"{name} wrote nothing; try again, or choose another --llm")
    if ABSTENTION.rstrip(".").lower() not in text.lower():
        raise ModelError(f"{name} ignored the form that claims need; choose another --llm")
