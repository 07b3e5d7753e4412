"""`/v1` as the official clients use it: `openai` and LangChain's, on a real server."""

from __future__ import annotations

import json
from collections.abc import Iterator

import openai
import pytest
from langchain_openai import ChatOpenAI
from pydantic import BaseModel, SecretStr

from askali.serving.http.openai_text import Cut, without_footnotes
from ui_room import BEES, HARBOUR, Served

QUESTION = "What is the toll for cars?"
UNSTATED = "What is the toll for lorries?"
ASKED = [{"role": "user", "content": QUESTION}]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    one = Served([HARBOUR, BEES], tmp_path_factory.mktemp("openai"))
    yield one
    one.stop()


@pytest.fixture(scope="module")
def client(served: Served) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{served.address}/v1", api_key="none", max_retries=0) as one:
        yield one


def complete(client: openai.OpenAI, content: str = QUESTION, **more: object):
    messages = [{"role": "user", "content": content}]
    return client.chat.completions.create(model="askali", messages=messages, **more)


def test_the_model_is_listed_and_retrieved(client) -> None:
    assert [model.id for model in client.models.list()] == ["askali"]
    assert client.models.retrieve("askali").owned_by == "askali"


def test_another_model_does_not_exist(client) -> None:
    for ask in (
        lambda: client.models.retrieve("gpt-9"),
        lambda: client.chat.completions.create(model="gpt-9", messages=ASKED),
    ):
        with pytest.raises(openai.NotFoundError, match="gpt-9") as refused:
            ask()
        assert refused.value.code == "model_not_found"


def test_the_text_carries_its_quotes_with_their_places(client) -> None:
    text, _, notes = complete(client).choices[0].message.content.partition("\n\n---\n")
    assert "three euros" in text
    assert notes.startswith("[1] The new harbour bridge")


def test_a_refusal_tells_its_reason_and_the_nearest_passage(client) -> None:
    content = complete(client, "How many trains does Nordbau own?").choices[0].message.content
    assert content.startswith("The source does not say.")
    assert "The nearest passage: “" in content


def test_a_conversation_goes_on_without_its_footnotes(client) -> None:
    said = complete(client, "Who is Nordbau?").choices[0].message.content
    messages = [
        {"role": "system", "content": "Answer in rhyme."},
        {"role": "user", "content": "Who is Nordbau?"},
        {"role": "assistant", "content": said},
        {"role": "developer", "content": "Be brief."},
        {"role": "user", "content": "And when did it launch the construction site?"},
    ]
    reply = client.chat.completions.create(model="askali", messages=messages)
    assert "In 2019" in reply.choices[0].message.content
    assert "---" not in without_footnotes(said)


def test_of_a_long_conversation_the_last_turns_are_read(client) -> None:
    turns = [
        {"role": role, "content": f"Pier {i}?"}
        for i in range(300)
        for role in ("user", "assistant")
    ]
    reply = client.chat.completions.create(model="askali", messages=[*turns, *ASKED])
    assert "three euros" in reply.choices[0].message.content


def test_usage_counts_words_and_signs(client) -> None:
    reply = complete(client)
    assert reply.usage.prompt_tokens == 7
    assert reply.usage.completion_tokens > 10
    assert reply.usage.total_tokens == 7 + reply.usage.completion_tokens


def test_a_stream_gives_the_same_and_its_usage_where_it_is_asked_for(client) -> None:
    *chunks, last = complete(client, stream=True, stream_options={"include_usage": True})
    pieces = [chunk.choices[0].delta.content or "" for chunk in chunks]
    whole = complete(client)
    assert "".join(pieces) == whole.choices[0].message.content
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert (last.choices, last.usage) == ([], whole.usage)
    assert all(chunk.usage is None for chunk in [*chunks, *complete(client, stream=True)])


def test_text_ends_before_a_stop_also_in_a_stream(client) -> None:
    assert complete(client, stop=" euros").choices[0].message.content.endswith("three")
    streamed = complete(client, stop=["euros", "\n\n---"], stream=True)
    assert "".join(c.choices[0].delta.content or "" for c in streamed).endswith("three ")


def test_text_is_as_long_as_was_allowed(client) -> None:
    [choice] = complete(client, max_tokens=3).choices
    assert choice.message.content == "The toll for"
    assert choice.finish_reason == "length"


def test_a_stop_is_found_across_pieces() -> None:
    cut = Cut(["END"], None)
    shown = [cut.add(piece) for piece in ("one E", "N", "two EN", "D three")]
    assert "".join([*shown, cut.end()]) == "one ENtwo "
    assert cut.reason == "stop"


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"n": 2}, "one answer"),
        ({"logprobs": True}, "log-probabilities"),
        ({"tool_choice": "required"}, "calls no tools"),
        ({"stop": [""]}, "stop is one to four"),
        ({"modalities": ["audio"]}, "text only"),
        ({"extra_body": {"temprature": 1}}, "temprature"),
        ({"extra_body": {"documents": []}}, "empty list"),
        ({"response_format": {"type": "xml"}}, "json_schema"),
        ({"content": " "}, "empty"),
        ({"content": [{"type": "image_url", "image_url": {"url": "data:x"}}]}, "reads text only"),
    ],
)
def test_what_cannot_be_honoured_is_refused_in_words(client, more, says) -> None:
    with pytest.raises(openai.BadRequestError, match=says) as refused:
        complete(client, **more)
    assert refused.value.type == "invalid_request_error"
    assert refused.value.code


def test_what_only_steers_sampling_is_accepted(client) -> None:
    tool = {"type": "function", "function": {"name": "f", "parameters": {}}}
    reply = complete(client, temperature=0, top_p=0.5, seed=1, user="u", n=1, tools=[tool])
    assert "three euros" in reply.choices[0].message.content


@pytest.mark.parametrize("role", ["tool", "assistant"])
def test_the_last_message_is_the_users(client, role) -> None:
    last = {"role": role, "content": "7", "tool_call_id": "1"}
    with pytest.raises(openai.BadRequestError, match="user's question"):
        client.chat.completions.create(model="askali", messages=[*ASKED, last])


def test_documents_may_be_named_and_an_unknown_one_is_refused(client) -> None:
    there = complete(client, extra_body={"documents": ["harbour"]})
    elsewhere = complete(client, extra_body={"documents": [BEES.title]})
    assert "three euros" in there.choices[0].message.content
    assert "three euros" not in elsewhere.choices[0].message.content
    with pytest.raises(openai.NotFoundError, match="nowhere"):
        complete(client, extra_body={"documents": ["nowhere"]})


def test_json_is_the_answer_with_its_citations(client) -> None:
    reply = complete(client, response_format={"type": "json_object"})
    told = json.loads(reply.choices[0].message.content)
    assert "three euros" in told["answer"]
    cited = told["citations"][0]
    assert HARBOUR.text[cited["start"] : cited["end"]] == cited["quote"]


class Source(BaseModel):
    """A quote and the document that it stands in."""

    quote: str
    title: str


class Told(BaseModel):
    """What a client wants to have."""

    answer: str
    citations: list[Source]
    abstained: bool
    reason: str | None


def test_a_schema_of_the_clients_own_is_filled(client) -> None:
    parsed = (
        client.chat.completions.parse(model="askali", messages=ASKED, response_format=Told)
        .choices[0]
        .message.parsed
    )
    assert "three euros" in parsed.answer
    assert parsed.citations[0].title == HARBOUR.title
    assert not parsed.abstained


class Person(BaseModel):
    """Nothing that askali knows how to fill."""

    name: str
    age: int


def test_a_schema_that_cannot_be_filled_is_refused_with_what_can(client) -> None:
    with pytest.raises(openai.BadRequestError, match="has no name, age; it fills answer"):
        client.chat.completions.parse(model="askali", messages=ASKED, response_format=Person)


def test_langchains_client_streams_and_fills_a_class(served) -> None:
    model = ChatOpenAI(
        model="askali", base_url=f"{served.address}/v1", api_key=SecretStr("none"), max_retries=0
    )
    assert "three euros" in model.invoke(QUESTION).text
    assert "three euros" in "".join(chunk.text for chunk in model.stream(QUESTION))
    told = model.with_structured_output(Told, method="json_schema").invoke(QUESTION)
    assert "three euros" in told.answer


def test_everything_else_is_not_there_in_openais_own_words(client) -> None:
    with pytest.raises(openai.NotFoundError, match="nothing at /v1/embeddings") as refused:
        client.embeddings.create(model="askali", input="x")
    assert refused.value.code == "not_found"
