"""What a chat model's error means: one sentence a person can act on, without its words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """`says` is what happened and what to do; `is_passing` is true if a second attempt
    a moment later may do better."""

    says: str
    is_passing: bool = False


def explain(exc: BaseException, name: str, timeout_s: float) -> Fault:
    """The fault behind a vendor's exception, known by its type, its HTTP status or the
    name of its type."""
    chain = list(_causes(exc))
    status = next((code for code in map(_status, chain) if code), 0)
    kinds = " ".join(kind.__name__ for one in chain for kind in type(one).__mro__)
    if isinstance(exc, TimeoutError) or "Timeout" in kinds:
        return Fault(f"{name} gave no answer in time; raise llm_timeout_s = {timeout_s:g}", True)
    if "ContextOverflow" in kinds:
        return Fault(f"{name} cannot read that much at once; choose a model with a longer context")
    for known, says, is_passing in _BY_STATUS:
        if status in known:
            return Fault(says.format(name=name, status=status, key=key_variable(name)), is_passing)
    return _without_status(chain, kinds, name, status)


_BY_STATUS: tuple[tuple[frozenset[int], str, bool], ...] = (
    (frozenset({401, 403}), "{name} refuses the key ({status}); check {key}", False),
    (frozenset({404}), "{name} is not known at that address (404); check the model's name", False),
    (frozenset({429}), "{name} is busy or the quota is used up (429); wait a moment", True),
    (frozenset({400, 413, 422}), "{name} rejects the request ({status}); try another model", False),
)


def _without_status(chain: list[BaseException], kinds: str, name: str, status: int) -> Fault:
    if _lacks_key(chain):
        return Fault(f"{name} needs a key; set {key_variable(name)} in the environment")
    if re.search("Protocol|JSONDecode|ReadError|UnicodeDecode|StreamError", kinds):
        return Fault(f"{name} broke off or sent what is no chat completion; try again", True)
    if "Connect" in kinds or isinstance(chain[-1], ConnectionError):
        return Fault(
            f"{name} cannot be reached; is its server running, and the address right?", True
        )
    kind = f"HTTP status {status}" if status else type(chain[0]).__name__
    return Fault(f"{name} failed ({kind}); try again, or ask with --llm none", status >= 500)


def key_variable(name: str) -> str:
    """The environment variable of the provider's key: "OPENAI_API_KEY"."""
    provider = name.partition(":")[0] if ":" in name else "openai"
    return f"{re.sub('[^A-Z0-9]', '_', provider.upper())}_API_KEY"


def _lacks_key(chain: list[BaseException]) -> bool:
    """True for the several ways in which vendors say that no key was given."""
    says = " ".join(str(one) for one in chain).lower()
    return any(words in says for words in ("missing credentials", "api_key", "api key"))


def _causes(exc: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    one: BaseException | None = exc
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or one.__context__


def _status(exc: BaseException) -> int:
    """The HTTP status that an exception or its response carries; 0 if none."""
    for owner in (exc, getattr(exc, "response", None)):
        code = getattr(owner, "status_code", None)
        if isinstance(code, int):
            return code
    return 0
