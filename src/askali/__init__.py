"""askali: ask a document, get short answers whose every claim cites its exact words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from askali.assistant import Assistant
    from askali.documents import load_documents, readable_suffixes
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
        Sentence,
        Standing,
    )
    from askali.errors import AskaliError, DocumentError, QuestionError, SettingsError
    from askali.prompts import ABSTENTION, HINTS, REASONS, SEARCHED_FOR
    from askali.segment import split_sentences
    from askali.settings import Settings
    from askali.tables import head_rows, is_row

__version__ = "0.1.0"

_HOME = {
    "Assistant": "assistant",
    "load_documents": "documents",
    "readable_suffixes": "documents",
    "AskaliError": "errors",
    "DocumentError": "errors",
    "QuestionError": "errors",
    "SettingsError": "errors",
    "ABSTENTION": "prompts",
    "HINTS": "prompts",
    "REASONS": "prompts",
    "SEARCHED_FOR": "prompts",
    "split_sentences": "segment",
    "Settings": "settings",
    "head_rows": "tables",
    "is_row": "tables",
}

__all__ = [
    "ABSTENTION",
    "HINTS",
    "REASONS",
    "SEARCHED_FOR",
    "Answer",
    "AskaliError",
    "Assistant",
    "Citation",
    "Claim",
    "ClaimVerified",
    "Document",
    "DocumentError",
    "Event",
    "EvidenceFound",
    "Finished",
    "Hit",
    "Passage",
    "QuestionError",
    "Reason",
    "Sentence",
    "Settings",
    "SettingsError",
    "Standing",
    "__version__",
    "head_rows",
    "is_row",
    "load_documents",
    "readable_suffixes",
    "split_sentences",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: ``askali --help`` must not wait."""
    if name not in __all__:
        raise AttributeError(f"module 'askali' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"askali.{_HOME.get(name, 'domain')}"), name)
