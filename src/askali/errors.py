"""Every error that leaves askali, with the exit code of the command line.

AskaliError                1
├── SettingsError          3   a setting is unknown or has an unusable value
├── QuestionError          4   the question is empty, too long or not text
├── DocumentError          5   a document is missing, empty, binary or unreadable
├── WeightsError           6   model weights are missing or not the pinned bytes
├── StorageError           7   the disk is full, read-only or not permitted
│   ├── IndexLocked        7   another process is writing the index
│   ├── IndexStale         7   the index was made by another version or encoder
│   ├── IndexBroken        7   the index does not open or fails its check
│   └── ServerUnreachable  7   the Chroma server does not answer
└── ModelError             8   a chat model is missing, refuses or misbehaves

A message says what happened, with which value, and after its last semicolon what to do next.
Exit code 2 is a wrong command line, 9 an index that lacks files which could not be
read, 130 an interrupt.
"""

from __future__ import annotations


class AskaliError(Exception):
    """Base of all errors; `exit_code` is what the command line returns."""

    exit_code = 1

    @property
    def problem(self) -> str:
        """What happened."""
        message = str(self)
        return message.rpartition("; ")[0] or message

    @property
    def fix(self) -> str:
        """What to do next; empty where the message does not say."""
        return str(self).rpartition("; ")[2] if "; " in str(self) else ""


class SettingsError(AskaliError):
    """A setting is unknown or has an unusable value."""

    exit_code = 3


class QuestionError(AskaliError):
    """The question is empty, too long or not text."""

    exit_code = 4


class DocumentError(AskaliError):
    """A document is missing, empty, binary or unreadable."""

    exit_code = 5


class WeightsError(AskaliError):
    """Model weights are missing or are not the pinned bytes."""

    exit_code = 6


class StorageError(AskaliError):
    """The disk is full, read-only or not permitted."""

    exit_code = 7


class IndexLocked(StorageError):
    """Another process is writing the index."""


class IndexStale(StorageError):
    """The index was made by another version, encoder or segmentation."""


class IndexBroken(StorageError):
    """The index does not open or fails its check."""


class ServerUnreachable(StorageError):
    """The Chroma server does not answer."""


class ModelError(AskaliError):
    """A chat model is missing, refuses or misbehaves."""

    exit_code = 8
