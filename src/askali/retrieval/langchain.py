"""askali behind LangChain's interfaces: its retriever, and what its runnables are given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.messages import BaseMessage, convert_to_messages
from langchain_core.prompt_values import PromptValue
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableConfig
from langchain_core.runnables.config import (
    ensure_config,
    get_callback_manager_for_config,
    patch_config,
)
from pydantic import BaseModel, ConfigDict, Field

from askali.domain import Answer, Document, Shape, Turn
from askali.errors import DocumentError, QuestionError, SettingsError

_ROLES = {"human": "user", "ai": "assistant"}
_KNOWN = {
    "question": "question", "input": "question", "query": "question", "messages": "question",
    "history": "history", "chat_history": "history", "documents": "documents", "shape": "shape",
}  # fmt: skip
"""Names that chains use for what `Assistant.ask` takes."""


class AssistantInput(BaseModel):
    """A question, what was said before it, and the documents to ask."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(description="The question, in plain words")
    history: list[dict[str, str]] = Field(
        default_factory=list,
        description='Earlier messages, each {"role": "user" or "assistant", "content": text}',
    )
    documents: list[str] | None = Field(
        None, description="Ask only these documents: ids, sources or titles"
    )
    shape: Shape | None = Field(None, description="The form of the answer; chosen if unset")


class PassageRetriever(BaseRetriever):
    """Hits as LangChain documents; metadata has document_id, start, end, heading, title,
    source, date, page and score."""

    assistant: Any
    k: int
    documents: list[str] | None = None

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[LangChainDocument]:
        return [
            LangChainDocument(
                id=hit.passage.id,
                page_content=hit.passage.text,
                metadata={
                    "document_id": hit.passage.document_id,
                    "start": hit.passage.start,
                    "end": hit.passage.end,
                    "heading": hit.passage.heading,
                    "title": hit.title,
                    "source": self.assistant.document(hit.passage.document_id).source,
                    "date": hit.date,
                    "page": hit.page,
                    "score": hit.score,
                },
            )
            for hit in self.assistant.search(query, self.k, documents=self.documents)
        ]


def retriever(
    assistant: Any, k: int | None, search_kwargs: Mapping[str, Any] | None
) -> PassageRetriever:
    """With LangChain's `search_kwargs`, of which "k" and "documents" mean something here;
    raises `SettingsError` for others."""
    given = dict(search_kwargs or {})
    wanted = given.pop("k", None) if k is None else k
    documents = given.pop("documents", None)
    if given:
        raise SettingsError(f"unknown search_kwargs {', '.join(given)}; known: k, documents")
    return PassageRetriever(
        assistant=assistant, k=wanted or assistant.settings.k, documents=documents
    )


def asked_in(given: Any) -> dict[str, Any]:
    """The arguments of `Assistant.ask` in what a chain passes on: text, a message, messages
    of which the last one asks, a filled prompt, or a mapping (`_KNOWN`).

    Raises `QuestionError` for anything else, unknown names of a mapping among it.
    """
    if isinstance(given, str):
        return {"question": given}
    if isinstance(given, PromptValue):
        return asked_in(given.to_messages())
    if isinstance(given, BaseMessage):
        return asked_in([given])
    if isinstance(given, Mapping):
        return _asked_in_mapping(given)
    if isinstance(given, Sequence) and given:
        *before, last = turns(given)
        if last.role != "user":
            raise QuestionError("the last message must be the user's question")
        return {"question": last.content, "history": tuple(before)}
    raise QuestionError(
        'give a question as text, messages, or {"question": …, "history": […], "documents": […]}'
    )


def _asked_in_mapping(given: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in given.items():
        if name not in _KNOWN:
            near = get_close_matches(str(name), _KNOWN, 1)
            meant = f"did you mean {near[0]!r}" if near else f"known: {', '.join(_KNOWN)}"
            raise QuestionError(f"a question has no {name!r}; {meant}")
        if value is not None or _KNOWN[name] == "question":
            found[_KNOWN[name]] = value
    if "question" not in found:
        raise QuestionError('there is no question; give it as "question", "input" or "messages"')
    question = found.pop("question")
    inner = {"question": question} if isinstance(question, str) else asked_in(question)
    history = (*found.pop("history", ()), *inner.pop("history", ()))
    return {**inner, **found, **({"history": history} if history else {})}


def turns(history: Sequence[Any]) -> Iterator[Turn]:
    """Earlier messages in any of LangChain's forms; those of systems and tools are left out."""
    for one in history:
        if isinstance(one, Turn):
            yield one
            continue
        try:
            [message] = convert_to_messages([one])
        except (ValueError, TypeError, KeyError, NotImplementedError) as exc:
            raise QuestionError(
                'each turn of history is {"role": "user" or "assistant", "content": text}, '
                "or a message of LangChain's"
            ) from exc
        if message.type in _ROLES:
            yield Turn(_ROLES[message.type], str(message.text))


def own_documents(documents: Sequence[Any]) -> list[Document]:
    """Documents of ours, also where LangChain's are given; `DocumentError` for anything else.

    One of LangChain's needs no id: its place in the list is one. Its metadata may name title,
    source, publisher and date.
    """
    if isinstance(documents, str | Document | LangChainDocument):
        raise DocumentError(
            f"documents are a list, not one {type(documents).__name__}; put it in [ ]"
        )
    return [_own(document, number) for number, document in enumerate(documents)]


def _own(given: Any, number: int) -> Document:
    if isinstance(given, Document):
        return given
    if not isinstance(given, LangChainDocument):
        kind = type(given).__name__
        raise DocumentError(
            f"document {number} is {kind}, not a Document; "
            'write Document(id="d0", title="…", text="…"), or load_documents(path) for files'
        )
    id = given.id or f"document-{number}"
    title, source, publisher, date = (
        str(given.metadata.get(name) or "") for name in ("title", "source", "publisher", "date")
    )
    return Document(id, title or id, given.page_content, source, publisher, date)


def invoke_traced(
    chain: Runnable[Any, Answer], asked: Any, given: Any, config: RunnableConfig | None
) -> Answer:
    """The chain's answer, as one run of LangChain's that keeps the answer and its text.

    "output" is the text because `RunnableWithMessageHistory` writes down what it finds
    under that name, and takes nothing but text and messages.
    """
    config = ensure_config(config)
    run = get_callback_manager_for_config(config).on_chain_start(
        None, given, name=config.get("run_name") or "Assistant", run_id=config.pop("run_id", None)
    )
    try:
        answer = chain.invoke(asked, patch_config(config, callbacks=run.get_child()))
    except BaseException as exc:
        run.on_chain_error(exc)
        raise
    run.on_chain_end({"output": answer.text, "answer": answer})
    return answer
