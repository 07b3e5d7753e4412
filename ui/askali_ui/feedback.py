"""What a reader thought of an answer, as a case that waits for review.

One JSON object a line in ``<home>/feedback/pending.jsonl``; `askali eval` reads it.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from askali import Answer, AskaliError

VERDICTS = {
    "good": "Good",
    "wrong_answer": "Wrong answer",
    "wrong_source": "Wrong source",
    "should_abstain": "Should have said “not in the source”",
}
MAX_NOTE_CHARS = 2000
_WRITING = threading.Lock()


class FeedbackError(AskaliError):
    """The verdict is unknown or the file cannot be written."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """A verdict on one answer; `history` holds the questions before it."""

    answer: Answer
    verdict: str
    note: str = ""
    history: Sequence[str] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, the keys of a pending case."""
        return {
            "id": uuid4().hex,
            "question": self.answer.question,
            "history": list(self.history),
            "verdict": self.verdict,
            "note": self.note[:MAX_NOTE_CHARS],
            "answer_text": self.answer.text,
            "citations": [
                {"document_id": c.document_id, "start": c.start, "end": c.end, "quote": c.quote}
                for c in self.answer.citations
            ],
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
        }


def save(feedback: Feedback, home: Path) -> None:
    """Append one line; raises `FeedbackError` with the reason when it cannot."""
    if feedback.verdict not in VERDICTS:
        raise FeedbackError(f"verdict {feedback.verdict!r}: expected one of {', '.join(VERDICTS)}")
    path = home / "feedback" / "pending.jsonl"
    line = json.dumps(feedback.to_dict(), ensure_ascii=False) + "\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _WRITING, path.open("a", encoding="utf-8") as file:
            file.write(line)
    except OSError as exc:
        raise FeedbackError(f"feedback was not saved: {exc.strerror}") from exc
