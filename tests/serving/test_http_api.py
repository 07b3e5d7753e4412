"""The JSON API and what guards the web application."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from askali import Assistant
from askali.serving.http.openai import _streamed
from askali.serving.http.openai_request import ChatRequest
from askali.serving.http.openai_text import Cut
from askali.serving.http.queue import Line
from chat_models import ScriptedChat
from ui_room import HARBOUR

QUESTION = "What is the toll for cars?"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with Assistant.from_documents([HARBOUR], home=tmp_path_factory.mktemp("home")) as one:
        yield one


@pytest.fixture(scope="module")
def client(assistant: Assistant) -> Iterator[TestClient]:
    async def made_within_a_loop() -> FastAPI:  # else Gradio leaves a loop of its own open
        from askali_ui import create_app  # Gradio takes seconds: not in every worker

        return create_app(assistant)

    with TestClient(asyncio.run(made_within_a_loop()), base_url="http://localhost") as one:
        yield one


def without_times(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if key != "timings_ms"}


def streamed(text: str) -> list[dict[str, Any]]:
    """The choices of a stream of OpenAI's protocol, which ends as it should."""
    *lines, last = text.strip().split("\n\n")
    assert last == "data: [DONE]"
    return [json.loads(line.removeprefix("data: "))["choices"][0] for line in lines]


def test_ask_gives_the_answer_as_the_command_line_does(client, assistant) -> None:
    got = client.post("/api/ask", json={"question": QUESTION}).json()
    expected = json.loads(json.dumps(assistant.ask(QUESTION).to_dict()))
    assert without_times(got) == without_times(expected)


def test_a_follow_up_is_understood_through_its_history(client) -> None:
    history = [{"role": "user", "content": "Who is Nordbau?"}]
    body = {"question": "And when did it launch the construction site?", "history": history}
    answer = client.post("/api/ask", json=body).json()
    assert "Nordbau" in answer["standalone_question"]
    assert "In 2019" in answer["text"]


def test_the_stream_ends_with_the_same_answer(client) -> None:
    reply = client.post("/api/ask/stream", json={"question": QUESTION})
    events = [json.loads(line) for line in reply.text.splitlines()]
    assert events[0]["event"] == "evidence"
    assert events[-1]["event"] == "finished"
    whole = client.post("/api/ask", json={"question": QUESTION}).json()
    assert without_times(events[-1]["answer"]) == without_times(whole)


def test_search_gives_ranked_passages(client) -> None:
    hits = client.post("/api/search", json={"query": "toll", "k": 3}).json()["hits"]
    assert len(hits) == 3
    assert "toll" in hits[0]["passage"]["text"]


@pytest.mark.parametrize("path", ["/api/ask", "/api/search"])
def test_an_empty_question_is_a_plain_error(client, path) -> None:
    reply = client.post(path, json={"question": " ", "query": " "})
    assert reply.status_code == 400
    assert reply.json()["error"]["message"]


def test_a_stream_that_cannot_begin_has_the_status_of_its_error(client) -> None:
    reply = client.post("/api/ask/stream", json={"question": " "})
    assert reply.status_code == 400
    assert reply.json()["error"]["code"] == "question_error"


def test_a_visitor_is_not_told_to_type_a_command(client) -> None:
    message = client.post("/api/ask", json={"question": " "}).json()["error"]["message"]
    assert message == "the question is empty"


@pytest.mark.parametrize(
    ("body", "says", "param"),
    [
        ({"qestion": "x"}, "unknown field 'qestion'; did you mean 'question'?", "question"),
        ({"question": "x", "colour": 1}, "unknown field 'colour'; known: question", "colour"),
        ({"question": "x", "history": [{"role": "ai", "content": ""}]}, "role: has to be", None),
        ({"question": 7}, "question: has to be text", "question"),
        ({"question": "x", "as": "poem"}, "has to be one of 'fact'", None),
        ({"question": "x", "documents": []}, "empty list", None),
        ([], "the body: has to be an object", None),
    ],
)
def test_what_is_wrong_with_a_body_is_said_in_plain_words(client, body, says, param) -> None:
    for path in ("/api/ask", "/api/ask/stream"):
        reply = client.post(path, json=body)
        error = reply.json()["error"]
        assert reply.status_code == 400
        assert says in error["message"]
        assert set(error) == {"message", "type", "code", "param"}
        assert error["param"] == param or param is None


def test_a_body_that_is_no_json_is_told_apart_from_one_sent_as_something_else(client) -> None:
    broken = client.post(
        "/api/ask", content='{"question": ', headers={"content-type": "application/json"}
    )
    assert (broken.status_code, broken.json()["error"]["code"]) == (400, "invalid_json")
    for headers in ({}, {"content-type": "text/plain"}):
        form = client.post("/api/ask", content='{"question": "x"}', headers=headers)
        assert form.status_code == 415
        assert "application/json" in form.json()["error"]["message"]


def test_another_method_and_an_unknown_path_have_their_own_statuses(client) -> None:
    wrong = client.get("/api/ask")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "POST")
    assert client.delete("/v1/models/askali").json()["error"]["code"] == "method_not_allowed"
    for path in ("/api/nothing", "/v1/embeddings", "/v1", "/api/ask/"):
        reply = client.post(path, json={})
        assert (reply.status_code, reply.json()["error"]["code"]) == (404, "not_found"), path


def test_a_question_may_be_asked_of_some_documents(client) -> None:
    for named in ({"documents": [HARBOUR.title]}, {"document_ids": ["harbour"]}):
        assert client.post("/api/ask", json={"question": QUESTION, **named}).status_code == 200
        assert client.post("/api/search", json={"query": "toll", **named}).json()["hits"]
    unknown = {"query": "toll", "documents": ["nowhere"]}
    assert client.post("/api/search", json=unknown).status_code == 404


def test_documents_and_health_have_addresses(client, assistant) -> None:
    [record] = client.get("/api/documents").json()["documents"]
    assert (record["id"], record["date"]) == ("harbour", "2025-03-14")
    assert record["characters"] == len(HARBOUR.text)
    health = client.get("/api/health").json()
    assert (health["status"], health["index_stamp"]) == ("ok", assistant.stamp)


def test_answers_are_typed_in_the_description(client) -> None:
    schemas = client.get("/api/openapi.json").json()["components"]["schemas"]
    properties = schemas["AnswerJson"]["properties"]
    got = client.post("/api/ask", json={"question": QUESTION}).json()
    assert set(properties) == set(got)
    assert properties["citations"]["items"] == {"$ref": "#/components/schemas/Citation"}


def test_a_question_that_is_too_long_is_refused(client) -> None:
    assert client.post("/api/ask", json={"question": "x" * 5000}).status_code == 400
    assert client.post("/api/ask", json={"question": "x" * 200_000}).status_code == 400
    assert client.post("/api/ask", json={"question": "x" * 3_000_000}).status_code == 413


def test_a_body_of_another_shape_is_named_without_echo(client) -> None:
    reply = client.post("/api/ask", json={"history": [{"role": "system", "content": "secret"}]})
    assert reply.status_code == 400
    assert "question" in reply.json()["error"]["message"]
    assert "secret" not in reply.text


def test_an_unknown_document_is_not_found(client) -> None:
    body = {"question": QUESTION, "document_ids": ["nowhere"]}
    assert client.post("/api/ask", json=body).status_code == 404


def test_the_api_describes_itself_without_foreign_assets(client) -> None:
    assert "/api/ask" in client.get("/api/openapi.json").json()["paths"]
    manual = client.get("/api")
    assert "/api/ask/stream" in manual.text
    assert "//cdn" not in manual.text


def test_openai_clients_get_the_answer_and_its_citations(client) -> None:
    body = {"model": "askali", "messages": [{"role": "user", "content": QUESTION}]}
    message = client.post("/v1/chat/completions", json=body).json()["choices"][0]["message"]
    cited = message["citations"][0]
    assert "three euros" in message["content"]
    assert HARBOUR.text[cited["start"] : cited["end"]] == cited["quote"]


def test_openai_clients_may_stream(client) -> None:
    body = {"stream": True, "messages": [{"role": "user", "content": QUESTION}]}
    *chunks, stop = streamed(client.post("/v1/chat/completions", json=body).text)
    told = client.post("/v1/chat/completions", json={**body, "stream": False}).json()
    message = told["choices"][0]["message"]
    deltas = [chunk["delta"] for chunk in chunks]
    assert deltas[0] == {"role": "assistant", "content": ""}
    assert "".join(delta.get("content", "") for delta in deltas) == message["content"]
    assert deltas[-1]["citations"] == message["citations"]
    assert (stop["delta"], stop["finish_reason"]) == ({}, "stop")


@pytest.mark.parametrize(
    ("question", "pieces"),
    [
        ("How long did construction take, and what is the toll for cars?", 2),
        ("Who is the president of Peru?", 1),
    ],
)
def test_a_stream_has_a_chunk_for_each_claim_or_one_for_the_refusal(
    client, question, pieces
) -> None:
    body = {"stream": True, "messages": [{"role": "user", "content": question}]}
    chunks = streamed(client.post("/v1/chat/completions", json=body).text)
    said = [chunk["delta"]["content"] for chunk in chunks if chunk["delta"].get("content")]
    text, rule, _ = "".join(said).partition("\n\n---\n")
    assert sum(piece.partition(rule)[0] != "" for piece in said) == pieces
    answer = client.post("/api/ask", json={"question": question}).json()
    assert text == answer["text"]
    assert answer["abstained"] == (pieces == 1)


def test_a_chunk_leaves_while_a_chat_model_still_writes() -> None:
    def writes_slowly(messages: list[Any]) -> list[Any]:
        [key] = re.findall(r"\[(S\d+)\] The toll for cars", str(messages))
        return [f"The toll for cars is three euros. [{key}]\nIt ", 1.0, f"costs. [{key}]"]

    async def arrivals() -> dict[str, float]:
        request = ChatRequest(messages=[], stream=True)
        stream = await _streamed(bot.stream(QUESTION), Line(), request, Cut([], None))
        started = time.monotonic()
        return {chunk: time.monotonic() - started async for chunk in stream.body_iterator}

    model = ScriptedChat(script=[writes_slowly])
    with Assistant.from_documents([HARBOUR], chat_model=model) as bot:
        seen = asyncio.run(arrivals())
    first = next(at for chunk, at in seen.items() if "three euros. [1]" in chunk)
    assert first < 0.5 < 1.0 <= list(seen.values())[-1]


def test_a_stream_that_cannot_begin_is_a_plain_error(client) -> None:
    body = {"stream": True, "messages": [{"role": "user", "content": " "}]}
    assert client.post("/v1/chat/completions", json=body).status_code == 400


def test_openai_clients_may_send_a_message_in_parts(client) -> None:
    said = [
        {"role": "assistant", "content": None},
        {"role": "user", "content": [{"type": "text", "text": QUESTION}, {"type": "refusal"}]},
    ]
    reply = client.post("/v1/chat/completions", json={"messages": said})
    assert "three euros" in reply.json()["choices"][0]["message"]["content"]


def test_a_chat_without_a_question_is_a_plain_error(client) -> None:
    reply = client.post("/v1/chat/completions", json={"messages": []})
    assert reply.status_code == 400


def test_twenty_people_with_ten_questions_each_are_all_answered(client) -> None:
    def person(number: int) -> set[str]:
        question = f"How far does Pier {4 + number} stand from the quay?"
        replies = [client.post("/api/ask", json={"question": question}) for _ in range(10)]
        assert all(reply.status_code == 200 for reply in replies)
        return {reply.json()["question"] for reply in replies}

    with ThreadPoolExecutor(20) as people:
        asked = list(people.map(person, range(20)))
    assert [len(questions) for questions in asked] == [1] * 20


def test_another_host_name_is_refused(client) -> None:
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


def test_another_origin_is_refused(client) -> None:
    reply = client.post(
        "/api/ask", json={"question": "x"}, headers={"origin": "http://evil.example"}
    )
    assert reply.status_code == 403
    assert "access-control-allow-origin" not in reply.headers


def test_the_page_has_a_policy_and_every_script_its_nonce(client) -> None:
    reply = client.get("/")
    policy = reply.headers["content-security-policy"]
    assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy
    nonce = policy.split("'nonce-")[1].split("'")[0]
    assert reply.text.count("<script") == reply.text.count(f'<script nonce="{nonce}"')
    assert "raw.githubusercontent" not in reply.text
    assert reply.headers["x-frame-options"] == "DENY"


def test_two_visits_get_two_nonces(client) -> None:
    policies = {client.get("/").headers["content-security-policy"] for _ in range(2)}
    assert len(policies) == 2


@pytest.mark.parametrize(
    "path",
    [
        "/monitoring", "/openapi.json", "/gradio_api/runs", "/gradio_api/file=/etc/passwd",
        "/gradio_api/info", "/gradio_api/upload", "/gradio_api/dev/reload", "/gradio_api//upload",
        "/gradio_api/queue/../upload", "/gradio_api/upload?x=/queue/join",
    ],
)  # fmt: skip
def test_what_gradio_would_show_of_the_machine_is_closed(client, path) -> None:
    assert client.get(path).status_code in (403, 404)
    reply = client.post(path, files={"files": ("x.txt", b"x")})
    assert reply.status_code in (403, 404, 405)


def test_a_new_version_of_our_own_files_is_seen_at_once(client) -> None:
    assert client.get("/askali/main.js").headers["cache-control"] == "no-cache"
    assert client.get("/").headers["cache-control"] == "no-store"


def test_no_response_names_a_folder_of_this_machine(client, assistant) -> None:
    home = str(assistant.settings.home)
    for path in ("/", "/config", "/gradio_api/info", "/api/openapi.json"):
        text = client.get(path).text
        assert home not in text
        assert "site-packages" not in text
