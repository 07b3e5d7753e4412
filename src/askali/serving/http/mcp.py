"""The documents as tools for other programs: an MCP endpoint at `/mcp`.

Streamable HTTP, stateless: any process may serve any call. Hosts, origins, sizes
and the password are checked by the application around it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any, ParamSpec, TypeVar

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import ToolAnnotations
from pydantic import Field
from starlette.routing import BaseRoute

from askali import AskaliError, Assistant, QuestionError, __version__
from askali.serving.http.http_errors import public_message
from askali.serving.http.queue import Line, LineFull, turn_in

ADDRESS = "/mcp"
P = ParamSpec("P")
T = TypeVar("T")
MAX_PASSAGE_CHARS = 20_000
_MAX_CHARS = 100_000
_READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
_ABOUT = (
    "Answers questions about documents with their exact sentences. Each citation is "
    "document_id, start and end, counted in characters; read_passage gives the text around it. "
    "Where `abstained` is true the documents do not say: do not answer from elsewhere."
)

Question = Annotated[str, Field(max_length=_MAX_CHARS, description="A question or keywords")]
Offset = Annotated[int, Field(ge=0, description="Characters from the beginning")]


def mcp_server(assistant: Assistant, line: Line) -> MCPServer[Any]:
    """The tools `ask`, `search` and `read_passage` over one assistant; they only read."""
    server: MCPServer[Any] = MCPServer(
        "askali", instructions=_ABOUT, version=__version__, log_level="WARNING"
    )

    @server.tool(annotations=_READS, structured_output=True)
    async def ask(question: Question) -> dict[str, Any]:
        """Answer a question with cited sentences, or say that the documents do not."""
        answer = await _in_turn(line, assistant.ask, question)
        return answer.to_dict()

    @server.tool(annotations=_READS, structured_output=True)
    async def search(query: Question, k: Annotated[int, Field(ge=1, le=50)] = 10) -> dict[str, Any]:
        """The passages nearest to a query, best first, with where they stand."""
        hits = await _in_turn(line, assistant.search, query, k)
        return {"hits": [asdict(hit) for hit in hits]}

    @server.tool(annotations=_READS, structured_output=True)
    async def read_passage(document_id: str, start: Offset, end: Offset) -> dict[str, Any]:
        """The exact text of a document between two offsets, at most 20,000 characters."""
        return await _in_turn(line, _passage, assistant, document_id, start, end)

    return server


def mcp_routes(server: MCPServer[Any]) -> list[BaseRoute]:
    """Routes for an application that runs ``server.session_manager`` while it serves."""
    guarded = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    app = server.streamable_http_app(
        streamable_http_path=ADDRESS,
        json_response=True,
        stateless_http=True,
        transport_security=guarded,
    )
    return list(app.routes)


def _passage(assistant: Assistant, document_id: str, start: int, end: int) -> dict[str, Any]:
    document = assistant.document(document_id)
    if not start < end <= len(document.text):
        raise QuestionError(
            f"start {start}, end {end}: document {document_id!r} has characters 0 to "
            f"{len(document.text)}, and start is before end"
        )
    end = min(end, start + MAX_PASSAGE_CHARS)
    place = {"document_id": document.id, "title": document.title, "start": start, "end": end}
    return {**place, "text": document.text[start:end]}


async def _in_turn(line: Line, work: Callable[P, T], *given: P.args, **more: P.kwargs) -> T:
    try:
        async with turn_in(line):
            return await asyncio.to_thread(work, *given, **more)
    except AskaliError as exc:
        raise ToolError(public_message(exc)) from exc
    except LineFull as exc:
        raise ToolError(str(exc)) from exc
