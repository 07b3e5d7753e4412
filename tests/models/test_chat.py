import logging
import time

import pytest
from langchain_core.messages import BaseMessage

from askali.errors import ModelError, SettingsError
from askali.models.chat import MAX_OUTPUT_CHARS, Chat, open_chat, open_chat_model
from askali.settings import Settings
from chat_models import ScriptedChat, babbles, chat_server, hangs, refuses, says

HELLO = [("human", "hello")]
KEY = "sk-a-secret-that-nobody-may-see"


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)


def server_chat(url: str, **settings: object) -> Chat:
    pytest.importorskip("langchain_openai")
    quick = {"llm_backoff_s": 0.01, "llm_timeout_s": 5, **settings}
    return open_chat(Settings.load(llm="scripted", base_url=url, **quick))


def test_a_server_of_ones_own_is_asked_by_its_address_and_the_models_name() -> None:
    with chat_server(says("Hel", "lo")) as (url, asked):
        assert server_chat(url).say(HELLO) == "Hello"
    assert asked[0]["model"] == "scripted"
    assert asked[0]["temperature"] == 0
    assert asked[0]["stream"]


def test_a_model_that_thinks_first_is_not_cut_off_nor_given_a_temperature() -> None:
    pytest.importorskip("langchain_openai")
    thinking = open_chat_model(Settings.load(llm="openai:gpt-5"))
    assert (thinking.temperature, thinking.max_tokens) == (None, None)
    plain = open_chat_model(Settings.load(llm="openai:gpt-4o", llm_max_tokens=99))
    assert (plain.temperature, plain.max_tokens) == (0, 99)


def test_a_busy_server_is_asked_again() -> None:
    with chat_server(refuses(429, retry_after="0"), refuses(503), says("Hello")) as (url, asked):
        assert server_chat(url).say(HELLO) == "Hello"
    assert len(asked) == 3


def test_retries_end_and_the_note_says_what_to_do() -> None:
    with chat_server(*[refuses(429)] * 3) as (url, asked), pytest.raises(ModelError, match="429"):
        server_chat(url).say(HELLO)
    assert len(asked) == 3


@pytest.mark.parametrize(
    ("reply", "says_what"),
    [
        (refuses(401, f"Incorrect key {KEY}"), "check OPENAI_API_KEY"),
        (refuses(404, "no such model"), "model's name"),
        (refuses(400, "bad"), "another model"),
        (says(), "wrote nothing"),
    ],
)
def test_what_a_second_attempt_cannot_mend_is_not_repeated(reply, says_what: str) -> None:
    with chat_server(reply) as (url, asked), pytest.raises(ModelError, match=says_what):
        server_chat(url).say(HELLO)
    assert len(asked) == 1


def test_what_is_no_completion_is_named() -> None:
    with chat_server(babbles) as (url, _), pytest.raises(ModelError, match="no chat completion"):
        server_chat(url, llm_retries=0).say(HELLO)


def test_a_reply_that_breaks_off_is_an_error_after_what_was_heard() -> None:
    with chat_server(says("Hel", "lo", ends=False)) as (url, asked):
        heard = []
        with pytest.raises(ModelError, match="broke off"):
            heard.extend(server_chat(url).stream(HELLO))
    assert len(asked) == 1


def test_a_refused_connection_is_a_clear_message() -> None:
    with pytest.raises(ModelError, match="cannot be reached"):
        server_chat("http://127.0.0.1:9/v1").say(HELLO)


def test_a_silent_server_is_given_up_in_time() -> None:
    with chat_server(hangs) as (url, _):
        started = time.monotonic()
        with pytest.raises(ModelError, match="llm_timeout_s = 0.5"):
            server_chat(url, llm_timeout_s=0.5).say(HELLO)
    assert time.monotonic() - started < 2


def test_no_key_is_ever_printed_or_logged(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    with chat_server(refuses(401, f"Incorrect key {KEY}"), says("ok")) as (url, asked):
        chat = server_chat(url)
        with pytest.raises(ModelError) as error:
            chat.say(HELLO)
        chat.say(HELLO)
    assert asked[0]["headers"]["authorization"] == f"Bearer {KEY}"
    printed = capfd.readouterr()
    shown = [str(error.value), repr(error.value), repr(chat), *printed, caplog.text]
    assert not any(KEY in text for text in shown)
    assert error.value.__cause__ is None
    assert error.value.__suppress_context__


def test_a_server_of_ones_own_needs_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    with chat_server(says("Hello")) as (url, _):
        assert server_chat(url).say(HELLO) == "Hello"


def test_a_missing_key_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("langchain_openai")
    monkeypatch.delenv("OPENAI_API_KEY")
    with pytest.raises(ModelError, match="set OPENAI_API_KEY"):
        open_chat_model(Settings.load(llm="openai:some-model"))


def test_a_missing_package_is_named_with_its_install_command() -> None:
    with pytest.raises(ModelError, match="pip install 'langchain-groq'"):
        open_chat_model(Settings.load(llm="groq:some-model"))


@pytest.mark.parametrize("name", ["oracle", "nobody:knows", " "])
def test_a_name_of_no_provider_is_a_settings_error(name: str) -> None:
    with pytest.raises(SettingsError, match="llm"):
        open_chat_model(Settings.load(llm=name))


@pytest.mark.parametrize("url", ["ftp://host", "host:80", f"http://me:{KEY}@host/v1"])
def test_an_address_that_is_none_or_holds_a_secret_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="base_url") as error:
        open_chat_model(Settings.load(llm="scripted", base_url=url))
    assert KEY not in str(error.value)


def test_closing_stops_a_model_that_is_still_writing() -> None:
    model = ScriptedChat(script=[["one ", *[0.1, "more "] * 50]])
    pieces = Chat(model, "scripted").stream(HELLO)
    next(pieces)
    started = time.monotonic()
    pieces.close()
    assert time.monotonic() - started < 0.5
    time.sleep(0.4)
    said = len(model.pieces_said)
    time.sleep(0.4)
    assert len(model.pieces_said) == said


def test_an_endless_reply_is_cut() -> None:
    model = ScriptedChat(script=["x" * 3 * MAX_OUTPUT_CHARS])
    text = Chat(model, "scripted").say(HELLO)
    assert len(text) <= MAX_OUTPUT_CHARS + 3


def test_the_prompt_arrives_as_it_was_given() -> None:
    model = ScriptedChat(script=["ok"])
    Chat(model, "scripted").say([("system", "be brief"), ("human", "hi {brace}")])
    prompt: list[BaseMessage] = model.prompts[0]
    assert [(m.type, m.content) for m in prompt] == [
        ("system", "be brief"),
        ("human", "hi {brace}"),
    ]
