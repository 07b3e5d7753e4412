"""What a visitor is told when something fails: the message without this machine's paths."""

from __future__ import annotations

import re

from askali import AskaliError, DocumentError, QuestionError, SettingsError

_PATH = re.compile(r"(?:[A-Za-z]:)?(?:[\\/][^\\/\s'\":;,]+)+[\\/](?P<name>[^\\/\s'\":;,]+)")


def public_message(error: AskaliError) -> str:
    """The error's message; of a path only its last part is left."""
    return _PATH.sub(r"…/\g<name>", str(error))


def http_status(error: AskaliError) -> int:
    """400 for what the caller can mend, 404 for an unknown document, else 503."""
    if isinstance(error, DocumentError):
        return 404
    return 400 if isinstance(error, QuestionError | SettingsError) else 503
