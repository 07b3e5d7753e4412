"""The natural questions: loaded with file and line, scored by their points, asked by the gate."""

from __future__ import annotations

from pathlib import Path

import pytest

from askali.domain import Answer, Citation, Document, Hit, Passage
from askali_evals.cases.case import Case, Points, Suite
from askali_evals.cases.natural import load_natural
from askali_evals.errors import FactsError
from askali_evals.running.system import Observation
from askali_evals.scoring.metrics import measure
from askali_evals.scoring.points import score_points
from askali_evals.scoring.result import CaseResult, score_case
from evals_subjects import EVALS

DAIRY = "The dairy makes butter, cheese and cream. It was founded in 1902. It sold 27 % more.\n"
QUESTION = """\
- id: products
  document: dairy.txt
  question: what do they make
  shape: list
  answerable: true
  items: [[butter], [cheese], [cream]]
  not_items: [yoghurt]
  spans: ['The dairy makes butter']
"""
DIALOGUE = """\
- id: then-when
  document: dairy.txt
  kind: ellipsis
  turns:
  - {user: what do they make, assistant: Butter.}
  - {user: since when}
  standalone: Since when does the dairy make butter?
  needs_rewrite: true
  mentions: [dairy]
  answerable: true
  any: [['1902']]
"""


def folder_of(tmp_path: Path, questions: str = QUESTION, dialogues: str = DIALOGUE) -> Path:
    for name, text in (
        ("documents/dairy.txt", DAIRY),
        ("questions/dairy.yaml", questions),
        ("dialogues.yaml", dialogues),
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_questions_and_dialogues_of_a_document_are_one_suite(tmp_path: Path) -> None:
    (suite,) = load_natural(folder_of(tmp_path))
    listed, talk = suite.counted
    assert (suite.name, listed.shape, talk.shape) == ("dairy", "list", "dialogue")
    assert talk.question == "since when"
    assert talk.turns == (("user", "what do they make"), ("assistant", "Butter."))
    assert listed.where.endswith("dairy.yaml:1")


def test_the_committed_set_is_loaded_whole() -> None:
    suites = load_natural(EVALS / "natural")
    cases = [case for suite in suites for case in suite.counted]
    assert len(suites) == 9
    assert sum(case.shape != "dialogue" for case in cases) >= 768
    assert len({case.id for case in cases}) == len(cases)


@pytest.mark.parametrize(
    ("spoilt", "line", "told"),
    [
        (QUESTION.replace("dairy.txt", "mill.txt"), 2, "no document 'mill.txt'"),
        (QUESTION.replace("makes butter'", "makes soap'"), 8, "not in dairy.txt any more"),
        (QUESTION + QUESTION, 9, "id 'products' is used before"),
        (QUESTION.replace("shape: list", "shape: poem"), 4, "unknown shape 'poem'; known: fact"),
        (QUESTION.replace("not_items", "wrong"), 7, "unknown field 'wrong'"),
        (QUESTION.replace("true", "perhaps"), 5, "true or false"),
        (QUESTION + "  verdict: maybe\n", 9, "yes or no"),
        (QUESTION + "  number: 5\n", 9, "is a range"),
        (QUESTION.replace("items: ", "none: [x] #").replace("not_none: ", "#"), 1, "to score"),
        ("# nothing yet\n", 1, "no question in it"),
    ],
)
def test_a_mistake_is_told_with_its_file_and_line(
    tmp_path: Path, spoilt: str, line: int, told: str
) -> None:
    with pytest.raises(FactsError) as caught:
        load_natural(folder_of(tmp_path, spoilt))
    assert f"dairy.yaml:{line}: " in str(caught.value)
    assert told in str(caught.value)


def said(points: Points, text: str, standalone: str = "q", cites: bool = False) -> bool:
    citation = Citation(1, "d", 0, 4, "The ")
    answer = Answer("q", standalone, text, citations=(citation,) * cites)
    return score_points(points, answer).right


@pytest.mark.parametrize(
    ("points", "right", "wrong"),
    [
        (Points(any=(("27 per cent",),)), "It sold **27%** more [1].", "It sold 127 % more."),
        (Points(any=(("delay",),)), "It was delayed.", "No undelayed word."),
        (Points(none=("soap",)), "Butter.", "Butter and soap."),
        (Points(verdict="no"), "No, it was not.", "Yes, in 1902."),
        (Points(verdict="no"), "It never was.", "yes"),
        (Points(number=(1000, 1200)), "About 1,100 in all.", "About 900."),
        (Points(order=("first", "then")), "At first this, then that.", "Then this, first that."),
        (Points(order=("first", "then")), "First, then.", "Then nothing."),
        (
            Points(items=(("butter",), ("cheese",)), not_items=("soap",)),
            "- cheese\n- butter",
            "butter, cheese, soap",
        ),
        (Points(items=(("butter",), ("cheese",))), "Butter; cheese.", "Butter."),
    ],
)
def test_points_decide(points: Points, right: str, wrong: str) -> None:
    assert said(points, right)
    assert not said(points, wrong)


def test_small_talk_has_no_citation() -> None:
    assert said(Points(any=(("hello",),), cites=False), "Hello!")
    assert not said(Points(any=(("hello",),), cites=False), "Hello!", cites=True)


def result_of(case: Case, answer: Answer, *hits: Hit) -> CaseResult:
    suite = Suite("dairy", (case,), Path("dairy.yaml"))
    documents = {"d": Document("d", "Dairy", DAIRY)}
    return score_case(suite, case, Observation(answer, hits), documents)


def test_a_refusal_is_right_where_nothing_is_stated_and_has_an_address_where_it_is() -> None:
    refusal = Answer("q", "q", "The documents do not say.", abstained=True)
    open_question = Case("a", "q", answerable=False, shape="fact", points=Points())
    stated = Case(
        "b", "q", evidence=(("founded in 1902",),), shape="fact", points=Points(any=(("1902",),))
    )
    assert result_of(open_question, refusal).passed
    assert result_of(stated, refusal).address == "retrieval"
    found = Hit(Passage("d", 0, len(DAIRY), DAIRY), 1.0)
    assert result_of(stated, refusal, found).address == "abstention"


def test_a_false_premise_may_be_put_right_instead_of_refused() -> None:
    points = Points(may_say=("1902",), none=("1950",))
    case = Case("a", "why in 1950", answerable=False, shape="why", points=points)
    assert result_of(case, Answer("q", "q", "It was founded in 1902.")).passed
    assert result_of(case, Answer("q", "q", "In 1950, because.")).address == "abstention"


def test_natural_questions_have_measures_of_their_own() -> None:
    points = Points(items=(("butter",), ("cheese",)), mentions=("dairy",))
    case = Case("a", "and what else", shape="dialogue", points=points)
    half = result_of(case, Answer("q", "what the dairy makes", "Butter."))
    measures = measure([half])
    assert half.address == "answer"
    assert measures["natural.right"].value == 0
    assert measures["natural.items_recall"].value == 0.5
    assert measures["natural.understood"].value == 1
    assert measures["answer.right"].n == 0
