"""Measure askali on public question sets and set the figures beside published ones.

Each set is a function from a folder to figures; nothing of a set is kept. What
is right is containment after SQuAD's normalisation, as in RGB, CAG and RAMDocs.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

from askali import Answer, Assistant, Document
from askali_evals.benchmarks.injection import own_words
from askali_evals.benchmarks.public_sets import (
    Question,
    read_attacks,
    read_documents,
    read_questions,
)
from askali_evals.errors import EvalError
from askali_evals.reports.figures import Figure
from askali_evals.scoring.retrieval import score_rankings
from askali_evals.scoring.stats import area_under_risk, auc, bootstrap_mean, risk_coverage, wilson
from askali_evals.scoring.text import contains_any, overlap, without_markers, words

DEEP = 60
"""Passages searched so that ten different documents are among them."""


Settings = Mapping[str, Any]
Bench = Callable[[Path, int, Settings], list[Figure]]


def run_bench(
    folder: Path,
    names: Iterable[str],
    limit: int,
    settings: Settings,
    on_set: Callable[[str], None] = lambda name: None,
) -> Iterator[Figure]:
    """Every figure, set by set; raises `EvalError` when the folder or a set is not there.

    `on_set` hears the name of each set before it is measured: some take minutes.
    """
    if not folder.is_dir():
        raise EvalError(f"{folder}: no such folder; --path names the folder with the public sets")
    chosen = list(names) or list(SETS)
    unknown = [name for name in chosen if name not in SETS]
    if unknown:
        raise EvalError(f"no bench for {unknown[0]!r}; known: {', '.join(SETS)}")
    for name in chosen:
        on_set(name)
        yield from SETS[name](folder, limit, settings)


def squad2(folder: Path, limit: int, settings: Settings) -> list[Figure]:
    """The gold paragraph is given, abstention is off: reading, and telling by confidence."""
    documents = read_documents(folder, "squad2")
    questions = read_questions(folder, "squad2", limit)
    forced = list(_ask_each(questions, documents, {**settings, "abstain": False}))
    overlaps = [overlap(without_markers(a.text), q.answers) for q, a in forced if q.answers]
    span = Figure("squad2", "span F1", statistics.fmean(overlaps or [0.0]), len(overlaps))
    return [*_reading("squad2", forced), span, *_telling("squad2", forced)]


def xquad_en(folder: Path, limit: int, settings: Settings) -> list[Figure]:
    """All paragraphs are one corpus: reading, and is the right paragraph cited."""
    documents = list(read_documents(folder, "xquad_en").values())
    questions = read_questions(folder, "xquad_en", limit)
    with Assistant.from_documents(documents, **{**settings, "abstain": False}) as bot:
        answers = [(q, bot.ask(q.text)) for q in questions]
    cited = [bool({c.document_id for c in a.citations} & set(q.document_ids)) for q, a in answers]
    return [*_reading("xquad_en", answers), _share("xquad_en", "right paragraph cited", cited)]


def timeqa(folder: Path, limit: int, settings: Settings) -> list[Figure]:
    """One long article each, questions of dates."""
    documents = read_documents(folder, "timeqa")
    questions = read_questions(folder, "timeqa", limit)
    forced = list(_ask_each(questions, documents, {**settings, "abstain": False}))
    return [*_reading("timeqa", forced), *_telling("timeqa", forced)]


def hotpotqa(folder: Path, limit: int, settings: Settings) -> list[Figure]:
    """Two facts from two of ten passages; some questions lack the second one."""
    questions = read_questions(folder, "hotpotqa", limit)
    answers = []
    for question in questions:
        changed = {**settings, "abstain": False}
        with Assistant.from_documents(list(question.documents), **changed) as bot:
            answers.append((question, bot.ask(question.text)))
    return [*_reading("hotpotqa", answers), *_telling("hotpotqa", answers)]


def tatqa(folder: Path, limit: int, settings: Settings) -> list[Figure]:
    """Business reports with tables. Sums and averages are in no sentence: a known limit."""
    documents = read_documents(folder, "tatqa")
    questions = read_questions(folder, "tatqa", limit)
    forced = list(_ask_each(questions, documents, {**settings, "abstain": False}))
    return _reading("tatqa", forced)


def ramdocs(folder: Path, limit: int, settings: Settings) -> list[Figure]:
    """Documents that contradict each other: every right answer has to be there, no planted one."""
    questions = read_questions(folder, "ramdocs", limit)
    answers = []
    for question in questions:
        documents = [d for d in question.documents if any(c.isalnum() for c in d.text)]
        with Assistant.from_documents(documents, **{**settings, "abstain": False}) as bot:
            answers.append((question, without_markers(bot.ask(question.text).text)))
    every = [all(contains_any(text, [a]) for a in q.answers) for q, text in answers]
    wrong = [contains_any(text, q.wrong_answers) for q, text in answers]
    right = [contains_any(text, q.answers) for q, text in answers]
    return [
        _share("ramdocs", "a right answer contained", right),
        _share("ramdocs", "a planted answer contained", wrong),
        _share(
            "ramdocs",
            "every right answer, no planted one",
            [e and not w for e, w in zip(every, wrong, strict=True)],
        ),
    ]


def injections(folder: Path, limit: int, settings: Settings) -> list[Figure]:
    """Instructions at the end of the paragraphs of XQuAD that answer, one a paragraph."""
    documents, attacks = read_documents(folder, "xquad_en"), read_attacks(folder)
    asked = {q.document_ids[0]: q for q in read_questions(folder, "xquad_en", limit)}
    pairs = list(zip(asked.items(), attacks, strict=False))
    planted = dict(documents)
    for (id, _), attack in pairs:
        planted[id] = replace(documents[id], text=f"{documents[id].text} {attack}")
    questions = [question for (_, question), _ in pairs]
    free = {**settings, "abstain": False}
    with Assistant.from_documents(list(documents.values()), **free) as bot:
        clean = [_is_right(q, bot.ask(q.text)) for q in questions]
    with Assistant.from_documents(list(planted.values()), **free) as bot:
        answers = [bot.ask(q.text) for q in questions]
    shown = [
        any(attack in c.quote for c in answer.citations)
        for answer, (_, attack) in zip(answers, pairs, strict=True)
    ]
    still = [_is_right(q, a) for q, a in zip(questions, answers, strict=True)]
    return [
        _share(
            "injections", "answers with words of their own", [bool(own_words(a)) for a in answers]
        ),
        _share("injections", "planted instruction quoted", shown),
        _share("injections", "answer contained, without them", clean),
        _share("injections", "answer contained, with them", still),
    ]


def scifact(folder: Path, limit: int, settings: Settings) -> list[Figure]:
    """Retrieval over 5,183 abstracts, a document's rank being its best passage's."""
    documents = read_documents(folder, "scifact")
    questions = read_questions(folder, "scifact", limit)
    with Assistant.from_documents(list(documents.values()), **settings) as bot:
        found = {
            q.id: [h.passage.document_id for h in bot.search(q.text, k=DEEP)] for q in questions
        }
    rankings = {
        id: {name: -float(rank) for rank, name in enumerate(dict.fromkeys(names))}
        for id, names in found.items()
    }
    wanted = {q.id: dict(q.relevance) for q in questions}
    each = [score_rankings({i: wanted[i]}, {i: rankings[i]})["ndcg@10"] for i in wanted]
    return [Figure("scifact", "nDCG@10", statistics.fmean(each), len(each), bootstrap_mean(each))]


SETS: dict[str, Bench] = {
    "squad2": squad2,
    "xquad_en": xquad_en,
    "timeqa": timeqa,
    "hotpotqa": hotpotqa,
    "tatqa": tatqa,
    "ramdocs": ramdocs,
    "injections": injections,
    "scifact": scifact,
}

Answered = Sequence[tuple[Question, Answer]]


def _ask_each(
    questions: Sequence[Question], documents: Mapping[str, Document], settings: Settings
) -> Iterable[tuple[Question, Answer]]:
    """Each question of its own documents, one assistant for each run of the same ones."""
    for ids, group in groupby(questions, key=lambda q: q.document_ids):
        with Assistant.from_documents([documents[i] for i in ids], **settings) as bot:
            for question in group:
                yield question, bot.ask(question.text)


def _reading(name: str, answered: Answered) -> list[Figure]:
    answerable = [(q, a) for q, a in answered if q.answers]
    right = [_is_right(q, a) for q, a in answerable]
    lengths = [len(words(a.text)) for _, a in answerable] or [0]
    return [
        _share(name, "answer contained", right),
        Figure(name, "words, median", float(statistics.median(lengths)), len(answerable)),
    ]


def _telling(name: str, answered: Answered) -> list[Figure]:
    positive = [a.confidence for q, a in answered if q.answers]
    negative = [a.confidence for q, a in answered if not q.answers]
    curve = risk_coverage([(a.confidence, _is_right(q, a)) for q, a in answered])
    n = len(answered)
    figures = [
        Figure(name, "AUC answerable", auc(positive, negative), n),
        _refused(name, positive, negative),
        Figure(name, "AURC", area_under_risk(curve), n, curve=_thinned(curve)),
    ]
    for wanted in (0.25, 0.5, 0.75):
        coverage, risk = min(curve, key=lambda point: abs(point[0] - wanted))
        asked = round(coverage * n)
        interval = wilson(round(risk * asked), asked)
        figures.append(
            Figure(name, f"risk at {100 * wanted:.0f} % coverage", risk, asked, interval)
        )
    return figures


def _refused(name: str, positive: Sequence[float], negative: Sequence[float]) -> Figure:
    """Of the unanswerable, how many a threshold refuses that refuses 15 % of the answerable."""
    threshold = sorted(positive)[int(0.15 * len(positive))] if positive else 0.0
    return _share(name, "refused at 15 % false refusals", [c < threshold for c in negative])


def _thinned(curve: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """At most a hundred points of a curve, enough to draw it."""
    step = max(1, len(curve) // 100)
    return tuple((round(c, 4), round(r, 4)) for c, r in curve[step - 1 :: step])


def _is_right(question: Question, answer: Answer) -> bool:
    return contains_any(without_markers(answer.text), question.answers)


def _share(name: str, what: str, holds: Sequence[bool]) -> Figure:
    count, total = sum(holds), len(holds)
    return Figure(name, what, count / total if total else 0.0, total, wilson(count, total))
