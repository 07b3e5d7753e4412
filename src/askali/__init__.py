"""askali: ask a document, get short answers whose every claim cites its exact words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from askali._moved import keep_old_paths

if TYPE_CHECKING:
    from askali.assistant import Assistant
    from askali.documents import load_documents, readable_suffixes
    from askali.documents.chunking import split_sentences
    from askali.domain import (
        Answer,
        Cell,
        Citation,
        Claim,
        Document,
        Hit,
        Item,
        Passage,
        Reason,
        Sentence,
        Shape,
        Standing,
        Table,
    )
    from askali.errors import AskaliError, DocumentError, QuestionError, SettingsError
    from askali.messages import ABSTENTION, HINTS, REASONS, SEARCHED_FOR
    from askali.settings import Settings
    from askali.streaming import (
        ClaimVerified,
        Event,
        EvidenceFound,
        Finished,
        FirstLook,
        PassagesRead,
    )
    from askali.text.tables import head_rows, is_row

__version__ = "0.1.0"

keep_old_paths()

_HOME = {
    "Assistant": "assistant",
    "load_documents": "documents",
    "readable_suffixes": "documents",
    "AskaliError": "errors",
    "DocumentError": "errors",
    "QuestionError": "errors",
    "SettingsError": "errors",
    "ABSTENTION": "messages",
    "HINTS": "messages",
    "REASONS": "messages",
    "SEARCHED_FOR": "messages",
    "split_sentences": "documents.chunking",
    "Settings": "settings",
    "ClaimVerified": "streaming",
    "Event": "streaming",
    "EvidenceFound": "streaming",
    "Finished": "streaming",
    "FirstLook": "streaming",
    "PassagesRead": "streaming",
    "head_rows": "text.tables",
    "is_row": "text.tables",
}

__all__ = [
    "ABSTENTION",
    "HINTS",
    "REASONS",
    "SEARCHED_FOR",
    "Answer",
    "AskaliError",
    "Assistant",
    "Cell",
    "Citation",
    "Claim",
    "ClaimVerified",
    "Document",
    "DocumentError",
    "Event",
    "EvidenceFound",
    "Finished",
    "FirstLook",
    "Hit",
    "Item",
    "Passage",
    "PassagesRead",
    "QuestionError",
    "Reason",
    "Sentence",
    "Settings",
    "SettingsError",
    "Shape",
    "Standing",
    "Table",
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
