"""What clients of OpenAI's protocol send: honoured, known to be harmless, or refused in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from askali.domain import Shape
from askali.serving.http.http_errors import Refused
from askali.serving.http.openai_text import without_footnotes

MODEL = "askali"

HARMLESS = frozenset(
    """temperature top_p seed user metadata store presence_penalty frequency_penalty logit_bias
    service_tier parallel_tool_calls safety_identifier prompt_cache_key prompt_cache_retention
    reasoning_effort verbosity tools functions""".split()
)
"""Accepted and not used: they steer how a model samples, or offer tools that need not be
called; an answer of quotes is the same with and without them."""

_UNREAD = ("image", "image_url", "file", "audio")
"""How parts of a message are called that are no text, in both protocols."""

_HISTORY_MESSAGES = 40
_HISTORY_CHARS = 20_000
"""Of a long conversation the last messages are read, of a long message its beginning."""


class ChatMessage(BaseModel):
    """A message. Only text is read; those of the roles system, developer and tool are not."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str = ""

    @field_validator("content", mode="before")
    @classmethod
    def _in_one_piece(cls, given: Any) -> Any:
        """Many clients send a list of parts: the text of those that have one. A picture or a
        file among them is refused, since an answer would look as if it had been read."""
        if not isinstance(given, list):
            return "" if given is None else given
        kinds = [str(part.get("type", "")) for part in given if isinstance(part, Mapping)]
        if unread := [kind for kind in kinds if kind.endswith(_UNREAD)]:
            raise ValueError(f"askali reads text only, no {unread[0]!r}; leave it out")
        texts = (part.get("text") for part in given if isinstance(part, Mapping))
        return "\n".join(text for text in texts if isinstance(text, str))


class StreamOptions(BaseModel):
    """`include_usage` asks for a last chunk with the numbers."""

    include_usage: bool = False


class ChatRequest(BaseModel):
    """The fields that mean something here, and those that are checked; see `HARMLESS` too."""

    model_config = ConfigDict(extra="allow")

    messages: list[ChatMessage]
    model: str = Field(MODEL, max_length=200)
    stream: bool = False
    stream_options: StreamOptions | None = None
    stop: str | list[str] | None = None
    n: int | None = None
    max_tokens: int | None = Field(None, ge=1, description="Words and signs, not a model's tokens")
    max_completion_tokens: int | None = Field(None, ge=1)
    response_format: dict[str, Any] | None = None
    tool_choice: Any = None
    function_call: Any = None
    logprobs: bool | None = None
    top_logprobs: int | None = None
    modalities: list[str] | None = None
    documents: list[str] | None = Field(
        None, description="Ask only these documents; an extension of askali's"
    )
    shape: Shape | None = Field(None, description="The form of the answer; an extension")

    @property
    def stops(self) -> list[str]:
        """Where the text is cut off."""
        return [self.stop] if isinstance(self.stop, str) else list(self.stop or ())

    @property
    def most(self) -> int | None:
        """How long the text may be."""
        return self.max_completion_tokens or self.max_tokens


def check_model(name: str) -> None:
    """Raises for any model but the one there is."""
    if name != MODEL:
        told = f"the model {name[:80]!r} does not exist; this server has {MODEL!r}"
        raise Refused(404, told, "model_not_found", "model")


def check_request(request: ChatRequest) -> None:
    """Raises `Refused` for what cannot be honoured."""
    check_model(request.model)
    check_extensions(request, HARMLESS)
    if request.n not in (None, 1):
        told = f"n = {request.n}: askali gives one answer; leave n out"
        raise Refused(400, told, "unsupported_value", "n")
    if request.logprobs or request.top_logprobs:
        told = "askali gives no log-probabilities; leave logprobs out"
        raise Refused(400, told, "unsupported_value", "logprobs")
    if request.modalities and request.modalities != ["text"]:
        raise Refused(400, "askali answers in text only", "unsupported_value", "modalities")
    if any(not stop for stop in request.stops) or len(request.stops) > 4:
        told = "stop is one to four texts, none of them empty"
        raise Refused(400, told, "invalid_value", "stop")


def check_extensions(request: Any, harmless: Collection[str]) -> None:
    """What both protocols refuse: unknown parameters, tools that must be called, no document."""
    for name, value in (request.model_extra or {}).items():
        if name not in harmless and value is not None:
            told = f"askali has no parameter {name!r}; leave it out"
            raise Refused(400, told, "unsupported_parameter", name)
    for name in ("tool_choice", "function_call"):
        if getattr(request, name, None) not in (None, "auto", "none"):
            told = f"askali calls no tools, so {name} may be 'auto' or 'none'"
            raise Refused(400, told, "unsupported_value", name)
    if request.documents == []:
        told = "documents is an empty list; name some, or leave it out to ask all"
        raise Refused(400, told, "invalid_value", "documents")


def asked_by(messages: list[ChatMessage]) -> dict[str, Any]:
    """The last user message is the question; the users' and assistants' before are history."""
    said = [m for m in messages if m.role not in ("system", "developer")]
    if said and said[-1].role in ("tool", "function"):
        told = (
            "the last message is a tool's; askali calls no tools, so end with the user's question"
        )
        raise Refused(400, told, "invalid_value", "messages")
    if not said or said[-1].role != "user":
        told = "the last message must be the user's question"
        raise Refused(400, told, "invalid_value", "messages")
    earlier = [m for m in said[:-1] if m.role in ("user", "assistant")][-_HISTORY_MESSAGES:]
    history = [
        {"role": m.role, "content": without_footnotes(m.content)[:_HISTORY_CHARS]} for m in earlier
    ]
    return {"question": said[-1].content, "history": history}
