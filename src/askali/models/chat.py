"""Chat models of any vendor: opened by name, bounded in time, their errors made ours.

Keys come from the vendor's own environment variable. No message of askali repeats
what a vendor's error says, for a server may echo a key.
"""

from __future__ import annotations

import contextlib
import contextvars
import os
import queue
import random
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from askali.errors import ModelError, SettingsError
from askali.models.chat_errors import explain
from askali.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

MAX_OUTPUT_CHARS = 20_000
"""A model that writes more has lost its way; the rest is not read."""

Message = tuple[str, str]
"""Role ("system", "human" or "ai") and text."""

_NO_KEY = "none"
_EXTRAS = {"langchain_openai": "askali[openai]"}


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat model with its limits. `stream` and `say` raise only `ModelError`."""

    model: BaseChatModel
    name: str
    timeout_s: float = 60.0
    retries: int = 2
    backoff_s: float = 0.5

    def say(self, messages: Sequence[Message]) -> str:
        """The whole text of the model's reply; `ModelError` if it is empty."""
        text = "".join(self.stream(messages)).strip()
        if not text:
            raise ModelError(f"{self.name} wrote nothing; try again, or choose another --llm")
        return text

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """The reply piece by piece. Closing it stops the model at its next piece.

        A busy or unreachable model is asked again, with doubling waits, as long as
        nothing was written yet and `timeout_s` for the whole reply is not over.
        """
        deadline = time.monotonic() + self.timeout_s
        for attempt in range(self.retries + 1):
            wrote = False
            try:
                for piece in _pieces(self.model, messages, deadline):
                    wrote = True
                    yield piece
                return
            except Exception as exc:  # a vendor raises what it likes
                fault = explain(exc, self.name, self.timeout_s)
                wait_s = self.backoff_s * 2**attempt * random.uniform(0.75, 1.25)  # noqa: S311
                last = attempt == self.retries or time.monotonic() + wait_s >= deadline
                if wrote or last or not fault.is_passing:
                    raise ModelError(fault.says) from None  # the vendor's words may hold a key
            time.sleep(wait_s)


def open_chat(settings: Settings, model: BaseChatModel | None = None) -> Chat:
    """The settings' chat model, or the given one, with the settings' limits."""
    name = settings.llm if model is None else type(model).__name__
    return Chat(
        model=model or open_chat_model(settings),
        name=name,
        timeout_s=settings.llm_timeout_s,
        retries=settings.llm_retries,
        backoff_s=settings.llm_backoff_s,
    )


def open_chat_model(settings: Settings) -> BaseChatModel:
    """The model that `settings.llm` names, for example "ollama:qwen3:8b"; with
    `settings.base_url`, the model of that name on an OpenAI-compatible server.

    Raises `SettingsError` for a name of no known provider or an address that is none,
    `ModelError` where the provider's package or key is missing. Nothing is sent yet.
    """
    from langchain.chat_models import init_chat_model

    name = check_name(settings)
    options: dict[str, Any] = {
        "timeout": settings.llm_timeout_s,
        "max_retries": 0,  # `Chat` retries, the same way for every vendor
    }
    if settings.base_url:
        options |= {"base_url": settings.base_url, "model_provider": "openai"}
        options |= {"use_responses_api": False}  # servers of this kind rarely have it
        if not os.environ.get("OPENAI_API_KEY"):
            options["api_key"] = _NO_KEY  # a server of one's own needs none
        name = name.removeprefix("openai:")
    try:
        plain: BaseChatModel = init_chat_model(name, **options)
        model: BaseChatModel = init_chat_model(name, **options, **_sampling(plain, settings))
        return model
    except ImportError as exc:
        raise ModelError(_missing_package(name, exc)) from None
    except ValueError as exc:
        if "nfer model provider" in str(exc) or "Unsupported provider" in str(exc):
            raise SettingsError(_unknown(settings.llm)) from None
        raise ModelError(explain(exc, settings.llm, settings.llm_timeout_s).says) from None
    except Exception as exc:  # each vendor has its own for a missing key
        raise ModelError(explain(exc, settings.llm, settings.llm_timeout_s).says) from None


def _sampling(model: BaseChatModel, settings: Settings) -> dict[str, Any]:
    """The same answer each time, in few words; but some models refuse a temperature, and
    one that thinks first would have no words left."""
    profile = model.profile or {}
    chosen: dict[str, Any] = {}
    if profile.get("temperature", True):
        chosen["temperature"] = 0
    if not profile.get("reasoning_output"):
        chosen["max_tokens"] = settings.llm_max_tokens
    return chosen


def check_name(settings: Settings) -> str:
    """`settings.llm`, if it and `settings.base_url` can name a chat model."""
    name, url = settings.llm.strip(), settings.base_url
    if not name.strip(":"):
        raise SettingsError(_unknown(name))
    if url is not None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SettingsError('base_url: not an address such as "http://127.0.0.1:8080/v1"')
        if parts.username or parts.password or parts.query:
            raise SettingsError(
                "base_url: holds a user, password or query; set the key in OPENAI_API_KEY instead"
            )
    return name


def _unknown(name: str) -> str:
    return (
        f'llm = {name!r}: not "none", "auto", "local" or a chat model with its provider, such as '
        '"ollama:qwen3", "openai:gpt-5" or "anthropic:claude-sonnet-5"; '
        "a server of your own also needs --base-url"
    )


def _missing_package(name: str, exc: ImportError) -> str:
    package = next(
        (word.strip("`.") for word in str(exc).split() if word.startswith("langchain-")),
        exc.name or "its package",
    )
    wanted = _EXTRAS.get(package.replace("-", "_"), package)
    return f"{name} needs a package that is not installed; run: pip install '{wanted}'"


_END = object()


def _pieces(model: BaseChatModel, messages: Sequence[Message], deadline: float) -> Iterator[str]:
    """The model's text, read in a thread of its own: whoever waits here can stop or
    reach the deadline while the model is silent."""
    arrived: queue.SimpleQueue[Any] = queue.SimpleQueue()
    stopped = threading.Event()
    run = contextvars.copy_context().run  # callbacks of a surrounding chain stay in force
    reader = threading.Thread(
        target=run, args=(_read, model, messages, arrived, stopped), name="askali-llm", daemon=True
    )
    reader.start()
    length = 0
    try:
        while (piece := _next(arrived, deadline)) is not _END and length < MAX_OUTPUT_CHARS:
            if isinstance(piece, BaseException):
                raise piece
            length += len(piece)
            yield piece
    finally:
        stopped.set()


def _next(arrived: queue.SimpleQueue[Any], deadline: float) -> Any:
    try:
        return arrived.get(timeout=max(deadline - time.monotonic(), 0.0))
    except queue.Empty:
        raise TimeoutError from None


def _read(
    model: BaseChatModel,
    messages: Sequence[Message],
    arrived: queue.SimpleQueue[Any],
    stopped: threading.Event,
) -> None:
    try:
        with contextlib.closing(model.stream(list(messages))) as chunks:  # type: ignore[type-var]
            for chunk in chunks:
                if stopped.is_set():
                    return
                if chunk.text:
                    arrived.put(str(chunk.text))
        arrived.put(_END)
    except BaseException as exc:  # handed to the thread that waits for it
        arrived.put(exc)
