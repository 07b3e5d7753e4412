"""Assistant: the one door to askali; it alone wires the concrete parts together."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import aclosing
from typing import Any, Self

from langchain_core.embeddings import Embeddings
from langchain_core.language_models import BaseChatModel
from langchain_core.runnables import Runnable, RunnableConfig

from askali.answering.generation import Writer
from askali.answering.pipeline import Pipeline
from askali.answering.reader import Reader
from askali.answering.reading import read_ahead
from askali.answering.state import Request
from askali.answering.writer import open_writer
from askali.documents import check_documents
from askali.domain import Answer, Document, Hit, Shape
from askali.errors import DocumentError, QuestionError
from askali.index import Index, JoinedIndex, memory_index
from askali.ingestion import OnStep, Progress, make_recipe, open_index, sources_changed
from askali.models.embeddings import Encoder
from askali.models.encoders import open_encoder
from askali.models.serving import open_model
from askali.query.restriction import document_named, ids_named
from askali.query.validation import clean
from askali.retrieval.calibration import load_calibration
from askali.retrieval.hybrid import Searcher
from askali.retrieval.langchain import (
    AssistantInput,
    PassageRetriever,
    asked_in,
    invoke_traced,
    own_documents,
    retriever,
    turns,
)
from askali.retrieval.trace import search
from askali.settings import Settings
from askali.sources import Watched
from askali.streaming import Event, steps

History = Sequence[Any]
"""Turns, mappings with role and content, or LangChain's messages."""


class Assistant(Runnable[Any, Answer]):
    """Asks documents. Thread-safe; close it, or use it as a context manager.

    As a LangChain Runnable it takes a question, messages, or a mapping with "question",
    "history" and "documents", and gives an `Answer`; `as_retriever` gives its search.
    """

    def __init__(
        self,
        index: Index,
        encoder: Encoder,
        settings: Settings,
        *,
        writer: Writer | None = None,
        is_outdated: Callable[[], bool] = lambda: False,
    ) -> None:
        """Assistants are made by `open` and `from_documents`; `is_outdated` tells whether the
        sources have changed since, which every answer then says. `searcher` finds evidence."""
        self.settings = settings
        self._is_outdated = is_outdated
        self._index = index
        self._writer = writer
        self.searcher = Searcher(index, encoder)
        model = open_model(settings)
        self._reader = Reader(model) if model else None
        self._chain = Pipeline(
            self.searcher,
            load_calibration(),
            settings,
            reader=self._reader,
            writer=writer,
            is_outdated=is_outdated,
        )

    @classmethod
    def open(
        cls,
        *,
        on_progress: OnStep | None = None,
        on_read: OnStep | None = None,
        chat_model: BaseChatModel | None = None,
        embeddings: Embeddings | None = None,
        **settings: Any,
    ) -> Self:
        """Over a file or folder, the bundled article by default.

        Keywords are fields of `Settings`. The index is built when there is none
        or when documents changed since; otherwise it is only opened. `on_read` gets
        (files looked at, all files), `on_progress` (passages embedded, all passages).
        `chat_model` is a LangChain model of your own, used instead of the one that
        `llm` names; `embeddings` are LangChain embeddings, used instead of `encoder`.
        """
        chosen = Settings.load(**settings)
        writer = open_writer(chosen, chat_model)
        encoder = open_encoder(chosen, embeddings)
        index = open_index(chosen, encoder, Progress(on_read, on_progress))
        watched = Watched(lambda: sources_changed(chosen, index))
        return cls(index, encoder, chosen, writer=writer, is_outdated=watched)

    @classmethod
    def from_documents(
        cls,
        documents: Sequence[Document],
        *,
        chat_model: BaseChatModel | None = None,
        embeddings: Embeddings | None = None,
        **settings: Any,
    ) -> Self:
        """Over documents in memory, LangChain's too; writes nothing. Raises `DocumentError`
        for none."""
        documents = own_documents(documents)
        chosen = Settings.load(**settings)
        writer = open_writer(chosen, chat_model)
        encoder = open_encoder(chosen, embeddings)
        checked = check_documents(documents)
        return cls(memory_index(checked, make_recipe(encoder)), encoder, chosen, writer=writer)

    def with_documents(
        self, documents: Sequence[Document], *, on_progress: OnStep | None = None
    ) -> Self:
        """An assistant that knows these documents too; this one stays as it is.

        Only the new documents are read, into memory; `on_progress` gets passages
        read and passages in all. Raises `DocumentError` for an id that is taken.
        """
        documents = own_documents(documents)
        for document in check_documents(documents):
            if document.id in self.documents:
                raise DocumentError(f"a document {document.id!r} is there already; rename one")
        parts = list(_parts(self._index))
        for document in documents:  # one index each, so that each can go again
            recipe = make_recipe(self.searcher.encoder)
            parts.append(memory_index([document], recipe, on_progress=on_progress))
        return self._over(JoinedIndex(parts))

    def without_documents(self, ids: Collection[str]) -> Self:
        """An assistant without documents that `with_documents` added; nothing is read again.

        Raises `DocumentError` for any other id.
        """
        kept, *added = _parts(self._index)
        known = {id for part in added for id in part.documents}
        for id in ids:
            if id not in known:
                raise DocumentError(f"no added document {id!r}; known: {', '.join(known)}")
        return self._over(JoinedIndex([kept, *(p for p in added if not {*p.documents} & {*ids})]))

    def quoting(self) -> Self:
        """An assistant over the same index that answers by quotes alone, without any model."""
        settings = self.settings.model_copy(update={"llm": "none"})
        return type(self)(
            self._index, self.searcher.encoder, settings, is_outdated=self._is_outdated
        )

    def _over(self, index: Index) -> Self:
        encoder, outdated = self.searcher.encoder, self._is_outdated
        return type(self)(index, encoder, self.settings, writer=self._writer, is_outdated=outdated)

    @property
    def documents(self) -> Mapping[str, Document]:
        """All documents by id."""
        return self._index.documents

    @property
    def stamp(self) -> str:
        """Names the index's content; each answer carries it."""
        return self._index.stamp

    def document(self, id: str) -> Document:
        """The document, verbatim; raises `DocumentError` for an unknown id."""
        return self.documents[document_named(self.documents, id)]

    def ask(
        self,
        question: str,
        history: History = (),
        *,
        documents: Sequence[str] | None = None,
        shape: Shape | str | None = None,
    ) -> Answer:
        """The answer to a question, or an abstention. `history` are earlier turns;
        `documents` narrows it to documents named by id, source or title; `shape` is the
        form that the answer is to have, by default the one that the question asks for."""
        return self._chain.runnable.invoke(self._asked(question, history, documents, shape))

    def stream(  # type: ignore[override]  # events, not chunks of one answer
        self,
        question: str,
        history: History = (),
        *,
        documents: Sequence[str] | None = None,
        shape: Shape | str | None = None,
    ) -> Iterator[Event]:
        """The hits as soon as they are known, then each verified claim, then the answer.

        Closing the iterator stops a chat model that is still writing."""
        yield from self._chain.stream(self._asked(question, history, documents, shape))

    def search(
        self, question: str, k: int | None = None, *, documents: Sequence[str] | None = None
    ) -> list[Hit]:
        """The `k` best passages for a question, in the order in which `ask` ranks them."""
        wanted = self.settings.k if k is None else k
        if wanted < 1:
            raise QuestionError(f"k = {wanted}: ask for at least one passage")
        checked = clean(question, self.settings.max_question_chars)
        within = ids_named(self.documents, documents)
        return search(self.searcher, checked, wanted, load_calibration(), document_ids=within)

    def invoke(self, input: Any, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:
        """LangChain's verb for `ask`; the arguments of `ask` may also be bound as keywords."""
        asked = self._asked(**{**asked_in(input), **kwargs})
        return invoke_traced(self._chain.runnable, asked, input, config)

    async def astream(  # type: ignore[override]  # events, as `stream` gives them
        self, input: Any, config: RunnableConfig | None = None, **kwargs: Any
    ) -> AsyncIterator[Event]:
        """The events of `stream`, for what `invoke` takes."""

        async def events(inputs: AsyncIterator[Any]) -> AsyncIterator[Event]:
            async for given in inputs:
                stream = self.stream(**{**asked_in(given), **kwargs})
                async with aclosing(steps(stream, lambda: None)) as each:
                    async for event in each:
                        yield event

        async def once() -> AsyncIterator[Any]:
            yield input

        following = self._atransform_stream_with_config(once(), events, config)  # type: ignore[arg-type]
        async for event in following:
            yield event  # type: ignore[misc]

    def transform(
        self, input: Iterator[Any], config: RunnableConfig | None = None, **kwargs: Any
    ) -> Iterator[Answer]:
        """One answer per question, so that chains around an assistant can stream."""
        for question in input:
            yield self.invoke(question, config, **kwargs)

    async def atransform(
        self, input: AsyncIterator[Any], config: RunnableConfig | None = None, **kwargs: Any
    ) -> AsyncIterator[Answer]:
        """Async `transform`."""
        async for question in input:
            yield await self.ainvoke(question, config, **kwargs)

    def get_input_schema(self, config: RunnableConfig | None = None) -> type[AssistantInput]:
        """What tools and chains may pass; `as_tool` offers it to a model."""
        return AssistantInput

    def as_retriever(
        self, k: int | None = None, *, search_kwargs: Mapping[str, Any] | None = None
    ) -> PassageRetriever:
        """The search as a LangChain retriever; `search_kwargs` may have "k" and "documents"."""
        return retriever(self, k, search_kwargs)

    def read_ahead(self) -> None:
        """Let the local model, if there is one, read few documents before anybody asks."""
        if self._reader is not None:
            read_ahead(self._reader, self._index)

    def close(self) -> None:
        """Free the index; asking afterwards raises `StorageError`."""
        self._index.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _asked(
        self,
        question: str,
        history: History = (),
        documents: Sequence[str] | None = None,
        shape: Shape | str | None = None,
    ) -> Request:
        if shape is not None and shape not in {*Shape}:
            raise QuestionError(f"no shape {str(shape)!r}; one of: {', '.join(Shape)}")
        chosen = Shape(shape) if shape is not None else None
        return Request(
            question, tuple(turns(history)), ids_named(self.documents, documents), chosen
        )


def _parts(index: Index) -> tuple[Index, ...]:
    return index.parts if isinstance(index, JoinedIndex) else (index,)
