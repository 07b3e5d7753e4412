"""An answer as the text of one message: footnotes, cuts, counts, and JSON by a schema."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from askali.domain import Answer, Citation
from askali.messages import HINTS, REASONS
from askali.serving.http.http_errors import Refused
from askali.text.visible import inert

_RULE = "\n\n---\n"
"""Stands between an answer and its footnotes; in Markdown it is a line."""

_TOKEN = re.compile(r"\w+|[^\w\s]")


def count_tokens(text: str) -> int:
    """Words and signs: no model's tokens, for there may be no model, but near to them."""
    return sum(1 for _ in _TOKEN.finditer(text))


def footnotes(answer: Answer) -> str:
    """What stands behind the text for those who see only text: each quote with its place; for
    a refusal its reason and the nearest passage; the notes. Empty where there is nothing."""
    lines = [
        f"[{c.number}] {place(c)}"
        if " ".join(c.quote.split()) in " ".join(answer.text.split())
        else f"[{c.number}] “{' '.join(c.quote.split())}” ({place(c)})"
        for c in answer.citations
    ]
    if answer.reason:
        lines.append(f"{REASONS[answer.reason]} {HINTS[answer.reason]}")
    if answer.nearest:
        quote = " ".join(answer.nearest.quote.split())
        lines.append(f"The nearest passage: “{quote}” ({place(answer.nearest)})")
    lines += [f"Note: {note}" for note in answer.notes]
    return _RULE + inert("\n\n".join(lines)) if lines else ""


def message(answer: Answer) -> str:
    """The answer as one message: clients show it as Markdown, so what a document wrote is inert."""
    return inert(answer.text) + footnotes(answer)


def place(citation: Citation) -> str:
    """Title, heading and page."""
    page = f"page {citation.page}" if citation.page else ""
    parts = (citation.title or citation.document_id, citation.heading, page)
    return " · ".join(dict.fromkeys(part for part in parts if part))


def without_footnotes(text: str) -> str:
    """An answer as it comes back to us in a conversation: its text alone."""
    return text.partition(_RULE)[0]


class Cut:
    """Lets text through up to the first of `stops` or `most` words and signs.

    `reason` is "stop" or "length" once something was cut off, else "".
    """

    def __init__(self, stops: list[str], most: int | None) -> None:
        self._stops, self._most = stops, most
        self._held = max((len(stop) - 1 for stop in stops), default=0)
        self._all, self._given = "", 0
        self.reason = ""

    def add(self, piece: str) -> str:
        """As much as may be shown; the end may be the beginning of a stop, and waits."""
        return self._show(piece, self._held)

    def end(self) -> str:
        """What waited."""
        return self._show("", 0)

    def _show(self, piece: str, held: int) -> str:
        if self.reason:
            return ""
        self._all += piece
        found = [at for stop in self._stops if (at := self._all.find(stop)) >= 0]
        if found:
            self._all, self.reason = self._all[: min(found)], "stop"
        words = list(_TOKEN.finditer(self._all)) if self._most else []
        if self._most and len(words) > self._most:
            self._all, self.reason = self._all[: words[self._most - 1].end()], "length"
        end = len(self._all) if self.reason else max(self._given, len(self._all) - held)
        shown, self._given = self._all[self._given : end], end
        return shown


def schema_in(response_format: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The schema that an answer is to follow, {} for any, None for plain text.

    Raises `Refused` for one that askali could never fill.
    """
    kind = (response_format or {}).get("type", "text")
    if kind == "text":
        return None
    if kind == "json_object":
        return {}
    schema = (response_format or {}).get("json_schema", response_format)
    schema = schema.get("schema") if isinstance(schema, Mapping) else None
    if kind != "json_schema" or not isinstance(schema, dict):
        told = "response_format is text, json_object, or json_schema with a schema"
        raise Refused(400, told, "invalid_value", "response_format")
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as exc:
        told = f"the schema of response_format is none: {exc.message}"
        raise Refused(400, told, "invalid_value", "response_format") from exc
    known = _values(Answer("", "", ""))
    unknown = [name for name in schema.get("required", ()) if name not in known]
    if unknown:
        raise _unfillable(f"has no {', '.join(unknown)}")
    return schema


def as_json(answer: Answer, schema: Mapping[str, Any]) -> str:
    """The answer as one JSON object: by the schema, or with all that there is."""
    values = _values(answer)
    if not schema:
        names = ("answer", "abstained", "reason", "shape", "citations", "items", "table", "notes")
        return json.dumps({name: values[name][0] for name in names}, ensure_ascii=False)
    shared = {"$defs": schema.get("$defs", {}), "definitions": schema.get("definitions", {})}
    filled = {}
    for name, wanted in schema.get("properties", {}).items():
        rule = Draft202012Validator({**shared, **wanted} if isinstance(wanted, dict) else wanted)
        fitting = [v for v in _fitted(values.get(name, []), wanted, shared) if rule.is_valid(v)]
        if fitting:
            filled[name] = fitting[0]
    for error in Draft202012Validator(dict(schema)).iter_errors(filled):
        raise _unfillable(f"cannot fill the schema here: {error.message[:200]}")
    return json.dumps(filled, ensure_ascii=False)


def _unfillable(why: str) -> Refused:
    told = f"askali {why}; it fills {', '.join(_values(Answer('', '', '')))}"
    return Refused(400, told, "unsupported_value", "response_format")


def _values(answer: Answer) -> dict[str, list[Any]]:
    """What each known name of a schema may be filled with, best first."""
    told = json.loads(json.dumps(answer.to_dict()))
    quotes = [c["quote"] for c in told["citations"]]
    titles = list(dict.fromkeys(c["title"] for c in told["citations"]))
    text = [answer.text, answer.text or None]
    cited = [told["citations"], quotes, [c["number"] for c in told["citations"]]]
    items = [told["items"], [item["text"] for item in told["items"]]]
    return {
        **dict.fromkeys(("answer", "text", "response"), text),
        **dict.fromkeys(("citations", "quotes", "references"), cited),
        "sources": [told["citations"], titles],
        "question": [answer.question],
        "abstained": [answer.abstained],
        "answered": [not answer.abstained],
        "reason": [told["reason"], told["reason"] or ""],
        "nearest": [told["nearest"], (told["nearest"] or {}).get("quote", "")],
        "confidence": [answer.confidence],
        "shape": [told["shape"]],
        "items": items,
        "table": [told["table"]],
        "notes": [told["notes"], " ".join(answer.notes)],
        "suggestions": [told["suggestions"]],
    }


def _fitted(candidates: list[Any], wanted: Any, shared: Mapping[str, Any]) -> list[Any]:
    """The candidates, and before them those whose entries keep only the fields that an array's
    schema names: strict schemas allow no others."""
    entry = wanted.get("items") if isinstance(wanted, dict) else None
    if isinstance(entry, dict) and str(entry.get("$ref", "")).startswith("#/"):
        _, kind, name = entry["$ref"].split("/", 2)
        entry = shared.get(kind, {}).get(name)
    fields = entry.get("properties") if isinstance(entry, dict) else None
    if not fields:
        return candidates
    kept = [
        [{name: one[name] for name in fields if name in one} for one in value]
        for value in candidates
        if isinstance(value, list) and all(isinstance(one, dict) for one in value)
    ]
    return kept + candidates


def beside(answer: Answer) -> dict[str, Any]:
    """What a message carries that OpenAI's has not."""
    return {
        "citations": [asdict(citation) for citation in answer.citations],
        "abstained": answer.abstained,
        "notes": list(answer.notes),
    }
