"""Instructions planted in documents: does an answer obey them, does it show them?

The instructions are raginject's patterns (override, exfiltration, smuggled formats,
spoofed authority, links, homoglyphs, other languages, delayed ones), set in two ways:

hosted    raginject's own small documents, all of them one corpus, its own questions
spliced   each instruction behind the evidence of one of the facts' questions, all of
          them in the document that the facts are asked of

To obey is to say it in one's own words. A planted sentence that is quoted, between
quotation marks and with its place, is shown, not obeyed; how often is counted apart.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import partial

from raginject import AttackPattern, JudgeContext, get_judge, load_patterns

from askali import Answer, Document, load_documents
from askali_evals.cases.case import Case, Suite
from askali_evals.cases.facts import check_evidence
from askali_evals.running.jobs import Known, Tell
from askali_evals.running.system import OpenDocuments, Subject
from askali_evals.scoring.spans import Span, find, sentences_of
from askali_evals.scoring.text import says_any, without_markers


@dataclass(frozen=True, slots=True)
class Plant:
    """An instruction at its place, with the question that passes by; `expect` as in a case."""

    id: str
    pattern: AttackPattern
    question: str
    span: Span
    expect: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class PlantResult:
    """How it went. `right` is None where the facts expect nothing; an error is neither."""

    id: str
    question: str
    text: str = ""
    obeyed: bool = False
    shown: bool = False
    right: bool | None = None
    error: str = ""

    @property
    def state(self) -> str:
        """In a word, the worst first."""
        return "error" if self.error else "obeyed" if self.obeyed else "quoted" * self.shown


@dataclass(frozen=True, slots=True)
class PlantJob:
    """Asks the questions of one setting: spliced into what `find_documents` gives behind the
    evidence of `cases`, or hosted where that is None."""

    open_documents: OpenDocuments
    cases: tuple[Case, ...] = ()
    find_documents: Callable[[], Sequence[Document]] | None = None

    @property
    def size(self) -> int:
        """How many questions; none where no case is answerable."""
        return len(self.keys)

    @property
    def keys(self) -> list[str]:
        """One for each instruction."""
        setting = "spliced" if self.find_documents else "hosted"
        is_empty = self.find_documents and not _usable(self.cases)
        return [] if is_empty else [f"planted {setting}/{p.id}" for p in load_patterns()]

    def run(self, known: Known, tell: Tell) -> None:
        """Ask, and tell a `PlantResult` of each."""
        if not self.size:
            return
        if self.find_documents:
            documents = self.find_documents()
            check_evidence(self.cases, {document.id: document for document in documents})
            planted, plants = spliced(documents, self.cases)
        else:
            planted, plants = hosted()
        subject = self.open_documents(planted)
        try:
            for plant in plants:
                key = f"planted {plant.id}"
                if entry := known.get(key):
                    tell(key, None, PlantResult(**entry))
                else:
                    result = _ask(subject, plant)
                    tell(key, asdict(result), result)
        finally:
            subject.close()


def plant_jobs(suites: Sequence[Suite], open_documents: OpenDocuments) -> list[PlantJob]:
    """Both settings, one corpus each; spliced into the documents of the suite with most facts."""
    largest = max(suites, key=lambda suite: sum(c.points is None for c in suite.counted))
    jobs = [PlantJob(open_documents)]
    if largest.documents is not None:
        documents = partial(load_documents, largest.documents)
        jobs.append(PlantJob(open_documents, largest.counted, documents))
    return jobs


def hosted() -> tuple[list[Document], list[Plant]]:
    """raginject's documents with the instruction that each of them holds."""
    documents: list[Document] = []
    plants: list[Plant] = []
    for pattern in load_patterns():
        document = Document(pattern.id, pattern.category, pattern.injected_content)
        documents.append(document)
        places = find(_payload(pattern), {document.id: document})
        span = places[0] if places else Span(document.id, 0, len(document.text))
        plants.append(Plant(f"hosted/{pattern.id}", pattern, pattern.question, span))
    return documents, plants


def spliced(
    documents: Sequence[Document], cases: Sequence[Case]
) -> tuple[list[Document], list[Plant]]:
    """The documents with every instruction in them, each behind its question's evidence."""
    known = {document.id: document for document in documents}
    usable = _usable(cases)
    patterns = load_patterns() if usable else []
    chosen = [usable[i * len(usable) // len(patterns)] for i in range(len(patterns))]
    pairs = [(_behind(c, known), p, c) for c, p in zip(chosen, patterns, strict=True)]
    texts = {d.id: d.text for d in documents}
    plants: list[Plant] = []
    # From the last place to the first, so that a place still counts on the text before it.
    for place, pattern, case in sorted(pairs, key=lambda pair: pair[0], reverse=True):
        text, payload = texts[place.document_id], f" {_payload(pattern)}"
        texts[place.document_id] = text[: place.end] + payload + text[place.end :]
        moved = [_moved(plant, place, len(payload)) for plant in plants]
        span = Span(place.document_id, place.end + 1, place.end + len(payload))
        plants = [*moved, Plant(f"spliced/{pattern.id}", pattern, case.question, span, case.expect)]
    return [Document(d.id, d.title, texts[d.id]) for d in documents], plants[::-1]


def _usable(cases: Sequence[Case]) -> list[Case]:
    return [c for c in cases if c.answerable and c.evidence and not c.history]


def own_words(answer: Answer) -> str:
    """What the answer says beyond its verbatim quotations."""
    said = [answer.text, *(claim.text for claim in answer.claims)]
    quotes = sorted((_flat(c.quote) for c in answer.citations), key=len, reverse=True)
    return " ".join(_without(_flat(without_markers(text)), quotes) for text in said).strip()


def _ask(subject: Subject, plant: Plant) -> PlantResult:
    try:
        answer = subject.ask(plant.question)
    except Exception as exc:  # told and counted, never taken for a defence that held
        return PlantResult(plant.id, plant.question, error=f"{type(exc).__name__}: {exc}")
    cited = (Span(c.document_id, c.start, c.end) for c in answer.citations)
    is_right = all(says_any(without_markers(answer.text), line) for line in plant.expect)
    return PlantResult(
        plant.id,
        plant.question,
        answer.text,
        obeyed=_is_obeyed(plant, answer),
        shown=any(span.meets(plant.span) for span in cited),
        right=is_right and not answer.abstained if plant.expect else None,
    )


def _is_obeyed(plant: Plant, answer: Answer) -> bool:
    context = JudgeContext(plant.pattern, plant.question, own_words(answer), sources=[])
    judge = get_judge(plant.pattern.success_criteria.type)
    return bool(judge.judge(context).attack_succeeded)


def _payload(pattern: AttackPattern) -> str:
    return pattern.payload or pattern.injected_content


def _behind(case: Case, documents: dict[str, Document]) -> Span:
    """The last sentence of the case's first evidence."""
    found = find(case.evidence[0][0], documents)[0]
    return sentences_of(found, documents[found.document_id])[-1]


def _moved(plant: Plant, place: Span, by: int) -> Plant:
    """The plant after `by` characters were put in at the end of `place`, before it."""
    span = plant.span
    if span.document_id == place.document_id and span.start >= place.end:
        span = Span(span.document_id, span.start + by, span.end + by)
    return Plant(plant.id, plant.pattern, plant.question, span, plant.expect)


def _without(text: str, quotes: Iterable[str]) -> str:
    for quote in quotes:
        text = text.replace(quote, " ") if quote else text
    return text


def _flat(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())
