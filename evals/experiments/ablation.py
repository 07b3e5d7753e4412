"""What does each part of the search bring? ``python evals/experiments/ablation.py FOLDER [SET …]``

All paragraphs of a public set are one corpus. A question is met at k if one of the
first k units comes from the right paragraph and contains an expected answer. Units are
sentences, windows of two sentences, and askali's passages; each is ranked by its vector,
by BM25, and by both fused; last stands askali's own ranking of the sentences in the
first twelve units. Prints a Markdown table.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from askali import Document
from askali.documents.chunking import join_passages, split_sentences
from askali.domain import Passage, Sentence
from askali.index import memory_index
from askali.ingestion import make_recipe
from askali.models.embeddings import Encoder, shared_encoder
from askali.query.understanding import understand
from askali.retrieval.calibration import load_calibration
from askali.retrieval.hybrid import DEPTH, Searcher, fuse
from askali.retrieval.ranking import judge
from askali.settings import Settings
from askali.text.tokens import analyze
from askali_evals.benchmarks.public_sets import Question, read_documents, read_questions
from askali_evals.reports.markdown import table
from askali_evals.scoring.stats import wilson
from askali_evals.scoring.text import contains_any

AT = (1, 3, 5)
JUDGED = 12
"""Units whose sentences askali ranks: its default of `Settings.k`."""

Unit = Passage | Sentence
Join = Callable[[Document, list[Sentence]], list[Passage]]
Ranker = Callable[[Searcher, str], Sequence[Unit]]


def single(document: Document, sentences: list[Sentence]) -> list[Passage]:
    """Each sentence alone."""
    return [_passage(document, [sentence]) for sentence in sentences]


def windows(document: Document, sentences: list[Sentence]) -> list[Passage]:
    """Each sentence with the one after it."""
    pairs = list(zip(sentences, sentences[1:], strict=False))
    return [_passage(document, pair) for pair in pairs] or single(document, sentences)


def _passage(document: Document, sentences: Sequence[Sentence]) -> Passage:
    start, end = sentences[0].start, sentences[-1].end
    return Passage(document.id, start, end, document.text[start:end], sentences[0].heading)


def dense(searcher: Searcher, question: str) -> Sequence[Unit]:
    vector = searcher.encoder.read(question).vector
    rows = [row for row, _ in searcher.index.search_dense(vector, max(AT))]
    return searcher.index.passages(rows)


def lexical(searcher: Searcher, question: str) -> Sequence[Unit]:
    rows = [row for row, _ in searcher.index.search_lexical(analyze(question), max(AT))]
    return searcher.index.passages(rows)


def hybrid(searcher: Searcher, question: str) -> Sequence[Unit]:
    vector = searcher.encoder.read(question).vector
    rankings = [
        [row for row, _ in searcher.index.search_dense(vector, DEPTH)],
        [row for row, _ in searcher.index.search_lexical(analyze(question), DEPTH)],
    ]
    return searcher.index.passages([row for row, _ in fuse(*rankings)[: max(AT)]])


def sentences_ranked(searcher: Searcher, question: str) -> Sequence[Unit]:
    hits = searcher.search(question, JUDGED)
    candidates = searcher.candidates(hits)
    if not candidates:
        return []
    asked = searcher.prepare(understand(question, searcher.vector_of), hits)
    verdict = judge(asked, candidates, load_calibration())
    best = [verdict.candidates[i].sentence for i in verdict.order]
    return [*dict.fromkeys(best)][: max(AT)]


UNITS: dict[str, Join] = {"sentence": single, "two sentences": windows, "passage": join_passages}
RANKERS: dict[str, Ranker] = {
    "dense": dense,
    "lexical": lexical,
    "hybrid": hybrid,
    "hybrid, then its sentences": sentences_ranked,
}


def measure(name: str, folder: Path, encoder: Encoder) -> list[list[str]]:
    """One line for each unit and ranking."""
    documents = list(read_documents(folder, name).values())
    questions = [q for q in read_questions(folder, name) if q.answers]
    lines = []
    for unit, join in UNITS.items():
        with memory_index(documents, replace(make_recipe(encoder), segment=_cut(join))) as index:
            searcher = Searcher(index, encoder)
            for how, rank in RANKERS.items():
                ranks = [_rank_met(q, rank(searcher, q.text)) for q in questions]
                lines.append([name, unit, how, *(_share(ranks, k) for k in AT), str(len(ranks))])
    return lines


def _cut(join: Join) -> Callable[[Document], tuple[list[Sentence], list[Passage]]]:
    def segment(document: Document) -> tuple[list[Sentence], list[Passage]]:
        sentences = split_sentences(document)
        return sentences, join(document, sentences)

    return segment


def _rank_met(question: Question, units: Sequence[Unit]) -> int:
    """The rank of the first unit that meets the question; past the last where none does."""
    for rank, unit in enumerate(units, start=1):
        if unit.document_id in question.document_ids and contains_any(unit.text, question.answers):
            return rank
    return max(AT) + 1


def _share(ranks: Sequence[int], k: int) -> str:
    met = sum(rank <= k for rank in ranks)
    interval = wilson(met, len(ranks))
    return f"{met / len(ranks):.3f} ({interval.low:.3f}–{interval.high:.3f})"


def main() -> None:
    folder, names = Path(sys.argv[1]), sys.argv[2:] or ["xquad_en", "squad2"]
    encoder = shared_encoder(Settings.load().home)
    lines = [line for name in names for line in measure(name, folder, encoder)]
    print(table(["set", "unit", "ranked by", *(f"met at {k}" for k in AT), "n"], lines))


if __name__ == "__main__":
    main()
