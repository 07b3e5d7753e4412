"""The tools as another program uses them: the protocol's own client, the real server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from mcp.client import Client

from ui_room import HARBOUR, Served

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    one = Served([HARBOUR], tmp_path_factory.mktemp("mcp"))
    yield one
    one.stop()


def call(served: Served, tool: str, **given: Any) -> Any:
    async def once() -> Any:
        async with Client(f"{served.address}/mcp") as client:
            return await client.call_tool(tool, given)

    return asyncio.run(once())


def test_the_three_tools_say_what_they_do_and_that_they_only_read(served) -> None:
    async def listed() -> Any:
        async with Client(f"{served.address}/mcp") as client:
            assert client.server_info.name == "askali"
            return (await client.list_tools()).tools

    tools = {tool.name: tool for tool in asyncio.run(listed())}
    assert set(tools) == {"ask", "search", "read_passage"}
    assert all(tool.description and tool.annotations.read_only_hint for tool in tools.values())
    assert tools["read_passage"].input_schema["required"] == ["document_id", "start", "end"]


def test_ask_gives_the_answer_with_citations_that_read_passage_confirms(served) -> None:
    answer = call(served, "ask", question="What is the toll for cars?").structured_content
    assert "three euros" in answer["text"]
    cited = answer["citations"][0]
    place = {name: cited[name] for name in ("document_id", "start", "end")}
    passage = call(served, "read_passage", **place).structured_content
    assert passage["text"] == cited["quote"] == HARBOUR.text[cited["start"] : cited["end"]]
    assert passage["title"] == HARBOUR.title


def test_a_question_that_the_source_does_not_answer_is_an_abstention(served) -> None:
    answer = call(served, "ask", question="What is the boiling point of tungsten?")
    assert answer.structured_content["abstained"] is True


def test_search_gives_as_many_passages_as_were_asked_for(served) -> None:
    hits = call(served, "search", query="toll", k=2).structured_content["hits"]
    assert len(hits) == 2
    assert "toll" in hits[0]["passage"]["text"]


def test_a_long_passage_is_cut_and_says_where(served) -> None:
    got = call(served, "read_passage", document_id="harbour", start=5, end=len(HARBOUR.text))
    assert got.structured_content["text"] == HARBOUR.text[5:]


@pytest.mark.parametrize(
    ("tool", "given", "says"),
    [
        ("ask", {"question": "  "}, "question"),
        ("search", {"query": "toll", "k": 0}, "greater than or equal to 1"),
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
