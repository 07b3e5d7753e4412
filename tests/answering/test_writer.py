import pytest

from askali.answering.writer import ChatWriter
from askali.documents.chunking import split_sentences
from askali.domain import Document, Turn
from askali.errors import ModelError
from askali.grounding.evidence_keys import Draft
from askali.messages import ABSTENTION
from askali.models.chat import Chat
from chat_models import ScriptedChat

TOWN = Document(
    "elm",
    "Elmford",
    "Elmford is a small town by a lake, and for long it\nhas 1,200 people. Its mayor is Ann Lee.",
)
QUESTION = "Who is the mayor?"


def writer(*script: object) -> ChatWriter:
    return ChatWriter(Chat(ScriptedChat(script=list(script)), "scripted", backoff_s=0.01))


def write(writer: ChatWriter, town: Document = TOWN, question: str = QUESTION) -> list[Draft]:
    return list(writer.write(question, split_sentences(town), documents={town.id: town}))


def last_prompt(writer: ChatWriter) -> list[str]:
    return [str(message.content) for message in writer.chat.model.prompts[-1]]


def test_claims_come_with_the_numbers_of_their_sentences() -> None:
    assert write(writer("Ann Lee. [S2]\n1,200 people. [S1]")) == [
        Draft("Ann Lee.", (2,)),
        Draft("1,200 people.", (1,)),
    ]


def test_a_refusal_yields_nothing() -> None:
    assert write(writer(ABSTENTION)) == []


@pytest.mark.parametrize(
    ("reply", "says"),
    [("", "wrote nothing"), ("Ann Lee is the mayor.", "ignored the form")],
)
def test_a_reply_without_any_claim_is_an_error(reply: str, says: str) -> None:
    with pytest.raises(ModelError, match=says):
        write(writer(reply))


def test_every_sentence_is_one_line_behind_its_key() -> None:
    model = writer(ABSTENTION)
    write(model)
    assert "it has 1,200 people.\n[S2] Its mayor is Ann Lee." in last_prompt(model)[-1]


def test_the_prompt_begins_the_same_for_every_question() -> None:
    first, second = writer(ABSTENTION), writer(ABSTENTION)
    write(first)
    write(second, question="How many people?")
    assert last_prompt(first)[:-1] == last_prompt(second)[:-1]


def test_keys_are_others_where_the_source_has_such_keys() -> None:
    town = Document("elm", "Elmford", "As noted [S2] the mayor is Ann Lee. It is true [S1].")
    model = writer("Ann Lee. [S1]\nAnn Lee. [E1]")
    assert write(model, town) == [Draft("Ann Lee.", (1,))]
    assert "[E1] As noted [S2]" in last_prompt(model)[-1]


def test_a_follow_up_is_written_out_if_it_keeps_to_the_conversation() -> None:
    history = [Turn("user", "Who is the mayor of Elmford?"), Turn("assistant", "Ann Lee. [1]")]
    good = writer("Since when has Ann Lee been the mayor of Elmford?")
    assert good.standalone("since when?", history) == (
        "Since when has Ann Lee been the mayor of Elmford?"
    )
    assert "Ann Lee. [1]" in last_prompt(good)[-1]


@pytest.mark.parametrize("written", ["Since when is Bo Chan the mayor?", "What of it in 1999?"])
def test_a_wording_with_names_or_numbers_of_its_own_is_not_used(written: str) -> None:
    history = [Turn("user", "Who is the mayor of Elmford?"), Turn("assistant", "Ann Lee. [1]")]
    assert writer(written).standalone("since when?", history) == (
        "since when is Ann Lee the mayor of Elmford?"
    )


def test_a_wording_that_loses_the_questions_own_names_is_not_used() -> None:
    history = [Turn("user", "Who is the mayor of Elmford?"), Turn("assistant", "Ann Lee. [1]")]
    question = "Did she ever meet Bo Chan in 2019?"
    assert "Bo Chan" in writer("Did Ann Lee ever meet?").standalone(question, history)


def test_a_first_question_is_not_sent_anywhere() -> None:
    assert writer().standalone(QUESTION, []) == QUESTION


def test_a_foreign_question_is_translated_for_the_search() -> None:
    documents = {"elm": TOWN}
    assert writer("Who is the mayor in 2019?").in_language_of(
        documents, "¿Quién es el alcalde en 2019?"
    ) == ("Who is the mayor in 2019?")
    assert writer("Who is the mayor in 2091?").in_language_of(
        documents, "¿Quién es el alcalde en 2019?"
    ) == ("¿Quién es el alcalde en 2019?")
    assert writer().in_language_of(documents, QUESTION) == QUESTION
