"""What a visitor is told when something fails: one shape, plain words, none of our paths."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.routing import Match, Route

from askali.errors import AskaliError, DocumentError, QuestionError, SettingsError
from askali.serving.http.queue import LineFull

_PATH = re.compile(r"(?:[A-Za-z]:)?(?:[\\/][^\\/\s'\":;,]+)+[\\/](?P<name>[^\\/\s'\":;,]+)")
_VERBS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
_FOR_A_TERMINAL = re.compile(r"\baskali [a-z]|(?<!\w)--\w")
"""Advice that only who sits at the machine can follow."""

_WRONG = {
    "string_type": "has to be text",
    "list_type": "has to be a list",
    "bool_type": "has to be true or false",
    "bool_parsing": "has to be true or false",
    "int_type": "has to be a whole number",
    "int_parsing": "has to be a whole number",
    "int_from_float": "has to be a whole number",
    "dict_type": "has to be an object",
    "model_type": "has to be an object",
    "model_attributes_type": "has to be an object",
    "missing": "is missing",
    "string_too_long": "is longer than {max_length:,} characters",
    "too_long": "has more than {max_length:,} entries",
    "too_short": "is an empty list; leave it out instead",
    "greater_than_equal": "has to be {ge} or more",
    "less_than_equal": "has to be {le} or less",
    "enum": "has to be one of {expected}",
    "literal_error": "has to be one of {expected}",
}
"""Pydantic's kinds of errors in words; its own words speak of Python."""


class Refused(Exception):
    """A request that is answered with this status, message, code and parameter."""

    def __init__(self, status: int, message: str, code: str, param: str | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.param = status, code, param


def public_message(error: AskaliError) -> str:
    """The error's message; of a path only its last part is left, and no advice to type a
    command."""
    told = error.problem if _FOR_A_TERMINAL.search(error.fix) else str(error)
    return _PATH.sub(r"…/\g<name>", told)


def http_status(error: AskaliError) -> int:
    """400 for what the caller can mend, 404 for an unknown document, else 503."""
    if isinstance(error, DocumentError):
        return 404
    return 400 if isinstance(error, QuestionError | SettingsError) else 503


def error_body(
    status: int, message: str, code: str | None = None, param: str | None = None
) -> dict[str, Any]:
    """The one shape of an error; `type` and `code` as OpenAI's clients expect them."""
    kinds = {401: "authentication_error", 429: "rate_limit_error"}
    kind = kinds.get(status, "server_error" if status >= 500 else "invalid_request_error")
    return {"error": {"message": message, "type": kind, "code": code, "param": param}}


def error_response(
    status: int, message: str, code: str | None = None, param: str | None = None
) -> JSONResponse:
    """`error_body` with its status."""
    return JSONResponse(error_body(status, message, code, param), status_code=status)


def body_of(error: AskaliError | LineFull) -> dict[str, Any]:
    """An error that comes within a stream."""
    if isinstance(error, AskaliError):
        return error_body(http_status(error), public_message(error), code_of(error))
    return error_body(429, str(error), "too_many_requests")


def code_of(error: AskaliError) -> str:
    """`DocumentError` is "document_error"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(error).__name__).lower()


def explained(errors: Iterable[Mapping[str, Any]], known: Iterable[str]) -> tuple[str, str]:
    """Pydantic's errors in plain words, without the values, and the first field."""
    names, told, first = list(known), [], ""
    for error in errors:
        loc = [str(part) for part in error["loc"] if part != "body"]
        name = ".".join(loc) or "the body"
        first = first or name
        if error["type"] == "extra_forbidden":
            near = get_close_matches(loc[-1], names, 1) if len(loc) == 1 else []
            meant = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(names)}"
            told.append(f"unknown field {name!r}; {meant}")
        else:
            words = _WRONG.get(error["type"])
            what = words.format(**error.get("ctx", {})) if words else error["msg"]
            told.append(f"{name}: {what}")
    return "; ".join(told), first


def add_errors(app: FastAPI) -> None:
    """Every error below /api and /v1 in the one shape; add the routes first."""

    @app.exception_handler(AskaliError)
    async def ours(_: Request, exc: AskaliError) -> JSONResponse:
        return error_response(http_status(exc), public_message(exc), code_of(exc))

    @app.exception_handler(LineFull)
    async def full(_: Request, exc: LineFull) -> JSONResponse:
        return JSONResponse(body_of(exc), status_code=429)

    @app.exception_handler(Refused)
    async def refused(_: Request, exc: Refused) -> JSONResponse:
        return error_response(exc.status, str(exc), exc.code, exc.param)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, exc: RequestValidationError) -> JSONResponse:
        return _invalid(request, exc)

    known = [route for route in app.routes if isinstance(route, Route)]

    async def nothing(request: Request, rest: str = "") -> JSONResponse:
        return _no_such_route(known, request)

    for prefix in ("/api", "/v1"):
        for path in (prefix, prefix + "/{rest:path}"):
            app.add_api_route(path, nothing, methods=_VERBS, include_in_schema=False)


def _invalid(request: Request, exc: RequestValidationError) -> JSONResponse:
    first = exc.errors()[0]
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if first["type"] == "json_invalid":
        reason = first.get("ctx", {}).get("error", "it does not parse")
        return error_response(400, f"the body is not JSON: {reason}", "invalid_json")
    if not (kind == "application/json" or kind.endswith("+json")):
        told = f"the body is sent as {kind!r}" if kind else "the body has no content type"
        return error_response(415, f"{told}; send Content-Type: application/json", "not_json")
    route = request.scope.get("route")
    field = getattr(route, "body_field", None)
    model = getattr(getattr(field, "field_info", None), "annotation", None)
    fields = getattr(model, "model_fields", {})
    message, param = explained(exc.errors(), [f.alias or name for name, f in fields.items()])
    code = "unknown_field" if first["type"] == "extra_forbidden" else "invalid_value"
    return error_response(400, message, code, param)


def _no_such_route(known: Sequence[Route], request: Request) -> JSONResponse:
    """405 where the path is known under another method, else 404."""
    path = request.url.path
    here = [route for route in known if route.matches(request.scope)[0] is not Match.NONE]
    allowed = sorted({method for route in here for method in route.methods or ()})
    if not allowed:
        told = f"there is nothing at {path}; /api tells what this server answers"
        return error_response(404, told, "not_found")
    told = f"{request.method} is not for {path}; use {' or '.join(allowed)}"
    response = error_response(405, told, "method_not_allowed")
    response.headers["allow"] = ", ".join(allowed)
    return response
