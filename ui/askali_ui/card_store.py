"""What was found out about documents once, kept in askali's own folder under the index's stamp."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from askali import Answer, AskaliError, Assistant, Shape
from askali.serving.http import schemas as wire

_SUMMARISE = "Summarise the document in three sentences."
_VERSION = 3


def summary_of(assistant: Assistant, ids: Sequence[str]) -> Answer | None:
    """A cited summary of one document; None where there is none or there are several."""
    if len(ids) != 1:
        return None
    answer = assistant.ask(_SUMMARISE, documents=ids)
    return answer if answer.shape is Shape.SUMMARY and not answer.abstained else None


def read(home: Path, stamp: str) -> dict[str, Any] | None:
    """Questions and summary as `write` kept them; None where they are not, or unreadable."""
    if not stamp:
        return None
    try:
        kept = json.loads(_path(home, stamp).read_text("utf-8"))
        summary = wire.answer(kept["summary"]) if kept["summary"] else None
    except (OSError, ValueError, KeyError, AskaliError):
        return None
    return {"questions": kept["questions"], "summary": summary}


def write(
    home: Path, stamp: str, questions: Sequence[dict[str, Any]], summary: Answer | None
) -> None:
    """Keep them; a folder that cannot be written to costs only the time of the next start."""
    if not stamp:
        return
    kept = {"questions": list(questions), "summary": summary.to_dict() if summary else None}
    path = _path(home, stamp)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(kept, ensure_ascii=False), "utf-8")
    except OSError:
        return


def _path(home: Path, stamp: str) -> Path:
    return home / "page" / f"{stamp[:32]}-{_VERSION}.json"
