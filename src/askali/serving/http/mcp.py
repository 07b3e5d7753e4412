"""The documents as tools for other programs: MCP at `/mcp`, or on standard input and output.

Streamable HTTP, stateless: any process may serve any call. Hosts, origins, sizes
and the password are checked by the application around it. Results are small, for they
fill an agent's window: text for its model, and beside it the places for a program.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, ParamSpec, TypeVar
from urllib.parse import quote, unquote

from jsonschema import Draft202012Validator
from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ResourceError, ToolError
from mcp.server.mcpserver.resources import FunctionResource
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import CallToolResult, TextContent, ToolAnnotations
from pydantic import Field
from starlette.routing import BaseRoute, Route

from askali import Assistant, __version__
from askali.domain import Citation, Hit
from askali.errors import AskaliError, DocumentError, QuestionError
from askali.messages import HINTS, REASONS
from askali.serving.http.http_errors import public_message
from askali.serving.http.openai_text import place
from askali.serving.http.queue import Line, LineFull, turn_in
from askali.text.visible import inert, visible

ADDRESS = "/mcp"
P = ParamSpec("P")
T = TypeVar("T")

MOST_CHARS = 4_000
"""Of one result, text and places together: about a thousand tokens."""

MAX_PASSAGE_CHARS = 20_000
MOST_RESOURCES = 200
_PLACES = 12
_QUOTE_CHARS = 600
_MAX_CHARS = 100_000
_READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
_ABOUT = (
    "Answers questions about documents with their exact sentences. Each citation is "
    "document_id, start and end, counted in characters; read_passage gives the text around it. "
    "Where the answer says that the documents do not say, do not answer from elsewhere."
)

Question = Annotated[str, Field(max_length=_MAX_CHARS, description="A question or keywords")]
Offset = Annotated[int, Field(ge=0, description="Characters from the beginning")]
Within = Annotated[
    list[str] | None,
    Field(description="Only these documents: ids, sources or titles, as `documents` lists them"),
]


class _Server(MCPServer[Any]):
    """Checks arguments against the tool's own schema, so that a misspelt one is an error and
    every error is in plain words."""

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> Any:
        schema = self._tool_input_schema(name)
        if schema is None:
            known = ", ".join(tool.name for tool in await self.list_tools())
            raise ToolError(f"there is no tool {name[:80]!r}; there are {known}")
        if faults := _faults(schema, arguments):
            raise ToolError(f"{name}: {faults}")
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as exc:
            told = str(exc).removeprefix(f"Error executing tool {name}: ")
            raise type(exc)(told) from exc


def mcp_server(assistant: Assistant, line: Line) -> MCPServer[Any]:
    """The tools `documents`, `search`, `ask` and `read_passage` over one assistant, and its
    documents as resources; they only read."""
    server = _Server("askali", instructions=_ABOUT, version=__version__, log_level="WARNING")

    @server.tool(annotations=_READS)
    async def documents(
        contains: Annotated[str, Field(description="Only titles and sources with this text")] = "",
        skip: Annotated[int, Field(ge=0, description="Leave out so many, for the next page")] = 0,
    ) -> CallToolResult:
        """List the documents: id, title, source, date and length."""
        return _documents(assistant, contains, skip)

    @server.tool(annotations=_READS)
    async def search(
        query: Question,
        k: Annotated[int, Field(ge=1, le=50, description="How many passages")] = 5,
        documents: Within = None,
    ) -> CallToolResult:
        """The passages nearest to a query, best first, with where they stand."""
        hits = await _in_turn(line, assistant.search, query, k, documents=documents)
        return _hits(hits)

    @server.tool(annotations=_READS)
    async def ask(question: Question, documents: Within = None) -> CallToolResult:
        """Answer a question with cited sentences, or say that the documents do not."""
        return _answer(await _in_turn(line, assistant.ask, question, documents=documents))

    @server.tool(annotations=_READS)
    async def read_passage(document_id: str, start: Offset, end: Offset) -> CallToolResult:
        """The exact text of a document between two offsets, at most 20,000 characters."""
        return await _in_turn(line, _passage, assistant, document_id, start, end)

    _add_resources(server, assistant)
    return server


def mcp_routes(server: MCPServer[Any]) -> list[BaseRoute]:
    """Routes for an application that runs ``server.session_manager`` while it serves; the
    address is also answered with a stroke at its end, which many clients add."""
    guarded = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    app = server.streamable_http_app(
        streamable_http_path=ADDRESS,
        json_response=True,
        stateless_http=True,
        transport_security=guarded,
    )
    routes = list(app.routes)
    again = [r for r in routes if isinstance(r, Route) and r.path == ADDRESS]
    return [*routes, *(Route(f"{ADDRESS}/", r.endpoint, methods=r.methods) for r in again)]


def serve_stdio(assistant: Assistant) -> None:
    """Serve one client on standard input and output until it goes."""

    async def serve() -> None:
        await mcp_server(assistant, Line()).run_stdio_async()

    asyncio.run(serve())


def _faults(schema: dict[str, Any], arguments: dict[str, Any]) -> str:
    """What is wrong with the arguments of a tool, "" for nothing."""
    properties = schema.get("properties", {})
    told = [
        f"unknown argument {name!r}; known: {', '.join(properties)}"
        for name in arguments
        if name not in properties
    ]
    for error in Draft202012Validator(schema).iter_errors(arguments):
        at = ".".join(map(str, error.absolute_path))
        if error.validator == "required":
            missing = [name for name in schema["required"] if name not in arguments]
            told = [f"{', '.join(missing)} is missing", *told]
        elif error.validator == "anyOf":
            told.append(f"{at} has to be a list of texts")
        else:
            told.append(
                f"{at}: {_OF_SCHEMA.get(str(error.validator), '{}')}".format(error.validator_value)
            )
    return "; ".join(dict.fromkeys(told))


_OF_SCHEMA = {
    "minimum": "has to be {} or more",
    "maximum": "has to be {} or less",
    "maxLength": "is longer than {} characters",
    "type": "has to be of type {}",
}


def _result(text: str, places: dict[str, Any]) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=places)


def _shortened(text: str, most: int) -> str:
    folded = " ".join(text.split())
    return folded if len(folded) <= most else f"{folded[: most - 1]}…"


def _fitting(head: str, lines: list[str], more: str, room: int) -> str:
    """The head and as many lines as there is room for; `more` says how many are left out."""
    head, *lines = map(inert, (head, *lines))
    text = head if len(head) <= room else f"{head[: room - 1]}…"
    for at, line in enumerate(lines):
        rest = more.format(len(lines) - at)
        if len(text) + len(line) + len(rest) + 2 > room:
            return f"{text}\n{rest}" if len(text) + len(rest) < room else text
        text += f"\n{line}"
    return text


def _answer(answer: Any) -> CallToolResult:
    lines = [f"[{c.number}] {_quoted(c)}" for c in answer.citations]
    if answer.reason:
        lines.append(f"{REASONS[answer.reason]} {HINTS[answer.reason]}")
    if answer.nearest:
        lines.append(f"The nearest passage: {_quoted(answer.nearest)}")
    lines += [f"Note: {note}" for note in answer.notes]
    places = {
        "abstained": answer.abstained,
        "reason": answer.reason,
        "citations": [
            {"number": c.number, "document_id": c.document_id, "start": c.start, "end": c.end}
            for c in answer.citations[:_PLACES]
        ],
    }
    more = "({} more lines left out; ask about less, or of one document)"
    return _result(_fitting(answer.text, lines, more, MOST_CHARS - len(str(places))), places)


def _quoted(citation: Citation) -> str:
    at = f"{citation.document_id} {citation.start}–{citation.end}"
    return f"“{_shortened(citation.quote, _QUOTE_CHARS)}” ({place(citation)}; {at})"


def _hits(hits: list[Hit]) -> CallToolResult:
    places = {
        "hits": [
            {"document_id": p.document_id, "start": p.start, "end": p.end}
            for p in (hit.passage for hit in hits[: 2 * _PLACES])
        ]
    }
    room = MOST_CHARS - len(str(places))
    share = max(120, room // max(1, len(hits)) - 100)
    lines = [
        f"{number}. {hit.title or hit.passage.document_id} ({hit.passage.document_id} "
        f"{hit.passage.start}–{hit.passage.end}): {_shortened(hit.passage.text, share)}"
        for number, hit in enumerate(hits, start=1)
    ]
    head = f"{len(hits)} passages, best first; read_passage gives their whole text"
    return _result(_fitting(head, lines, "({} more left out)", room), places)


def _documents(assistant: Assistant, contains: str, skip: int) -> CallToolResult:
    wanted = contains.lower()
    found = [
        document
        for document in assistant.documents.values()
        if wanted in f"{document.title}\n{document.source}\n{document.id}".lower()
    ]
    told = (
        (d.id, d.title, d.source, d.shown_date, f"{len(d.text):,} characters") for d in found[skip:]
    )
    lines = [" · ".join(filter(None, parts))[:300] for parts in told]
    head = f"{len(found)} documents" + (f", from {skip + 1}" if skip else "")
    places = {"total": len(found), "ids": [d.id for d in found[skip : skip + _PLACES]]}
    room = MOST_CHARS - len(str(places))
    more = "({} more: skip those above, or say what their titles contain)"
    return _result(_fitting(head, lines, more, room), places)


def _add_resources(server: MCPServer[Any], assistant: Assistant) -> None:
    """Each of the first documents by name, and any by its id."""

    @server.resource("askali://documents/{id}", mime_type="text/plain")
    def document(id: str) -> str:
        """The whole text of a document."""
        try:
            return assistant.document(unquote(id)).text
        except DocumentError as exc:
            raise ResourceError(public_message(exc)) from exc

    for one in list(assistant.documents.values())[:MOST_RESOURCES]:
        about = " · ".join(filter(None, (one.source, one.publisher, one.shown_date)))
        server.add_resource(
            FunctionResource(
                uri=f"askali://documents/{quote(one.id, safe='')}",
                name=visible(one.title or one.id),
                description=visible(about) or None,
                mime_type="text/plain",
                fn=partial(document, one.id),
            )
        )


def _passage(assistant: Assistant, document_id: str, start: int, end: int) -> CallToolResult:
    document = assistant.document(document_id)
    if not start < end <= len(document.text):
        raise QuestionError(
            f"start {start}, end {end}: document {document_id!r} has characters 0 to "
            f"{len(document.text)}, and start is before end"
        )
    end = min(end, start + MAX_PASSAGE_CHARS)
    where = {"document_id": document.id, "title": document.title, "start": start, "end": end}
    return _result(document.text[start:end], where)


async def _in_turn(line: Line, work: Callable[P, T], *given: P.args, **more: P.kwargs) -> T:
    try:
        async with turn_in(line):
            return await asyncio.to_thread(work, *given, **more)
    except AskaliError as exc:
        raise ToolError(public_message(exc)) from exc
    except LineFull as exc:
        raise ToolError(str(exc)) from exc
