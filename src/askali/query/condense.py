"""Follow-ups without a model: what "it", "why?" and "and X?" mean in a conversation.

The condense_question question is built only from words that the conversation already
has; it is shown to the reader, who may correct it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from itertools import takewhile

from askali.domain import Turn
from askali.text.tokens import STOPWORDS, capitals, content_words, words

_PRONOUN = re.compile(
    r"\b(?:(?P<its>its|their|his|her(?= \w))|it|they|them|he|she|him|her"
    r"|(?:that|this|the|those|these) (?:company|firm|startup|business|person|man|woman|deal"
    r"|one|investment|product|project|group|companies|ones))\b",
    re.I,
)
_ALSO = re.compile(
    r"^(?:and|but|or|so|also|then|ok(?:ay)?)?[,\s]*(?:what|how) about\s+|^and\s+", re.I
)
_OTHER = re.compile(r"\bthe other(?:s| ones?| company| firm)?\b", re.I)
_BARE = re.compile(
    r"^(?:and |but )?(?:why(?: not)?|how(?: much| many| so| come)?|when|where|who|since when"
    r"|by how much|how long)\W*$",
    re.I,
)
_ASKING = re.compile(
    r"^(?:and\s+)?(?:why|when|where|who(?:m|se)?|which|what|how(?: much| many| long| often)?)\b\s*",
    re.I,
)
_NAME = re.compile(r"[A-Z][\w’'&.-]*\w(?:[ -]+[A-Z][\w’'&.-]*\w)*")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_MARK = re.compile(r"\s*\[\d+\]|[“”\"]")
_NOUNS = re.compile(r"\b(the|this|that|an?)\s+((?:[\w'’-]+\s+){0,3}[\w'’-]+)", re.I)
_DID = re.compile(r"\b(?:did|does|do)\s*$", re.I)
_THEN_VERB = re.compile(
    r"\s+(?:would|will|is|was|had|has|have|could|can|did|does|were|are|should|may|might)\b", re.I
)
_SHORT = 3


def condense_question(question: str, history: Sequence[Turn]) -> str:
    """The question as it would be asked without the conversation before it."""
    resolved, answer = "", ""
    for turn in history:
        if turn.role == "user":
            resolved = _resolve(turn.content.strip(), resolved, answer)
        elif turn.role == "assistant":
            answer = _MARK.sub("", turn.content)
    return _resolve(question, resolved, answer)


def _resolve(question: str, previous: str, answer: str) -> str:
    if not previous:
        return question
    if _BARE.match(question):
        return f"{question.rstrip('?!. ')} {_ASKING.sub('', previous)}"
    if _OTHER.search(question):
        return _swap_name(_OTHER.sub("", question), previous, answer) or question
    if _ALSO.match(question):
        return _replace(_ALSO.sub("", question).strip(" ?!."), previous, answer)
    pronoun = _PRONOUN.search(question)
    if pronoun:
        return _fill(question, pronoun, previous, answer)
    return _complete(question, previous, answer)


def _fill(question: str, pronoun: re.Match[str], previous: str, answer: str) -> str:
    """Put the topic where the pronoun stands, unless the question itself says whom it means."""
    topic = _thing(pronoun, previous, answer) or _topic(previous, answer)
    if not topic or _means_own_name(question, pronoun, answer):
        return question
    filler = f"{topic}'s" if pronoun.group("its") else topic
    return question[: pronoun.start()] + filler + question[pronoun.end() :]


def _thing(pronoun: re.Match[str], previous: str, answer: str) -> str | None:
    """What "it" means after a question whose topic has no capitals ("the old mill"), or
    after "who", where the answer's name is a person's; None where a name is the topic."""
    if pronoun.group().lower() not in ("it", "its", "they", "them", "their"):
        return None
    if _names(previous, answer):
        return None
    found = _NOUNS.search(previous)
    if not found:
        return None
    nouns = list(takewhile(lambda word: word.lower() not in STOPWORDS, found.group(2).split()))
    is_last = previous.rstrip("?!. ").endswith(" ".join(nouns))
    if is_last and len(nouns) > 1 and _DID.search(previous[: found.start()]):
        nouns.pop()  # the verb that goes with "did"
    return f"the {' '.join(nouns)}" if nouns else None


def _means_own_name(question: str, pronoun: re.Match[str], answer: str) -> bool:
    """True in "when did X say it would close" and "how does X use its chips", not in
    "how much did X pay for it"."""
    if not _names(question[: pronoun.start()], answer):
        return False
    return bool(pronoun.group("its") or _THEN_VERB.match(question[pronoun.end() :]))


def _complete(question: str, previous: str, answer: str) -> str:
    """Name the topic after a fragment that has no name of its own ("the founder?")."""
    topic = _topic(previous, answer)
    fragment = len(content_words(question)) <= _SHORT and not _has_verb(question)
    if not topic or not fragment or _names(question, answer):
        return question
    return f"{question.rstrip('?!. ')} ({topic})?"


def _replace(asked: str, previous: str, answer: str) -> str:
    """ "and X?": the previous question with X in place of what it corresponds to."""
    year, old_year = _YEAR.search(asked), _YEAR.search(previous)
    if year and old_year:
        return previous.replace(old_year.group(), year.group())
    if _ASKING.match(asked) or len(content_words(asked)) > _SHORT:
        pronoun = _PRONOUN.search(asked)
        return _fill(asked, pronoun, previous, answer) if pronoun else asked
    old = _names(previous, answer)
    if old and (_names(asked, answer) or asked.lower() not in STOPWORDS):
        return previous.replace(old[-1], asked)
    return f"{previous.rstrip('?!. ')}, {asked}?"


def _swap_name(rest: str, previous: str, answer: str) -> str | None:
    """ "the other one?": a name that the answer brought and the question lacked."""
    old = _names(previous, answer)
    new = [name for name in _new_names(previous, answer) if name not in old]
    if not old or not new:
        return None
    if len(content_words(rest)) and {w.text.lower() for w in words(rest)} - STOPWORDS:
        return f"{rest.strip(' ?!.')} {new[0]}?"
    return previous.replace(old[-1], new[0])


def _topic(previous: str, answer: str) -> str | None:
    """What a pronoun points at: the answer's new name if the question asked for one,
    else the last name of the question, else the first name of the answer."""
    asked_for_name = re.match(r"(?:who|which|what (?:company|firm|startup))\b", previous, re.I)
    new = _new_names(previous, answer)
    old = _names(previous, answer)
    if asked_for_name and new and not old:
        return new[0]
    return old[-1] if old else (new[0] if new else None)


def _names(text: str, answer: str) -> list[str]:
    """Names in `text`, also lower-cased ones that the answer writes with a capital."""
    capital = capitals(text)
    phrases = [_without_opener(m.group()) for m in _NAME.finditer(text)]
    found = [phrase for phrase in phrases if _any_word_in(phrase, capital)]
    if found:
        return found
    lowered = text.lower()
    known = sorted(set(_new_names("", answer)), key=len, reverse=True)
    hits = [(lowered.find(name.lower()), name) for name in known]
    return [text[at : at + len(name)] for at, name in sorted(h for h in hits if h[0] >= 0)]


def _new_names(question: str, answer: str) -> list[str]:
    capital = capitals(answer)
    lowered = question.lower()
    phrases = [_without_opener(m.group()) for m in _NAME.finditer(answer)]
    return [p for p in phrases if _any_word_in(p, capital) and p.lower() not in lowered]


def _without_opener(phrase: str) -> str:
    """ "Is Smart Voice" is the name "Smart Voice" behind a sentence's first word."""
    first, _, rest = phrase.partition(" ")
    return rest if rest and first.lower() in STOPWORDS else phrase


def _any_word_in(phrase: str, capital: Set[str]) -> bool:
    return any(word.text.lower() in capital for word in words(phrase))


_VERB = re.compile(
    r"\b(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|\w{3,}(?:ed|ing))\b",
    re.I,
)


def _has_verb(question: str) -> bool:
    return bool(_VERB.search(question))
