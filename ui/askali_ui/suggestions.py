"""Questions worth suggesting: made from the documents' own sentences, kept only if
the assistant answers them from the sentence they were made from.

What an author asks is asked as it is, in any language. The patterns are English
and need no grammar: an auxiliary verb can change places with its subject ("X will
invest Y" → "What will X invest?"), a form of "be" with a name in front ("X is a
Y" → "What is X?").
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from askali import (
    Answer,
    AskaliError,
    Assistant,
    Citation,
    Document,
    Sentence,
    split_sentences,
)

FIRST, WANTED = 4, 12
TRIED = 60

_NAME = r"(?P<who>(?:(?:the|The) )?[A-Z][\w&.'’-]*(?: (?:[A-Z][\w&.'’-]*|of|&)){0,4})"
_MONEY = r"(?:about |more than |up to )?(?:[$€£¥]\s?\d|\d[\d.,]* (?:million|billion|trillion)\b)"
_YEAR = r"(?:1[6-9]|20)\d\d"
_SPEND = r"invest|spend|pay|raise|donate|contribute"
_PAST = {
    "acquired": "acquire", "launched": "launch", "founded": "found", "opened": "open",
    "established": "establish", "built": "build", "completed": "complete", "joined": "join",
    "invented": "invent", "discovered": "discover", "published": "publish", "won": "win",
    "bought": "buy", "sold": "sell", "released": "release", "started": "start",
    "began": "begin", "introduced": "introduce", "moved": "move", "signed": "sign",
}  # fmt: skip
_VERBS = "|".join(_PAST)
_PRONOUN = re.compile(r"^(?:the )?(?:it|he|she|they|this|that|these|those|there|we|you|i)$", re.I)

_HIGH = rf"(?:was|were|(?:had )?reached|exceeded|rose to|fell to) (?:\W?about )?(?:{_MONEY}|\d)"
_FORMS = {
    rf"\b{_NAME},? (?:announced that it )?will (?P<verb>{_SPEND}) {_MONEY}": (
        "How much will {who} {verb}?"
    ),
    rf"\b{_NAME} plans to (?P<verb>{_SPEND}) {_MONEY}": "How much does {who} plan to {verb}?",
    rf"^In {_YEAR}, {_NAME} (?P<past>{_VERBS}) (?P<what>[^,.;]{{3,40}}?)(?:[,.;]| for | and |$)": (
        "When did {who} {base} {what}?"
    ),
    rf"^{_NAME} was (?P<done>\w+ed|built|bought|sold) in {_YEAR}\b": "When was {who} {done}?",
    rf"^(?P<what>[A-Z][^,.;]{{6,70}}?) (?P<be>was|were) {_MONEY}": "What {be} {what}?",
    rf"^{_NAME} is (?:a|an|the) (?!typical|good|case)\w": "What is {who}?",
    rf"^{_NAME},? (?:the )?founder of (?P<firm>[A-Z]\w+)": "Who is the founder of {firm}?",
    rf"\b{_NAME}, CEO of (?P<firm>[A-Z]\w+(?: [A-Z]\w+)*)": "Who is the CEO of {firm}?",
    rf"\b{_NAME} (?:said|stated|explained) that ": "What did {who} say?",
    rf"\b(?P<what>[A-Z]\w+['’]s [\w& ]{{4,40}}?) {_HIGH}": "How high was {what}?",
}
_ASKS = re.compile(r"[^?？؟]{15,110}[?？؟]")
_ANSWER_FOLLOWS = 600
_ARTICLES = ("The ", "A ", "An ", "Its ", "Their ", "This ")
_QUOTES = ('"', "“", "‘", "«")  # what is quoted is hearsay: nobody should be led to ask it
_COMPILED = [(re.compile(pattern), form) for pattern, form in _FORMS.items()]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question and the span in which its answer's citation must lie."""

    question: str
    document_id: str
    start: int
    end: int


class Suggestions:
    """Finds its questions in a thread of its own; they grow meanwhile.

    While `is_busy` says that people are waiting for an answer, it asks nothing.
    `ready` is set as soon as there are enough for the empty page, or no more.
    """

    def __init__(self, assistant: Assistant, is_busy: Callable[[], bool] = lambda: False) -> None:
        self._assistant = assistant
        self._is_busy = is_busy
        self._kept: tuple[Suggestion, ...] = ()
        self._closing = threading.Event()
        self.ready = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True, name="suggestions")

    def start(self) -> None:
        """Begin in the background; does nothing the second time."""
        if self._thread.ident is None:
            self._thread.start()

    def close(self) -> None:
        """Stop after the question at hand."""
        self._closing.set()

    def first(self, count: int = FIRST) -> list[str]:
        """For the empty page: spread over the documents, in their order."""
        kept = sorted(self._kept[:count], key=lambda s: (s.document_id, s.start))
        return [suggestion.question for suggestion in kept]

    def after(
        self, answer: Answer, asked: set[str], own: Sequence[Suggestion] = (), count: int = 3
    ) -> list[str]:
        """The questions nearest, in the source, to what an answer cites; `own` are
        the reader's own ones."""
        shown = [*answer.citations, *([answer.nearest] if answer.nearest else [])]
        fresh = [
            s for s in (*own, *self._kept) if s.question not in asked and not _is_shown(s, answer)
        ]
        fresh.sort(key=lambda s: min((_distance(s, c) for c in shown), default=0))
        return [suggestion.question for suggestion in fresh[:count]]

    def _work(self) -> None:
        try:
            for suggestion in answered(self._assistant, self._assistant.documents, wait=self._wait):
                self._kept = (*self._kept, suggestion)
                if len(self._kept) >= FIRST:
                    self.ready.set()
                if self._closing.is_set() or len(self._kept) >= WANTED:
                    return
        except AskaliError:
            pass  # the assistant was closed: what was found so far stays
        finally:
            self.ready.set()

    def _wait(self) -> None:
        while self._is_busy() and not self._closing.wait(0.1):
            pass


def answered(
    assistant: Assistant,
    documents: Mapping[str, Document],
    *,
    tried: int = TRIED,
    wait: Callable[[], None] = lambda: None,
) -> Iterator[Suggestion]:
    """Of the candidates, those that the assistant answers where they say, with citations.

    The first few are spread over the documents. `wait` is called before each is asked.
    """
    every = candidates(documents, tried)
    step = max(1, len(every) // FIRST)
    for candidate in [each for begin in range(step) for each in every[begin::step]]:
        wait()
        answer = assistant.ask(candidate.question, documents=list(documents))
        if not answer.abstained and _is_shown(candidate, answer):
            yield candidate


def candidates(documents: Mapping[str, Document], tried: int = TRIED) -> list[Suggestion]:
    """At most `tried` questions, no question twice, taken evenly from all sentences."""
    found: dict[str, Suggestion] = {}
    for document in documents.values():
        sentences = split_sentences(document)
        for sentence in sentences:
            for question in questions_of(sentence):
                span = (sentence.start, sentence.end)
                found.setdefault(question, Suggestion(question, document.id, *span))
        for suggestion in asked_by_the_author(sentences):
            found.setdefault(suggestion.question, suggestion)
    every = list(found.values())
    step = max(1, len(every) // tried)
    return every[::step][:tried]


def asked_by_the_author(sentences: Sequence[Sentence]) -> Iterator[Suggestion]:
    """Questions that the text itself asks, in any language; their answer should follow."""
    headings = {s.heading: s.start for s in reversed(sentences) if s.heading}
    asked = [(s.text, s.end) for s in sentences] + list(headings.items())
    for question, after in asked:
        if _ASKS.fullmatch(question):
            yield Suggestion(question, sentences[0].document_id, after, after + _ANSWER_FOLLOWS)


def questions_of(sentence: Sentence) -> Iterator[str]:
    """Questions that a sentence looks able to answer."""
    for pattern, form in _COMPILED:
        match = pattern.search(sentence.text)
        if match is None or sentence.text[: match.start()].endswith(_QUOTES):
            continue
        parts = match.groupdict()
        if _PRONOUN.match(parts.get("who") or "x"):
            continue
        if (parts.get("what") or "").startswith(_ARTICLES):
            parts["what"] = parts["what"][0].lower() + parts["what"][1:]
        parts["base"] = _PAST.get(parts.get("past") or "", "")
        yield " ".join(form.format(**parts).split()).replace(" ?", "?")


def _is_shown(suggestion: Suggestion, answer: Answer) -> bool:
    return any(
        c.document_id == suggestion.document_id
        and c.start < suggestion.end
        and suggestion.start < c.end
        for c in answer.citations
    )


def _distance(suggestion: Suggestion, citation: Citation) -> int:
    if citation.document_id != suggestion.document_id:
        return 10**9
    return abs(suggestion.start - citation.start)
