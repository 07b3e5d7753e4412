"""The tools as another program uses them: the protocol's own client, the real server."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from askali import Document
from ui_room import BEES, HARBOUR, Served

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

LONG = Document(
    "long",
    "Minutes",
    " ".join(f"Heron {n} was seen by the {'very ' * 60}old weir on the moor." for n in range(90)),
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    one = Served([HARBOUR, BEES, LONG], tmp_path_factory.mktemp("mcp"))
    yield one
    one.stop()


def call(served: Served, tool: str, **given: Any) -> Any:
    async def once() -> Any:
        async with Client(f"{served.address}/mcp") as client:
            return await client.call_tool(tool, given)

    return asyncio.run(once())


def size(result: Any) -> int:
    return len(result.content[0].text) + len(json.dumps(result.structured_content))


@pytest.mark.parametrize("path", ["/mcp", "/mcp/"])
def test_the_tools_say_what_they_do_and_that_they_only_read(served, path) -> None:
    async def listed() -> Any:
        async with Client(f"{served.address}{path}") as client:
            assert client.server_info.name == "askali"
            return (await client.list_tools()).tools

    tools = {tool.name: tool for tool in asyncio.run(listed())}
    assert set(tools) == {"documents", "search", "ask", "read_passage"}
    assert all(tool.description and tool.annotations.read_only_hint for tool in tools.values())
    assert tools["read_passage"].input_schema["required"] == ["document_id", "start", "end"]


def test_ask_gives_quotes_that_read_passage_confirms(served) -> None:
    answer = call(served, "ask", question="What is the toll for cars?")
    text = answer.content[0].text
    assert "three euros" in text
    cited = answer.structured_content["citations"][0]
    place = {name: cited[name] for name in ("document_id", "start", "end")}
    passage = call(served, "read_passage", **place)
    assert passage.content[0].text == HARBOUR.text[cited["start"] : cited["end"]]
    assert f"[1] “{passage.content[0].text}” ({HARBOUR.title}" in text
    assert passage.structured_content["title"] == HARBOUR.title


def test_a_refusal_tells_its_reason_and_the_nearest_passage(served) -> None:
    answer = call(served, "ask", question="What is the boiling point of tungsten?")
    assert answer.structured_content["abstained"] is True
    assert "The nearest passage: “" in answer.content[0].text


@pytest.mark.parametrize(
    ("tool", "given"),
    [
        ("ask", {"question": "Which herons were seen by the old weir on the moor?"}),
        ("search", {"query": "heron", "k": 50}),
        ("documents", {}),
    ],
)
def test_no_result_fills_an_agents_window(served, tool, given) -> None:
    result = call(served, tool, **given)
    assert not result.is_error
    assert size(result) <= 4_000


def test_search_gives_as_many_passages_as_were_asked_for(served) -> None:
    hits = call(served, "search", query="toll", k=2)
    assert len(hits.structured_content["hits"]) == 2
    assert "toll" in hits.content[0].text
    elsewhere = call(served, "search", query="toll", documents=[BEES.title])
    assert {hit["document_id"] for hit in elsewhere.structured_content["hits"]} == {"bees"}


def test_documents_are_listed_and_can_be_looked_up(served) -> None:
    listed = call(served, "documents")
    assert listed.structured_content == {"total": 3, "ids": ["harbour", "bees", "long"]}
    assert "harbour · The new harbour bridge" in listed.content[0].text
    found = call(served, "documents", contains="BEES")
    assert found.structured_content["ids"] == ["bees"]
    assert call(served, "documents", skip=2).structured_content["ids"] == ["long"]


def test_documents_are_resources(served) -> None:
    async def read() -> tuple[list[str], str, str]:
        async with Client(f"{served.address}/mcp") as client:
            listed = (await client.list_resources()).resources
            got = (await client.read_resource("askali://documents/bees")).contents[0].text
            kinds = (await client.list_resource_templates()).resource_templates
            return [resource.name for resource in listed], got, kinds[0].uri_template

    names, got, template = asyncio.run(read())
    assert names == [HARBOUR.title, BEES.title, "Minutes"]
    assert got == BEES.text
    assert template == "askali://documents/{id}"


def test_a_program_may_start_it_and_speak_over_its_pipes(
    indexed_town: Path, own_home: Path
) -> None:
    start = StdioServerParameters(
        command=sys.executable,
        args=["-m", "askali", "mcp", "--corpus", str(indexed_town), "--llm", "none"],
        env={**os.environ},
    )

    async def once() -> Any:
        async with Client(stdio_client(start)) as client:
            return await client.call_tool("ask", {"question": "Who is the mayor?"})

    assert "Ann Lee" in asyncio.run(once()).content[0].text


@pytest.mark.parametrize(
    ("tool", "given", "says"),
    [
        ("ask", {"question": "  "}, "the question is empty"),
        ("ask", {}, "ask: question is missing"),
        ("ask", {"question": 7}, "question: has to be of type string"),
        ("ask", {"question": "x", "document": ["bees"]}, "unknown argument 'document'; known: qu"),
        ("ask", {"question": "x", "documents": ["nowhere"]}, "no document 'nowhere'"),
        ("search", {"query": "toll", "k": 0}, "k: has to be 1 or more"),
        ("weather", {}, "there is no tool 'weather'; there are documents, search"),
        ("read_passage", {"document_id": "nowhere", "start": 0, "end": 1}, "no document"),
        ("read_passage", {"document_id": "harbour", "start": 9, "end": 3}, "start is before end"),
        ("read_passage", {"document_id": "harbour", "start": 0, "end": 10**9}, "characters 0 to"),
    ],
)
def test_what_cannot_be_done_is_an_error_that_says_why(served, tool, given, says) -> None:
    result = call(served, tool, **given)
    assert result.is_error
    assert says in result.content[0].text
    assert "Traceback" not in result.content[0].text
    assert "pydantic" not in result.content[0].text
