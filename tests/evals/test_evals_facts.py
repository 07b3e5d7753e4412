"""Facts files: what a person may write, and what they are told when it is not understood."""

from __future__ import annotations

from pathlib import Path

import pytest

from askali.domain import Document
from askali_evals.cases.case import Case
from askali_evals.cases.facts import (
    check_evidence,
    fingerprint,
    load_cases,
    load_suites,
    plain_texts,
)
from askali_evals.errors import FactsError
from askali_evals.scoring.spans import Span, find, sentences
from askali_evals.scoring.text import numbers, words
from evals_subjects import EVALS, committed_suites

GOOD = """\
# people's comment
- id: bridge-length
  question: How long is the bridge?
  expect:
    - [1.50 km, 1500 m]
    - no
  reject: [yes]
  evidence: [is 1.50 km long]
  tags: [number]
"""


def write(tmp_path: Path, text: str, name: str = "facts.yaml") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def problem(tmp_path: Path, text: str, name: str = "facts.yaml") -> str:
    with pytest.raises(FactsError) as caught:
        load_cases(write(tmp_path, text, name))
    return str(caught.value)


def test_scalars_stay_what_was_typed(tmp_path: Path) -> None:
    (case,) = load_cases(write(tmp_path, GOOD))
    assert case.expect == (("1.50 km", "1500 m"), ("no",))
    assert case.reject == ("yes",)
    assert case.answerable and case.reviewed
    assert case.where.endswith("facts.yaml:2")


def test_json_lines_say_the_same_as_yaml(tmp_path: Path) -> None:
    line = (
        '{"id": "bridge-length", "question": "How long is the bridge?", '
        '"expect": [["1.50 km", "1500 m"], "no"], "reject": ["yes"], '
        '"evidence": ["is 1.50 km long"], "tags": ["number"]}\n'
    )
    (yaml_case,) = load_cases(write(tmp_path, GOOD))
    (json_case,) = load_cases(write(tmp_path, "\n" + line, "facts.jsonl"))
    assert json_case.where.endswith("facts.jsonl:2")
    assert (json_case.expect, json_case.evidence) == (yaml_case.expect, yaml_case.evidence)


@pytest.mark.parametrize(
    ("spoilt", "line", "told"),
    [
        (GOOD.replace("expect:", "expects:"), 5, "unknown field 'expects'"),
        (GOOD.replace("bridge-length", "Bridge length"), 2, "not kebab-case"),
        (GOOD.replace("  question: How long is the bridge?\n", ""), 2, "'question' is missing"),
        (GOOD + "  answerable: maybe\n", 10, "true or false"),
        (GOOD.replace("How long is the bridge?", "'TODO: how long?'"), 3, "write the question"),
        (GOOD.replace("How long", "So: how long"), 3, "stands in quotation marks"),
        (GOOD.replace("  question", "\tquestion"), 3, "not with a tab"),
        (GOOD + "  answerable: false\n", 5, "an unanswerable case has no 'expect'"),
        (GOOD.replace("  evidence: [is 1.50 km long]\n", ""), 2, "needs 'expect' and 'evidence'"),
        (GOOD.replace("- no", "- /no(/"), 6, "not a regular expression"),
        (GOOD.replace("tags: [number]", "tags: [[number]]"), 9, "one piece of text"),
        (GOOD + GOOD, 11, "is used before"),
        (GOOD + "  tags: [again]\n", 10, "given twice"),
        (GOOD.replace("[yes]", "[yes"), 8, "not YAML"),
        ("id: alone\n", 1, "a list of cases"),
        ("- just text\n", 1, "a case is expected"),
    ],
)
def test_a_problem_is_told_with_its_line(tmp_path: Path, spoilt: str, line: int, told: str) -> None:
    message = problem(tmp_path, spoilt)
    assert told in message
    assert f"facts.yaml:{line}:" in message


def test_every_problem_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    two = GOOD.replace("expect:", "expects:") + GOOD.replace("bridge-length", "x y")
    assert len(problem(tmp_path, two).splitlines()) == 2


def test_broken_json_is_told_with_its_line(tmp_path: Path) -> None:
    assert "facts.jsonl:2: not JSON" in problem(tmp_path, "\n{broken", "facts.jsonl")


def test_a_file_that_is_not_utf8_is_a_facts_error(tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FactsError, match="UTF-8"):
        load_cases(path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"- id: a\n  question: caf\xe9\n", "facts.yaml:2: not UTF-8"),
        (b"- id: a\n  question: a\0b\n", "facts.yaml:2: not YAML: the character '\\x00'"),
        (b"- &a\n  id: a\n  expect: *a\n", "nested too deeply"),
        (b"- id: a\n  question: Q\n  answerable: false\n  expect: b\n", "delete that or"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(tmp_path: Path, text: bytes, told: str) -> None:
    path = tmp_path / "facts.yaml"
    path.write_bytes(text)
    with pytest.raises(FactsError) as caught:
        load_cases(path)
    assert told in str(caught.value)


def test_a_byte_order_mark_is_no_part_of_the_first_line(tmp_path: Path) -> None:
    path = tmp_path / "facts.jsonl"
    path.write_text('{"id": "a", "question": "Why?", "answerable": false}', encoding="utf-8-sig")
    assert [case.id for case in load_cases(path)] == ["a"]


def test_an_unreviewed_draft_may_lack_what_a_case_needs(tmp_path: Path) -> None:
    (case,) = load_cases(
        write(tmp_path, "- id: a\n  question: Why?\n  evidence: []\n  reviewed: false\n")
    )
    assert not case.reviewed


def test_evidence_that_is_not_in_the_documents_is_told_with_its_line(tmp_path: Path) -> None:
    cases = load_cases(write(tmp_path, GOOD))
    documents = {"d": Document("d", "d", "The bridge is 1.5 km long.")}
    with pytest.raises(FactsError, match=r"facts.yaml:2: bridge-length: not in the documents"):
        check_evidence(cases, documents)


def test_evidence_that_is_not_verbatim_is_told_with_the_sentence_it_may_be_from(
    tmp_path: Path,
) -> None:
    cases = load_cases(write(tmp_path, GOOD))
    documents = {"d": Document("d", "d", "It is red. The bridge is 1.5 km long. It is old.")}
    with pytest.raises(FactsError, match=r"nearest: 'The bridge is 1\.5 km long\.'"):
        check_evidence(cases, documents)
    with pytest.raises(FactsError) as caught:
        check_evidence(cases, {"d": Document("d", "d", "Bees fly.")})
    assert "nearest" not in str(caught.value)


def test_evidence_may_run_over_a_line_break(tmp_path: Path) -> None:
    cases = load_cases(write(tmp_path, GOOD))
    check_evidence(cases, {"d": Document("d", "d", "The bridge is 1.50\n   km long.")})


def test_evidence_that_stands_everywhere_is_refused(tmp_path: Path) -> None:
    cases = load_cases(write(tmp_path, GOOD))
    text = "It is 1.50 km long. " * 4
    with pytest.raises(FactsError, match="stands in 4 places"):
        check_evidence(cases, {"d": Document("d", "d", text)})


def test_each_facts_file_is_asked_of_its_own_document(tmp_path: Path) -> None:
    evals = tmp_path / "evals"
    for folder in (evals / "facts", evals / "documents", tmp_path / "corpus"):
        folder.mkdir(parents=True)
    write(evals / "facts", GOOD, "article.yaml")
    write(evals / "facts", GOOD, "bridge.yaml")
    write(evals / "documents", "text", "bridge.txt")
    write(evals / "documents", "title = 'B'", "bridge.toml")
    article, bridge = load_suites(evals)
    assert article.documents == tmp_path / "corpus"
    assert bridge.documents == evals / "documents" / "bridge.txt"


def test_a_facts_file_without_its_document_is_told(tmp_path: Path) -> None:
    (tmp_path / "facts").mkdir()
    write(tmp_path / "facts", GOOD, "lost.yaml")
    with pytest.raises(FactsError, match="exactly one document"):
        load_suites(tmp_path)


def test_the_fingerprint_follows_every_byte_and_name(tmp_path: Path) -> None:
    write(tmp_path, "one", "a.txt")
    before = fingerprint(tmp_path)
    assert fingerprint(tmp_path) == before
    write(tmp_path, "two", "a.txt")
    assert fingerprint(tmp_path) != before


def test_documents_that_are_not_plain_text_are_left_to_askali(tmp_path: Path) -> None:
    write(tmp_path, "text", "a.txt")
    assert plain_texts(tmp_path) is not None
    write(tmp_path, "%PDF", "b.pdf")
    assert plain_texts(tmp_path) is None


def test_the_facts_of_the_repository_load_and_their_evidence_is_verbatim() -> None:
    suites = committed_suites()
    for suite in suites:
        texts = plain_texts(suite.documents)
        assert texts is not None
        check_evidence(suite.cases, texts)
    (article,) = (suite for suite in suites if suite.name == "article")
    unanswerable = [case for case in article.counted if not case.answerable]
    near = [case for case in unanswerable if "near-miss" in case.tags]
    assert len(article.counted) >= 150
    assert len(unanswerable) >= 40
    assert len(near) >= 25


@pytest.fixture(scope="module")
def article() -> tuple[tuple[Case, ...], dict[str, Document]]:
    (suite,) = (s for s in load_suites(EVALS) if s.name == "article")
    texts = plain_texts(suite.documents)
    assert texts is not None
    return suite.counted, texts


def test_every_figure_of_the_article_is_an_expected_answer(article) -> None:
    cases, texts = article
    expected = " ".join(phrase for case in cases for line in case.expect for phrase in line)
    assert all(numbers(d.text) - {"4"} <= numbers(expected) for d in texts.values())  # 4: of "Q4"


def test_every_sentence_of_the_article_that_tells_something_is_evidence(article) -> None:
    cases, texts = article
    quotes = {quote for case in cases for line in case.evidence for quote in line}
    places = [place for quote in quotes for place in find(quote, texts)]
    for document in texts.values():
        spans = [Span(document.id, a, b) for a, b in sentences(document.text)]
        unasked = [
            document.text[s.start : s.end]
            for s in spans
            if not any(p.start < s.end and s.start < p.end for p in places)
        ]
        assert not [text for text in unasked if len(words(text)) > 10 or numbers(text)]


@pytest.mark.parametrize(
    ("kind", "least"),
    [
        ("near-miss", 25),
        ("false-premise", 5),
        ("two-part", 5),
        ("list", 5),
        ("yes-no", 5),
        ("typo", 5),
        ("keywords", 5),
        ("other-language", 5),
        ("injection", 5),
    ],
)
def test_every_kind_of_question_is_asked_of_the_article(article, kind: str, least: int) -> None:
    assert sum(kind in case.tags for case in article[0]) >= least


def test_conversations_of_three_questions_are_asked_of_the_article(article) -> None:
    assert sum(len(case.history) >= 2 for case in article[0] if "follow-up" in case.tags) >= 5


def test_the_example_of_the_docs_says_what_its_comments_say(tmp_path: Path) -> None:
    text = (EVALS.parent / "docs" / "evaluation.md").read_text(encoding="utf-8")
    example = text.partition("```yaml\n")[2].partition("```")[0]
    signed, price = load_cases(write(tmp_path, example))
    assert signed.expect == (("Ann Lee", "A. Lee"), ("/2[01] May/",))
    assert signed.history and not price.answerable
