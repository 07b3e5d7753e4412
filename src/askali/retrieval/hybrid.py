"""Hybrid search: dense and lexical ranks fused, then the sentences inside."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from askali.domain import Document, Hit, Passage, Sentence
from askali.index import Index
from askali.models.embeddings import Encoder, question_vectors
from askali.query.question import Question
from askali.retrieval.features import Candidate, Query, query
from askali.text.language import language, language_of
from askali.text.tables import gives_scale, head_of, is_label, is_row
from askali.text.tokens import analyze, capitals, stem, words

Array = npt.NDArray[np.float32]

RRF_K = 20
"""Reciprocal rank fusion's constant (Cormack et al. 2009); 10 to 60 differ by less
than .01 nDCG on SciFact (docs/measurements.md)."""

DEPTH = 50
"""How deep each ranking is read before fusion."""


def embedding_text(document: Document, heading: str, text: str) -> str:
    """What is embedded and indexed for a passage: title and heading give it context."""
    return "\n".join(part for part in (document.title, heading, text) if part)


def fuse(*rankings: Sequence[int]) -> list[tuple[int, float]]:
    """Reciprocal rank fusion: (row, Σ 1/(RRF_K + rank)), best first, ties by row."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, row in enumerate(ranking, start=1):
            scores[row] = scores.get(row, 0.0) + 1 / (RRF_K + rank)
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


_READING = ThreadPoolExecutor(min(os.cpu_count() or 1, 4), "reading")
_FOLLOWING_CHARS = 2000
_CAPTION_CHARS = 600


@dataclass(frozen=True, slots=True)
class Searcher:
    """Search over one index with one encoder; holds no state of its own."""

    index: Index
    encoder: Encoder

    def search(self, question: str, k: int, document_ids: Sequence[str] | None = None) -> list[Hit]:
        """The `k` best passages by fused rank; `document_ids` narrows the search."""
        depth = max(DEPTH, k)
        vector = self.encoder.embed_query(question)
        dense = self.index.search_dense(vector, depth, document_ids)
        # As each language that it may be in, for the documents may be in several.
        spoken = dict.fromkeys(("en", language(question) or "en"))
        stems = [stem for code in spoken for stem in analyze(question, code)]
        lexical = self.index.search_lexical(stems, depth, document_ids)
        dense_rows, lexical_rows = [row for row, _ in dense], [row for row, _ in lexical]
        fused = fuse(dense_rows, lexical_rows)[:k]
        similarity = dict(dense)
        passages = self.index.passages([row for row, _ in fused])
        documents = self.index.documents
        return [
            Hit(
                passage=passage,
                score=score,
                dense_rank=_rank(dense_rows, row),
                lexical_rank=_rank(lexical_rows, row),
                similarity=similarity.get(row, 0.0),
                title=documents[passage.document_id].title,
                date=documents[passage.document_id].date,
                page=documents[passage.document_id].page_at(passage.start),
            )
            for (row, score), passage in zip(fused, passages, strict=True)
        ]

    @property
    def vector_of(self) -> Callable[[str], Array]:
        """Gives what questions ask for: fitted on all-MiniLM-L6-v2, whichever encoder searches."""
        return question_vectors(self.encoder)

    def prepare(self, question: Question, hits: Sequence[Hit]) -> Query:
        """The question with its terms weighed against the whole index."""
        reading = self.encoder.read(question.text)
        spoken = self.language_of(hits)
        return query(
            question,
            reading,
            language=spoken,
            frequencies=self.index.sentence_frequencies(analyze_all(question.text, spoken)),
            sentence_count=self.index.sentence_count,
            names=frozenset().union(*(capitals(hit.passage.text) for hit in hits)),
        )

    def language_of(self, hits: Sequence[Hit]) -> str:
        """The language of most of the hits' documents; "en" without any."""
        documents = self.index.documents
        found = Counter(language_of(documents[hit.passage.document_id]) for hit in hits)
        return found.most_common(1)[0][0] if found else "en"

    def candidates(self, hits: Sequence[Hit]) -> list[Candidate]:
        """The sentences of the hits' passages, with their tokens and surroundings.

        A sentence that asks, and a row that names columns or rows of a table, are left
        out: they state nothing that could be quoted.
        """
        for _ in _READING.map(self.encoder.read, [self._text_of(hit.passage) for hit in hits]):
            pass  # side by side on all cores, and kept by the encoder
        return [
            candidate
            for hit in hits
            for candidate in self._candidates_of(hit.passage)
            if self._states(candidate.sentence)
        ]

    def columns_of(self, row: Sentence) -> list[Sentence]:
        """The sentences that name the columns of a table's row, after the one above the table
        where that gives the scale of its figures; none for other sentences."""
        if not is_row(row.text):
            return []
        spans = head_of(self.index.documents[row.document_id].text, row.start)
        if not spans:
            return []
        first, last = spans[0][0], spans[-1][1]
        start = max(0, first - _CAPTION_CHARS)
        inside = [s for _, s in self.index.sentences_in(row.document_id, start, last)]
        above = [s for s in inside if s.end <= first][-1:]
        return [
            *(s for s in above if gives_scale(s.text)),
            *(s for s in inside if s.start >= first),
        ]

    def sentences_after(self, sentence: Sentence) -> list[Sentence]:
        """The sentences of the next two thousand characters of its document."""
        found = self.index.sentences_in(
            sentence.document_id, sentence.end, sentence.end + _FOLLOWING_CHARS
        )
        return [following for _, following in found]

    def _states(self, sentence: Sentence) -> bool:
        head = self.columns_of(sentence)
        is_bare = sentence in head or bool(head) and is_label(sentence.text)
        return not sentence.text.endswith("?") and not is_bare

    def _text_of(self, passage: Passage) -> str:
        document = self.index.documents[passage.document_id]
        return embedding_text(document, passage.heading, passage.text)

    def _candidates_of(self, passage: Passage) -> list[Candidate]:
        document = self.index.documents[passage.document_id]
        text = self._text_of(passage)
        reading = self.encoder.read(text)
        offset = len(text) - len(passage.text) - passage.start
        spoken = language_of(document)
        about = frozenset(analyze(f"{document.title} {passage.heading}", spoken))
        begins = passage.start + offset
        starts, ends = np.array(reading.spans, int).reshape(-1, 2).T
        found: list[Candidate] = []
        inside_it = self.index.sentences_in(passage.document_id, passage.start, passage.end)
        for _, sentence in inside_it:
            said, spans = sentence.text, [(sentence.start + offset, sentence.end + offset)]
            if is_row(said):  # it says nothing without the names above it
                said = f"{passage.heading} {said}"
                spans.append((begins - len(passage.heading) - 1, begins))
            inside = np.zeros(len(starts), bool)
            for a, b in spans:
                inside |= (a <= starts) & (starts < ends) & (ends <= b)
            same = found and found[-1].sentence.paragraph == sentence.paragraph
            found.append(
                Candidate(
                    sentence=sentence,
                    tokens=reading.tokens[inside],
                    before=found[-1].tokens if found else reading.tokens[:0],
                    stems=frozenset(analyze(said, spoken)),
                    context=about | (found[-1].stems | found[-1].context if same else about),
                )
            )
        return found


def analyze_all(question: str, language: str = "en") -> list[str]:
    """Stems of all words, stopwords too: a question may have no others."""
    return [stem(word.text, language) for word in words(question)]


def _rank(rows: Sequence[int], row: int) -> int | None:
    return rows.index(row) + 1 if row in rows else None


def spread(hits: Sequence[Hit], k: int) -> list[Hit]:
    """The `k` best hits, at most half of them from one document while others have any."""
    taken: Counter[str] = Counter()
    first: list[Hit] = []
    rest: list[Hit] = []
    for hit in hits:
        is_free = taken[hit.passage.document_id] < max(1, k // 2)
        (first if is_free else rest).append(hit)
        taken[hit.passage.document_id] += 1
    return sorted([*first, *rest][:k], key=lambda hit: -hit.score)
