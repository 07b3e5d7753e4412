"""`/v1/responses` as the official clients use it: `openai` and LangChain's, on a real server."""

from __future__ import annotations

import json
from collections.abc import Iterator

import openai
import pytest
from langchain_openai import ChatOpenAI
from pydantic import BaseModel, SecretStr

from ui_room import BEES, HARBOUR, Served

QUESTION = "What is the toll for cars?"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    one = Served([HARBOUR, BEES], tmp_path_factory.mktemp("responses"))
    yield one
    one.stop()


@pytest.fixture(scope="module")
def client(served: Served) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{served.address}/v1", api_key="none", max_retries=0) as one:
        yield one


def respond(client: openai.OpenAI, given: object = QUESTION, **more: object):
    return client.responses.create(model="askali", input=given, **more)


def test_text_is_answered_and_each_marker_is_a_citation_of_a_file(client) -> None:
    reply = respond(client, instructions="Be brief.", temperature=0, store=False)
    assert (reply.status, reply.model) == ("completed", "askali")
    assert "three euros" in reply.output_text
    [part] = reply.output[0].content
    note = part.annotations[0]
    assert (note.type, note.file_id, note.filename) == ("file_citation", "harbour", HARBOUR.title)
    assert part.text[note.index :].startswith("[1]")
    cited = reply.output[0].citations[0]
    assert HARBOUR.text[cited["start"] : cited["end"]] == cited["quote"]
    assert reply.usage.total_tokens == 7 + reply.usage.output_tokens > 20


def test_a_conversation_is_sent_along_in_any_of_the_forms(client) -> None:
    first = respond(client, "Who is Nordbau?")
    told = respond(
        client,
        [
            {"role": "developer", "content": "Answer in rhyme."},
            {"role": "user", "content": [{"type": "input_text", "text": "Who is Nordbau?"}]},
            first.output[0].model_dump(exclude={"citations", "abstained", "notes"}),
            {"type": "reasoning", "id": "rs_1", "summary": []},
            {
                "type": "message",
                "role": "user",
                "content": "And when did it launch the construction site?",
            },
        ],
    )
    assert "In 2019" in told.output_text


def test_a_stream_gives_the_same_in_the_events_that_the_client_knows(client) -> None:
    with client.responses.stream(model="askali", input=QUESTION) as events:
        kinds = [event.type for event in events]
        whole = events.get_final_response()
    assert kinds[0] == "response.created"
    assert kinds[-1] == "response.completed"
    assert kinds.count("response.output_text.delta") >= 2
    plain = respond(client)
    assert whole.output_text == plain.output_text
    assert whole.usage == plain.usage
    assert whole.output[0].content[0].annotations == plain.output[0].content[0].annotations


def test_what_is_too_long_is_incomplete(client) -> None:
    reply = respond(client, max_output_tokens=3)
    assert (reply.status, reply.incomplete_details.reason) == ("incomplete", "max_output_tokens")
    assert reply.output_text == "The toll for"
    *_, last = respond(client, max_output_tokens=3, stream=True)
    assert last.type == "response.incomplete"


class Told(BaseModel):
    """What a client wants to have."""

    answer: str
    abstained: bool


def test_a_schema_of_the_clients_own_is_filled(client) -> None:
    reply = client.responses.parse(model="askali", input=QUESTION, text_format=Told)
    assert "three euros" in reply.output_parsed.answer
    told = json.loads(respond(client, text={"format": {"type": "json_object"}}).output_text)
    assert told["citations"][0]["document_id"] == "harbour"


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"previous_response_id": "resp_1"}, "keeps no responses"),
        ({"background": True}, "keeps no responses"),
        ({"tool_choice": "required"}, "calls no tools"),
        ({"extra_body": {"temprature": 1}}, "temprature"),
        ({"extra_body": {"documents": []}}, "empty list"),
        ({"given": " "}, "empty"),
        ({"given": []}, "user's question"),
        (
            {"given": [{"role": "user", "content": [{"type": "input_image", "image_url": "x"}]}]},
            "reads text only",
        ),
        ({"given": [{"type": "function_call_output", "call_id": "c", "output": "7"}]}, "tool's"),
    ],
)
def test_what_cannot_be_honoured_is_refused_in_words(client, more, says, stream) -> None:
    with pytest.raises(openai.BadRequestError, match=says) as refused:
        respond(client, stream=stream, **more)
    assert refused.value.code


def test_an_unknown_document_or_model_or_stored_response_is_not_there(client) -> None:
    for ask in (
        lambda: respond(client, extra_body={"documents": ["nowhere"]}),
        lambda: client.responses.create(model="gpt-9", input=QUESTION),
        lambda: client.responses.retrieve("resp_1"),
    ):
        with pytest.raises(openai.NotFoundError):
            ask()


def test_langchains_client_uses_it_too(served) -> None:
    model = ChatOpenAI(
        model="askali",
        base_url=f"{served.address}/v1",
        api_key=SecretStr("none"),
        max_retries=0,
        use_responses_api=True,
    )
    reply = model.invoke([("system", "Be brief."), ("human", QUESTION)])
    assert "three euros" in reply.text
    assert "three euros" in "".join(chunk.text for chunk in model.stream(QUESTION))
