import pytest

from askali.text.kinds import AnswerType, states


@pytest.mark.parametrize(
    ("kind", "with_one", "without"),
    [
        (AnswerType.DATE, "The kiosk shuts at 16.45.", "The kiosk sells tea for 16.45 euros."),
        (AnswerType.DATE, "The fair is held on Thursdays.", "The fair is held by the pond."),
        (AnswerType.DATE, "The geese return in autumn.", "The geese fall silent."),
        (AnswerType.DATE, "Fees fall due on the fifth working day.", "Fees fall due."),
        (AnswerType.DATE, "The choir sings on Easter Sunday.", "The choir sings loudly."),
        (AnswerType.DATE, "Lambing begins in week 12.", "Lambing begins in the 12 barns."),
        (AnswerType.DATE, "The lamp is lit an hour before dusk.", "The lamp is lit by hand."),
        (AnswerType.TIME_OF_DAY, "The sluice opens at half past five.", "Five sluices open."),
        (AnswerType.TIME_OF_DAY, "Trains run from 6 to 23.", "Trains run to Ely."),
        (AnswerType.DURATION, "A permit takes ten working days.", "A permit takes patience."),
        (AnswerType.DURATION, "It lasted a year and a half.", "It lasted longer than planned."),
        (AnswerType.PERSON, "Locker 7 is held by member 31, number 4.", "The locker is grey."),
        (AnswerType.PERSON, "The caretaker has the key.", "The key is in the drawer."),
        (AnswerType.PERSON, "It is signed by the site manager.", "It is signed in ink."),
        (AnswerType.MONEY, "It paid $2 billion.", "It sold 2 billion chips."),
        (AnswerType.MONEY, "It paid 9.5 million florins.", "It paid in florins."),
        (AnswerType.NUMBER, "It has twenty stores.", "It has stores."),
        (AnswerType.PERCENT, "A 27.7% share.", "A large share."),
        (AnswerType.DATE, "It closed in July.", "It closed."),
        (AnswerType.PERSON, "The founder is Ann Lee.", "The founder is known."),
        (AnswerType.REASON, "It failed because of costs.", "It failed."),
    ],
)
def test_a_sentence_states_a_value_of_the_kind_or_not(
    kind: AnswerType, with_one: str, without: str
) -> None:
    assert states(kind, with_one, "q")
    assert not states(kind, without, "q")


def test_a_value_that_the_question_gave_is_no_answer() -> None:
    assert not states(AnswerType.DATE, "In 2015 it grew.", "When in 2015 did it grow?")


def test_the_currency_of_a_row_may_stand_above_it():
    row, question = "| Staff | 2,310 | 2,255 |", "What did the staff cost in 2018?"
    assert not states(AnswerType.MONEY, row, question)
    assert states(AnswerType.MONEY, row, question, under="Costs (thousand crowns) | 2019 | 2018")
    assert not states(AnswerType.MONEY, "| Staff | n/a |", question, under="Costs (crowns) | 2018")
