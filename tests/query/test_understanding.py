import pytest

from askali.domain import Shape
from askali.models.embeddings import shared_encoder
from askali.query.question import Question
from askali.query.understanding import understand
from askali.settings import Settings
from askali.text.dates import Period
from askali.text.kinds import AnswerType


def asked(text: str, **more: object) -> Question:
    encoder = shared_encoder(Settings.load().home)
    return understand(text, lambda each: encoder.read(each).vector, **more)


@pytest.mark.parametrize(
    ("question", "shape"),
    [
        ("Who paints the lighthouse?", Shape.FACT),
        ("is the lighthouse still lit", Shape.YES_NO),
        ("list all keepers of the lighthouse", Shape.LIST),
        ("how many keepers were there", Shape.COUNT),
        ("why was the lighthouse moved", Shape.WHY),
        ("summarise the text in three points", Shape.SUMMARY),
        ("compare the old lamp with the new lamp", Shape.COMPARE),
        ("timeline of the lighthouse", Shape.TIMELINE),
        ("all dates in the document", Shape.EXTRACT),
        ("who wrote this article", Shape.ABOUT_DOCUMENT),
        ("hello there", Shape.SMALL_TALK),
    ],
)
def test_the_shape_is_told_by_the_fitted_model(question: str, shape: Shape) -> None:
    assert asked(question).shape is shape


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("what did the lamp cost", AnswerType.MONEY),
        ("Who paints the lighthouse?", AnswerType.PERSON),
        ("in which town does the keeper live", AnswerType.PLACE),
        ("what year was it lit", AnswerType.DATE),
        ("how long did the repair take", AnswerType.DURATION),
        ("at what time is the lamp lit", AnswerType.TIME_OF_DAY),
        ("why was it moved", AnswerType.REASON),
    ],
)
def test_the_kind_of_value_is_told_by_the_fitted_model(question: str, kind: AnswerType) -> None:
    assert asked(question).kind is kind


def test_a_single_question_is_its_own_part() -> None:
    question = asked("Who paints the lighthouse?", typed="who pants the lighthouse")
    assert question.parts == (question,)
    assert question.typed == "who pants the lighthouse"
    assert question.language == "en"


def test_each_question_in_one_is_understood_for_itself() -> None:
    question = asked("Who paints the lighthouse and when was it built in 1903?")
    first, second = question.parts
    assert first.kind is AnswerType.PERSON
    assert second.periods == (Period(1903.0, 1904.0),)


def test_a_comparison_knows_its_sides() -> None:
    question = asked("Compare the keepers of Skerry and of Marram.")
    assert question.operands == ("the keepers of Skerry", "the keepers of Marram")
    assert [part.text for part in question.parts] == list(question.operands)


def test_lists_and_comparisons_take_several_sentences() -> None:
    several = {shape for shape in Shape if shape.takes_several}
    assert {Shape.LIST, Shape.COMPARE, Shape.SUMMARY} < several
    assert not {Shape.FACT, Shape.YES_NO, Shape.COUNT} & several
