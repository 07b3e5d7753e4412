"""From a bad answer to a case: what is reported waits, and counts only when it is complete."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from askali.domain import Document
from askali_evals.cases.drafting import HEADER, draft_cases, slug
from askali_evals.cases.facts import check_evidence, load_cases
from askali_evals.cases.review_queue import (
    add_pending,
    new_pending,
    pending_file,
    promote,
    read_pending,
    remove_pending,
    to_yaml,
)
from askali_evals.errors import FactsError

BROWSER_LINE = {
    "id": "7f3a",
    "question": "How long is it?",
    "history": [
        {"role": "user", "content": "What is the bridge?"},
        {"role": "assistant", "content": "A bridge [1]."},
    ],
    "verdict": "wrong_source",
    "note": "cites the tunnel",
    "answer_text": "It is 4 km long [1].",
    "citations": [{"document_id": "d", "start": 0, "end": 20, "quote": "The tunnel is 4 km."}],
    "created": "2026-11-23T20:00:00+00:00",
}


def test_what_the_browser_writes_is_read(tmp_path: Path) -> None:
    path = tmp_path / "pending.jsonl"
    path.write_text(json.dumps(BROWSER_LINE) + "\n", encoding="utf-8")
    (case,) = read_pending(path)
    assert case.history == ("What is the bridge?",)
    assert case.verdict == "wrong_source"
    assert read_pending(tmp_path / "nothing.jsonl") == []


def test_an_added_case_is_listed_and_can_be_taken_out(tmp_path: Path) -> None:
    path = pending_file(tmp_path)
    add_pending(path, new_pending("How long is the bridge?", note="näive \u2028 line"))
    add_pending(path, new_pending("Who drew it?"))
    assert [case.id for case in read_pending(path)] == ["how-long-bridge", "who-drew-it"]
    assert read_pending(path)[0].created
    remove_pending(path, "how-long-bridge")
    assert [case.question for case in read_pending(path)] == ["Who drew it?"]


def test_the_same_question_reported_twice_is_two_cases(tmp_path: Path) -> None:
    path = pending_file(tmp_path)
    for _ in range(2):
        taken = {case.id for case in read_pending(path)}
        add_pending(path, new_pending("Who drew it?", taken))
    remove_pending(path, "who-drew-it")
    assert [case.id for case in read_pending(path)] == ["who-drew-it-2"]


def test_an_empty_question_is_no_case() -> None:
    with pytest.raises(FactsError, match="empty"):
        new_pending("  ")


def test_a_reviewer_is_told_all_that_the_browser_knows(tmp_path: Path) -> None:
    path = tmp_path / "pending.jsonl"
    path.write_text(json.dumps(BROWSER_LINE) + "\n", encoding="utf-8")
    assert read_pending(path)[0].told() == [
        ("after", "What is the bridge?"),
        ("question", "How long is it?"),
        ("answer", "It is 4 km long [1]."),
        ("cited", "The tunnel is 4 km."),
        ("note", "cites the tunnel"),
    ]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "not a pending case"),
        ('{"id": "a"}', "question"),
        ('{"id": "a", "question": "b", "verdict": "meh"}', "'meh'"),
        ("[]", "not a pending case"),
    ],
)
def test_a_broken_line_is_told_with_its_number(tmp_path: Path, line: str, told: str) -> None:
    path = tmp_path / "pending.jsonl"
    path.write_text("\n" + line + "\n", encoding="utf-8")
    with pytest.raises(FactsError, match=r"pending.jsonl:2: ") as caught:
        read_pending(path)
    assert told in str(caught.value)


def test_a_complete_case_counts_at_once(tmp_path: Path) -> None:
    facts = tmp_path / "facts.yaml"
    pending = new_pending(
        "How long: is # it?", expect=("1.50 km",), evidence=("is 1.50 km long",), note="yes"
    )
    case = promote(pending, facts)
    assert case.reviewed
    assert case.question == "How long: is # it?"
    assert load_cases(facts) == (case,)


def test_an_incomplete_case_stays_unreviewed(tmp_path: Path) -> None:
    facts = tmp_path / "facts.yaml"
    facts.write_text(
        "# kept\n- id: how-long-it\n  question: Old?\n  answerable: false\n", encoding="utf-8"
    )
    case = promote(new_pending("How long is it?"), facts)
    assert (case.id, case.reviewed) == ("how-long-it-2", False)
    assert facts.read_text(encoding="utf-8").startswith("# kept\n")


def test_what_should_have_been_refused_becomes_unanswerable(tmp_path: Path) -> None:
    case = promote(new_pending("Who owns it?", verdict="should_abstain"), tmp_path / "f.yaml")
    assert not case.answerable
    assert case.reviewed


def test_a_good_answer_brings_its_citations_as_evidence(tmp_path: Path) -> None:
    path = tmp_path / "pending.jsonl"
    path.write_text(json.dumps({**BROWSER_LINE, "verdict": "good"}) + "\n", encoding="utf-8")
    case = promote(read_pending(path)[0], tmp_path / "f.yaml")
    assert case.id == "how-long-it"  # the browser's own id says nothing to a reader
    assert case.evidence == (("The tunnel is 4 km.",),)
    assert case.history == ("What is the bridge?",)


def test_facts_are_left_as_they_were_when_a_case_does_not_fit(tmp_path: Path) -> None:
    facts = tmp_path / "facts.yaml"
    facts.write_text("- id: Broken id\n", encoding="utf-8")
    with pytest.raises(FactsError):
        promote(new_pending("Why?"), facts)
    assert facts.read_text(encoding="utf-8") == "- id: Broken id\n"


def test_drafts_are_verbatim_unreviewed_and_load(tmp_path: Path) -> None:
    text = (
        "Heading\n\nThe bridge was opened in 1931 by two people. It is nice to look at it. "
        "The bridge was designed by Ada Holm in her youth. It is 1.50 km long, or nearly so."
    )
    documents = {"d": Document("d", "Bridge", text)}
    drafts = draft_cases(documents, 10)
    facts = tmp_path / "facts.yaml"
    facts.write_text(HEADER + to_yaml(drafts), encoding="utf-8")
    cases = load_cases(facts)
    check_evidence(cases, documents)
    assert [case.expect for case in cases] == [(("1931",),), (("Ada Holm",),), (("1.50 km",),)]
    assert not any(case.reviewed for case in cases)
    assert len(draft_cases(documents, 2)) == 2


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("The laboratory opens at 8:30 and closes in the evening.", "8:30"),
        ("The budget of 2025 was 1.2 million euros, and it is spent.", "1.2 million euros"),
        ("It was let to the rowing club on 3 May 2021, for good.", "3 May 2021"),
        ("Samples are kept for 90 days, and never longer than that.", "90 days"),
        ("The share rose to 7 % in the year 2024, and fell again.", "7 %"),
        ("It has been led by Dr. Ines Vogt since 2016, they say.", "2016"),
        ("Its waste is collected by Remo every week, or thereabouts.", "Remo"),
        ("Present: Ada Brandt (chair), Jonas Weil, and nobody else.", "Ada Brandt"),
        ("The board approved €1.2 million for 2025, and no more.", "€1.2 million"),
        ("It was christened on May 3, 2008 by the mayor himself.", "May 3, 2008"),
        ("The boiler of the P-38 was mended in the winter of 2019/20.", "2019/20"),
        ("At the valley station it boils at 97.8 °C, they say.", "97.8 °C"),
        ("The mill has 14 windows.", "14 windows"),
        ("Die Kosten betrugen 1,3 Millionen Euro für das ganze Haus.", "1,3 Millionen Euro"),
    ],
)
def test_a_draft_expects_a_figure_with_its_unit(sentence: str, said: str) -> None:
    (draft,) = draft_cases({"d": Document("d", "Rules", sentence)}, 1)
    assert draft["expect"] == [said]


def drafts_of(text: str) -> list[tuple[str, str]]:
    documents = {"d": Document("d", "Ferry", text)}
    return [(draft["question"], draft["evidence"][0]) for draft in draft_cases(documents, 9)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (  # a line that was wrapped is no sentence of its own
            "The ferry runs every day except on Christmas Day and carries up to\n240 people and "
            "some cars. The crossing is said to be a little longer in\nwinter. Dogs are welcome.\n",
            [
                (
                    "except Christmas Day carries up some cars",
                    "The ferry runs every day except on Christmas Day and carries up to 240 people "
                    "and some cars.",
                )
            ],
        ),
        (  # nor is a day of a German date
            "Die Bücherei ist klein. Am 4. Oktober 2022 wurde der Lesesaal eröffnet.",
            [("Am wurde der Lesesaal eröffnet", "Am 4. Oktober 2022 wurde der Lesesaal eröffnet.")],
        ),
        (  # titles and tables are not asked about where something is said
            "Lease of 14 Canal Street\n\nNoise above 65 decibels is not allowed after 7 pm.\n\n"
            "| hut | 3205 m |\n|---|---|\n| valley station of the lift | 640 m |\n",
            [
                (
                    "Noise above not allowed after 7 pm",
                    "Noise above 65 decibels is not allowed after 7 pm.",
                )
            ],
        ),
    ],
)
def test_a_draft_asks_about_a_whole_sentence(text: str, expected: list[tuple[str, str]]) -> None:
    assert drafts_of(text) == expected


def test_slugs_are_kebab_case_and_unique() -> None:
    assert slug("???") == "case"
    assert slug("Why?", {"why", "why-2"}) == "why-3"
