"""A page that documents the API, made from its own OpenAPI description; no script."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape as text
from typing import Any

_EXAMPLE = """curl -s http://localhost:7860/api/ask \\
  -H 'Content-Type: application/json' \\
  -d '{"question": "Who opened the bridge, and when?"}'"""


def manual_html(description: Mapping[str, Any], root: str = "") -> str:
    """Each path with its summary and the fields of its request; `root` is the path that the
    server has behind a proxy."""
    root = text(root)
    schemas = description.get("components", {}).get("schemas", {})
    paths = "".join(
        f"<h2><code>{text(verb.upper())} {text(path)}</code></h2>"
        f"<p>{text(operation.get('summary', ''))}</p>{_request(operation, schemas)}"
        for path, operations in description["paths"].items()
        for verb, operation in operations.items()
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>askali API</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="stylesheet" href="{root}/askali/askali.css"></head><body class="manual">'
        '<main class="askali"><h1>askali API</h1><p>JSON in, JSON out. The description for'
        f' machines is at <a href="{root}/api/openapi.json">{root}/api/openapi.json</a>.</p>'
        f"<pre>{text(_EXAMPLE)}</pre>{paths}</main></body></html>"
    )


def _request(operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "").rsplit("/", 1)[-1]
    if name not in schemas:
        return ""
    return f"<pre>{text(json.dumps(schemas[name].get('properties', {}), indent=2))}</pre>"
