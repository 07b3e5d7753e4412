from collections.abc import Sequence

import pytest

from askali.domain import Turn
from askali.query.condense import condense_question


def after(*turns: str) -> list[Turn]:
    return [Turn("user" if i % 2 == 0 else "assistant", text) for i, text in enumerate(turns)]


UNITREE = after(
    "Who founded Unitree?",
    'Wang Xingxing, the founder of Unitree, said in July that revenue reached "one billion". [1]',
)


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("Is it profitable?", "Is Unitree profitable?"),
        ("What is its revenue?", "What is Unitree's revenue?"),
        ("When did that company apply for an IPO?", "When did Unitree apply for an IPO?"),
        ("the revenue?", "the revenue of Unitree?"),
        ("what about Zebra Network?", "Who founded Zebra Network?"),
        ("and Kaola?", "Who founded Kaola?"),
        ("Who is the CEO of Tencent?", "Who is the CEO of Tencent?"),
    ],
)
def test_a_follow_up_becomes_a_question_of_its_own(asked: str, meant: str) -> None:
    assert condense_question(asked, UNITREE) == meant


def test_why_takes_up_the_question_before() -> None:
    history = after("Did Kaola shut down?", "Kaola came to a halt. [1]")
    assert condense_question("why?", history) == "Why did Kaola shut down?"


def test_what_a_question_says_of_it_is_not_what_it_means() -> None:
    said = after("What was the penalty for the delay?", "It was 3,000 euros. [1]")
    assert condense_question("Why was it delayed?", said) == "Why was it delayed?"


def test_another_year_replaces_the_year() -> None:
    history = after("What was the loss of Zebra in 2023?", "It was 2.")
    assert condense_question("and in 2024?", history) == "What was the loss of Zebra in 2024?"


def test_the_other_one_is_a_name_that_only_the_answer_had() -> None:
    history = after("What does Zhipu bet on?", "It bets as Zhipu does; also MiniMax does. [1]")
    assert condense_question("and the other one?", history) == "What does MiniMax bet on?"


def test_a_chain_of_three_keeps_its_topic() -> None:
    history = [*UNITREE, *after("Is it profitable?", "Yes, since 2020. [1]")]
    assert condense_question("why?", history) == "Why is Unitree profitable?"


def test_without_history_a_question_stays_as_it_is() -> None:
    assert condense_question("What is it?", []) == "What is it?"


def test_a_name_before_the_pronoun_is_what_it_means() -> None:
    assert condense_question("When did Kaola say it would close?", UNITREE).startswith(
        "When did Kaola"
    )


def test_an_object_pronoun_means_the_topic_and_not_the_subject_before_it() -> None:
    history = after("When was Kaola launched?", "NetEase launched Kaola in 2015. [1]")
    assert condense_question("how much did Alibaba pay for it?", history) == (
        "how much did Alibaba pay for Kaola?"
    )


@pytest.mark.parametrize(
    ("before", "answer", "asked", "meant"),
    [
        (
            "When did the harbour bridge open?",
            "The bridge was opened in 1932. [1]",
            "How much did it cost?",
            "How much did the harbour bridge cost?",
        ),
        (
            "who designed the old mill",
            "Marta Lindqvist drew the plans. [1]",
            "how old is it?",
            "how old is the old mill?",
        ),
        (
            "who designed the old mill",
            "Marta Lindqvist drew the plans. [1]",
            "where was she born?",
            "where was Marta Lindqvist born?",
        ),
    ],
)
def test_it_is_the_thing_that_was_asked_about_even_without_capitals(
    before: str, answer: str, asked: str, meant: str
) -> None:
    assert condense_question(asked, after(before, answer)) == meant


BEDS = after("how many beds does the hostel have", "44 beds. [1]")
MANAGERS = after(
    "Who ran the quarry?",
    "The first manager was Tobias Reeve. [1] The second manager was Edda Norling. [2]",
)
FERRIES = after("which ferries sail in winter", "- Skua [1]\n- Petrel [2]\n- Tern [3]")
PATRONS = after("who paid for the organ", "Ada Wilk, Jon Brae and the Salters' Guild. [1]")
TOWER = after("how tall is the north tower", "31 metres. [1]")
RATES = after("what does the licence cost for a household", "120 euros. [1]")


@pytest.mark.parametrize(
    ("history", "asked", "meant"),
    [
        (MANAGERS, "What about the second one?", "What about Edda Norling?"),
        (FERRIES, "how long is the third one", "how long is Tern"),
        (FERRIES, "who steers the last one?", "who steers Tern?"),
        (PATRONS, "what was the first one's trade", "what was Ada Wilk's trade"),
        (FERRIES, "how long is the sixth one", "how long is the sixth one"),
    ],
)
def test_the_second_one_is_the_second_of_the_list_shown_last(
    history: list[Turn], asked: str, meant: str
) -> None:
    assert condense_question(asked, history) == meant


@pytest.mark.parametrize(
    ("history", "asked", "meant"),
    [
        (FERRIES, "and in summer?", "which ferries sail in summer?"),
        (RATES, "for a business?", "what does the licence cost for a business?"),
        (TOWER, "and the south tower?", "how tall is the south tower?"),
        (BEDS, "and how many showers", "how many showers does the hostel have?"),
        (
            after("When is the museum open?", "From 9 to 5."),
            "and on Sundays?",
            "When is the museum open on Sundays?",
        ),
        (
            after("what does error F3 mean", "Low water."),
            "and F7?",
            "what does error F7 mean?",
        ),
        (
            after("Who was the first manager of the quarry?", "Tobias Reeve."),
            "And the second?",
            "Who was the second manager of the quarry?",
        ),
        (
            after("what was the turnover in 2019", "3 million."),
            "and the profit?",
            "what was the profit in 2019?",
        ),
    ],
)
def test_and_x_takes_the_place_of_what_is_like_it(
    history: list[Turn], asked: str, meant: str
) -> None:
    assert condense_question(asked, history) == meant


@pytest.mark.parametrize(
    ("before", "answer", "asked", "meant"),
    [
        ("Does the shop take cards?", "No.", "why not?", "Why doesn't the shop take cards?"),
        ("who is the purser", "Lea Brandt.", "since when", "since when is Lea Brandt the purser?"),
        ("who left the board", "Ben Okoro.", "why?", "Why is it that Ben Okoro left the board?"),
        ("which lane is closed", "Mill Lane.", "why", "Why is it that Mill Lane is closed?"),
        (
            "what did the council do with the pier",
            "It sold the pier to a brewery.",
            "why did they do that",
            "Why is it that the council sold the pier to a brewery?",
        ),
    ],
)
def test_why_and_since_when_are_asked_of_what_was_said(
    before: str, answer: str, asked: str, meant: str
) -> None:
    assert condense_question(asked, after(before, answer)) == meant


def test_greetings_and_thanks_are_no_ground_for_the_next_question() -> None:
    history = [*TOWER, *after("thanks!", "You are welcome.", "hi", "Hello, ask me.")]
    assert condense_question("when was it built", history) == "when was the north tower built"
    assert condense_question("thank you", history) == "thank you"
    assert condense_question("who built it", after("hello", "Hello!")) == "who built it"


@pytest.mark.parametrize(
    "asked",
    [
        "What time is checkout?",
        "cheapest room with breakfast",
        "does the hostel have a sauna",
        "in English please",
        "how much is the ticket?",
        "Which towns can be reached by bus?",
    ],
)
def test_a_question_that_is_complete_in_itself_is_never_rewritten(asked: str) -> None:
    assert condense_question(asked, BEDS) == asked


def test_she_who_was_not_named_stays_she() -> None:
    history = after("when did she move to Leith", "In 1921. [1]")
    assert condense_question("why did she move", history) == "why did she move"


def test_a_model_is_asked_only_for_what_the_rules_leave_open() -> None:
    asked: list[str] = []

    def rewrite(question: str, history: Sequence[Turn]) -> str:
        asked.append(question)
        return "Where does Ilva Reed live?"

    history = after("when did she move to Leith", "In 1921. [1]")
    assert condense_question("where does she live", history, rewrite).endswith("Ilva Reed live?")
    assert condense_question("when was it built", TOWER, rewrite).endswith("tower built")
    assert condense_question("What time is checkout?", BEDS, rewrite) == "What time is checkout?"
    assert asked == ["where does she live"]


LOWER = [
    Turn("user", "how much is brannock spending over two years"),
    Turn("assistant", "Brannock is spending 60 million crowns in two years on its docks. [1]"),
]


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("why does it spend so much", "why does brannock spend so much"),
        ("how many people does it employ", "how many people does brannock employ"),
        ("what about ferrow", "how much is ferrow spending over two years?"),
        ("list the companies that brannock bought", "list the companies that brannock bought"),
        ("list the companies brannock bought", "list the companies brannock bought"),
        ("which of the companies are listed", "which of the companies are listed"),
    ],
)
def test_a_name_without_its_capital_is_meant_and_never_a_time(asked: str, meant: str) -> None:
    assert condense_question(asked, LOWER) == meant


def test_what_has_the_same_head_is_in_its_place() -> None:
    fares = after(
        "how much is a day ticket for children?", "| Ticket | Children |\n| Day | 2 [1] |"
    )
    assert condense_question("what about a season ticket", fares) == (
        "how much is a season ticket for children?"
    )


def test_the_label_of_a_detail_is_no_thing() -> None:
    dated = after("when was this published", "**Date**: 2025-10-09")
    assert condense_question("and who wrote it", dated) == "who wrote it"


def test_an_article_behind_a_bullet_is_no_name() -> None:
    listed = after("What is the memo about?", "- The ferry is late. [1]\n- The quay is full. [2]")
    assert condense_question("Who wrote it?", listed) == "Who wrote the memo?"


def test_what_was_no_question_has_no_why() -> None:
    told = after("Summarise the memo", "- The ferry is late. [1]")
    assert condense_question("Why?", told) == "Why?"


LOCKER = after("What does locker 12 cost?", "Locker 12 costs 4 euros. [1]")
ROOM = after("How many seats has room B?", "Room B has 40 seats. [1]")
CODE = after("What does code E4 mean?", "Door open. [1]")
SHIFT = after("When does shift 2 end?", "Shift 2 ends at 22:00. [1]")


@pytest.mark.parametrize(
    ("history", "asked", "meant"),
    [
        (LOCKER, "and locker 30?", "What does locker 30 cost?"),
        (ROOM, "what about room D", "How many seats has room D?"),
        (ROOM, "and C?", "How many seats has room C?"),
        (CODE, "and code E9?", "What does code E9 mean?"),
        (SHIFT, "when does it begin?", "when does shift 2 begin?"),
        (LOCKER, "30?", "What does locker 30 cost?"),
    ],
)
def test_what_has_a_number_or_letter_of_its_own_is_one_thing_with_it(
    history: list[Turn], asked: str, meant: str
) -> None:
    assert condense_question(asked, history) == meant


@pytest.mark.parametrize(
    ("before", "asked", "meant"),
    [
        ("How many hens are on the farm?", "and ducks?", "How many ducks are on the farm?"),
        ("how many rooms does the inn have", "and beds?", "how many beds does the inn have?"),
        ("how many rooms does Astley have", "and beds?", "how many beds does Astley have?"),
        ("What is the fee for adults?", "and children?", "What is the fee for children?"),
        ("price of bread for members?", "guests?", "guests?"),
    ],
)
def test_several_things_take_the_place_of_several_things(
    before: str, asked: str, meant: str
) -> None:
    assert condense_question(asked, after(before, "12. [1]")) == meant


@pytest.mark.parametrize(
    ("before", "asked", "meant"),
    [
        (
            "what does a permit for the lake cost",
            "and for the river?",
            "what does a permit for the river cost?",
        ),
        ("Which staff left in May?", "and in June?", "Which staff left in June?"),
        ("What happened on 3 May?", "and on 4 May?", "What happened on 4 May?"),
        (
            "When does the shop close on Fridays?",
            "Saturdays?",
            "When does the shop close on Saturdays?",
        ),
        ("How much did Sweden spend?", "Norway?", "How much did Norway spend?"),
        ("How heavy is the small tent?", "the big tent?", "How heavy is the big tent?"),
        ("When was the tower built?", "by whom?", "by whom was the tower built?"),
    ],
)
def test_a_part_alone_takes_the_place_of_its_like_and_leaves_the_rest(
    before: str, asked: str, meant: str
) -> None:
    assert condense_question(asked, after(before, "As said. [1]")) == meant


@pytest.mark.parametrize(
    ("before", "answer", "asked", "meant"),
    [
        (
            "price of a kayak per hour?",
            "9 euros.",
            "is there a discount on it",
            "is there a discount on the kayak",
        ),
        (
            "When does the shop close on Fridays?",
            "At six.",
            "when does it open?",
            "when does the shop open?",
        ),
        (
            "Is there a fee for late returns?",
            "Yes.",
            "who has to pay it?",
            "who has to pay the fee?",
        ),
        (
            "When did Harlow join the union?",
            "In 1974.",
            "when did he leave it?",
            "when did Harlow leave the union?",
        ),
        (
            "Who is Ana Reyes?",
            "Ana Reyes is the harbour master.",
            "where does she live?",
            "where does Ana Reyes live?",
        ),
        (
            "who signed the lease",
            "R. Quist and T. Ode signed it.",
            "when did they sign it",
            "when did they sign the lease",
        ),
    ],
)
def test_it_is_no_measure_no_day_and_not_the_one_who_does_it(
    before: str, answer: str, asked: str, meant: str
) -> None:
    assert condense_question(asked, after(before, answer)) == meant


def test_a_clause_behind_a_comma_makes_no_list() -> None:
    rivers = after("Which rivers are there?", "The Aller, the Sorne and the Wick. [1]")
    talk = [*rivers, *after("what about the first one?", "The Aller, which is 90 km long. [1]")]
    assert condense_question("and the last one?", talk) == "What about the Wick?"
    finalists = after("Who were the finalists?", "- Anna Rusk [1]\n- Pim Oort [2]")
    assert condense_question("where does the latter live?", finalists) == (
        "where does Pim Oort live?"
    )
