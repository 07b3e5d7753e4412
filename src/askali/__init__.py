"""askali: ask a document, get short answers whose every claim cites its exact words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from askali.assistant import Assistant
    from askali.domain import (
        Answer,
        Citation,
        Claim,
        ClaimVerified,
        Document,
        Event,
        EvidenceFound,
        Finished,
        Hit,
        Passage,
        Reason,
    )
    from askali.errors import AskaliError
    from askali.prompts import ABSTENTION
    from askali.settings import Settings

__version__ = "0.1.0"

_HOME = {
    "Assistant": "assistant",
    "AskaliError": "errors",
    "ABSTENTION": "prompts",
    "Settings": "settings",
}

__all__ = [
    "ABSTENTION",
    "Answer",
    "AskaliError",
    "Assistant",
    "Citation",
    "Claim",
    "ClaimVerified",
    "Document",
    "Event",
    "EvidenceFound",
    "Finished",
    "Hit",
    "Passage",
    "Reason",
    "Settings",
    "__version__",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: ``askali --help`` must not wait."""
    if name not in __all__:
        raise AttributeError(f"module 'askali' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"askali.{_HOME.get(name, 'domain')}"), name)
