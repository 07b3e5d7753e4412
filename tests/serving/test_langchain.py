"""askali within LangChain: what chains, tools, histories and retrievers of it expect."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.chat_history import InMemoryChatMessageHistory
from langchain_core.documents import Document as LangChainDocument
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableLambda
from langchain_core.runnables.history import RunnableWithMessageHistory

from askali import Answer, Assistant, Document, EvidenceFound, Finished, load_documents
from askali.errors import DocumentError, QuestionError, SettingsError

TEXTS = {
    "mill": "The Alder mill grinds oats. Its miller is Jo Finch. It was built in 1871.",
    "quay": "The quay of Sandwick is 300 metres long. Its warden is Lea Brook.",
}
QUESTION = "Who is the miller?"


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    documents = [Document(id, id.title(), text, f"{id}.txt") for id, text in TEXTS.items()]
    home = tmp_path_factory.mktemp("home")
    with Assistant.from_documents(documents, llm="none", home=home) as one:
        yield one


@pytest.mark.parametrize(
    "given",
    [
        QUESTION,
        {"question": QUESTION, "history": []},
        {"input": QUESTION},
        HumanMessage(QUESTION),
        [HumanMessage(QUESTION)],
        [SystemMessage("Be brief."), ("human", QUESTION)],
        {"messages": [{"role": "user", "content": QUESTION}]},
        {"input": [HumanMessage([{"type": "text", "text": QUESTION}])], "chat_history": []},
        ChatPromptTemplate.from_messages([("human", "{q}")]).invoke({"q": QUESTION}),
    ],
    ids=str,
)
def test_a_question_is_understood_in_every_form_that_chains_pass_on(bot: Assistant, given) -> None:
    assert "Jo Finch" in bot.invoke(given).text


def test_messages_before_the_last_are_the_conversation(bot: Assistant) -> None:
    said = [HumanMessage("What does the Alder mill grind?"), AIMessage("Oats."), HumanMessage("")]
    said[-1] = HumanMessage("And when was it built?")
    assert "1871" in bot.invoke(said).text


def test_a_restriction_is_honoured_or_refused(bot: Assistant) -> None:
    asked = {"question": "Who is the warden?", "documents": ["mill"]}
    assert "Lea Brook" not in bot.invoke(asked).text
    assert "Lea Brook" in bot.invoke({**asked, "documents": "Quay"}).text
    assert "Lea Brook" not in bot.bind(documents=["mill"]).invoke("Who is the warden?").text
    with pytest.raises(DocumentError, match="no document 'nope'"):
        bot.invoke({**asked, "documents": ["nope"]})


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"qestion": "x"}, "did you mean 'question'"),
        ({"history": []}, "no question"),
        ([AIMessage("x")], "last message"),
        ([], "give a question"),
        (7, "give a question"),
        ([object()], "each turn"),
    ],
)
def test_anything_else_is_an_error_of_ours(bot: Assistant, given: Any, says: str) -> None:
    with pytest.raises(QuestionError, match=says):
        bot.invoke(given)


def test_astream_gives_the_events_of_stream(bot: Assistant) -> None:
    async def events() -> list[Any]:
        return [event async for event in bot.astream([HumanMessage(QUESTION)])]

    got = asyncio.run(events())
    assert [type(event) for event in got] == [type(event) for event in bot.stream(QUESTION)]
    assert isinstance(got[0], EvidenceFound) and isinstance(got[-1], Finished)


def test_a_stream_that_nobody_reads_on_ends_quietly(bot: Assistant) -> None:
    async def first() -> Any:
        stream = bot.astream(QUESTION)
        event = await anext(stream)
        await stream.aclose()
        return event

    assert isinstance(asyncio.run(first()), EvidenceFound)


def test_chains_around_an_assistant_stream_answers(bot: Assistant) -> None:
    chain = bot | RunnableLambda(lambda answer: answer.text)

    async def pieces() -> str:
        return "".join([piece async for piece in chain.astream({"input": QUESTION})])

    assert asyncio.run(pieces()) == "".join(chain.stream(QUESTION)) == str(bot.ask(QUESTION))


def test_events_of_langchain_tell_of_the_answer(bot: Assistant) -> None:
    async def told() -> list[Any]:
        return [event async for event in bot.astream_events(QUESTION, version="v2")]

    events = asyncio.run(told())
    assert events[0]["event"] == "on_chain_start"
    assert isinstance(events[-1]["data"]["output"], Finished)


@pytest.mark.filterwarnings("ignore:.*(InMemoryChatMessage|RunnableWithMessage)History")
def test_a_message_history_is_kept_and_read(bot: Assistant) -> None:
    kept = InMemoryChatMessageHistory()
    chat = RunnableWithMessageHistory(
        bot, lambda: kept, input_messages_key="question", history_messages_key="history"
    )
    chat.invoke({"question": "What does the Alder mill grind?"})
    assert [message.type for message in kept.messages] == ["human", "ai"]
    assert "oats" in kept.messages[1].text
    assert "1871" in chat.invoke({"question": "And when was it built?"}).text
    assert len(kept.messages) == 4


@pytest.mark.filterwarnings("ignore:.*(InMemoryChatMessage|RunnableWithMessage)History")
def test_a_message_history_needs_no_names(bot: Assistant) -> None:
    kept = InMemoryChatMessageHistory()
    chat = RunnableWithMessageHistory(bot, lambda: kept)
    chat.invoke("What does the Alder mill grind?")
    assert "1871" in chat.invoke("And when was it built?").text


@pytest.mark.filterwarnings("ignore:This API is in beta")
def test_as_a_tool_it_takes_a_question_and_documents(bot: Assistant) -> None:
    tool = bot.as_tool(name="ask_documents", description="Asks the documents.")
    assert set(tool.args) >= {"question", "history", "documents"}
    answer = tool.invoke({"question": "Who is the warden?", "documents": ["quay"]})
    assert "Lea Brook" in str(answer)
    call = {"name": tool.name, "args": {"question": QUESTION}, "id": "1", "type": "tool_call"}
    assert "Jo Finch" in tool.invoke(call).content


def test_the_schema_of_the_input_names_what_may_be_given(bot: Assistant) -> None:
    schema = bot.get_input_jsonschema()
    assert schema["required"] == ["question"]
    assert "documents" in schema["properties"]


class Heard(BaseCallbackHandler):
    """Writes down which runs began."""

    def __init__(self) -> None:
        self.runs: list[str] = []

    def on_retriever_start(self, serialized: Any, query: str, **_: Any) -> None:
        self.runs.append(f"retriever {query}")

    def on_chain_start(self, serialized: Any, inputs: Any, *, name: str = "", **_: Any) -> None:
        self.runs.append(f"chain {name}")


def test_callbacks_hear_of_searches_and_answers(bot: Assistant) -> None:
    heard = Heard()
    bot.as_retriever(k=1).invoke("miller", {"callbacks": [heard]})
    bot.invoke(QUESTION, {"callbacks": [heard]})
    assert heard.runs[:2] == ["retriever miller", "chain Assistant"]


def test_the_retriever_takes_search_kwargs_and_says_where_a_passage_stands(
    bot: Assistant,
) -> None:
    [found] = bot.as_retriever(search_kwargs={"k": 1, "documents": ["quay"]}).invoke("miller")
    assert found.metadata["title"] == "Quay"
    assert found.metadata["source"] == "quay.txt"
    assert found.metadata["page"] is None
    with pytest.raises(SettingsError, match="fetch_k"):
        bot.as_retriever(search_kwargs={"fetch_k": 3})


def test_documents_of_langchain_are_documents(tmp_path: Path) -> None:
    pages = [
        LangChainDocument(page_content=TEXTS["mill"], metadata={"title": "Mill", "source": "m"}),
        LangChainDocument(page_content="Wool costs five crowns."),
    ]
    with Assistant.from_documents(pages, llm="none", home=tmp_path) as bot:
        citation = bot.ask(QUESTION).citations[0]
        assert citation.title == "Mill"
        more = bot.with_documents([LangChainDocument(page_content=TEXTS["quay"], id="quay")])
        assert "Lea Brook" in more.ask("Who is the warden?").text


@pytest.mark.parametrize("given", [["some text"], "some text", [{"text": "x"}]])
def test_documents_of_another_kind_are_refused_with_the_way_to_give_them(given: Any) -> None:
    with pytest.raises(DocumentError, match="Document|list"):
        Assistant.from_documents(given)


def test_a_path_may_be_given_as_text(tmp_path: Path) -> None:
    (tmp_path / "mill.txt").write_text(TEXTS["mill"])
    [document] = load_documents(str(tmp_path / "mill.txt"))
    assert document.text == TEXTS["mill"]


def test_an_answer_prints_as_its_text(bot: Assistant) -> None:
    answer: Answer = bot.ask(QUESTION)
    assert str(answer) == answer.text
