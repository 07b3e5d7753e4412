"""The parts of a short question, by its small words, and which of them another phrase replaces."""

from __future__ import annotations

import re
from collections.abc import Set

from askali.text.tokens import STOPWORDS, capitals, words

# A run of capitalised words, with "of" and the like between them.
NAME = re.compile(
    r"[A-Z][\w’'&.-]*\w"
    r"(?:(?:(?<=Dr|Mr|Ms|St)\.)?[ -]+(?:(?:von|van|de|of|&|der) )*[A-Z][\w’'&.-]*\w)*"
)

# Verbs that open a yes/no question, or stand behind a question word.
AUX = r"\b(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|must)\b"
# Prepositions, between which a question's phrases stand.
_PREPOSITION = (
    r"\b(?:in|on|at|for|of|from|to|by|with|among|during|under|over|per|about|between|after|before"
    r"|since|until|against)\b"
)
_DETERMINER = r"\b(?:the|an?|my|your|his|her|its|their|this|that|these|those)\b"
# The small words between which a question's phrases stand.
_CUT = re.compile(
    rf"{AUX}|{_PREPOSITION}|\b(?:who|what|which|when|where|why|how|much|many|long|often|there"
    rf"|and|or|than|not|already|still|be|been)\b|[?!,;:]",
    re.I,
)
_WITH_VERB = re.compile(r"\b(?:do|does|did|can|could|will|would|should|may|might|must)\s*$", re.I)
# A verb at the end of a phrase, by its form.
_PARTICIPLE = re.compile(
    r"^(?:[a-z]+ed|born|made|paid|sold|built|held|kept|lost|sent|spent|told|found|bought|left|taken"
    r"|given|written|known)$"
)
_LIKE = [
    re.compile(pattern, re.I)
    for pattern in (
        r"\b(?:1\d|20)\d\d\b",
        r"\b(?:weekdays?|weekends?|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)\b",
        r"\b(?:\d{1,2} )?(?:january|february|march|april|(?-i:May)|june|july|august|september"
        r"|october|november|december|spring|summer|autumn|winter)\b",
        r"\b(?:(?:the )?(?:last|this|next|previous) (?:year|month|week|quarter)|the year before"
        r"|a year (?:earlier|later))\b",
        r"\b(?:abroad|at home|by day|at night)\b",
    )
]
"""Parts of one kind, each replaced by another of its kind."""

_OPENER = re.compile(r"(?:^|(?<=[.!?] ))[A-Z][\w-]*\w")
_CODE = re.compile(r"(?-i:\b[A-Z]{1,3}\d*\b|\b[A-Z]*\d+\b)")
_YEAR = re.compile(r"(?:1\d|20)\d\d")
_SUBJECT_WITHOUT_VERB = re.compile(rf"{_WITH_VERB.pattern[:-1]} {_DETERMINER} \w+ $", re.I)
_COUNTED = re.compile(r"how many ([\w-]+)", re.I)


def put_in_place(part: str, asked: str, answer: str) -> str | None:
    """ "and X?": what was asked with X in the place of the part that is like it; None where
    no part is."""
    bare = asked.rstrip(" ?!.")
    for pattern in _LIKE:
        new, old = pattern.search(part), list(pattern.finditer(bare))
        if new and old:
            return f"{bare[: old[-1].start()]}{new.group()}{bare[old[-1].end() :]}?"
    if preposition := re.match(_PREPOSITION, part, re.I):
        same = list(re.finditer(rf"\b{preposition.group()}\b", bare, re.I))
        if not same:
            return f"{bare} {part}?"
        end = _CUT.search(bare, same[-1].end())
        tail = bare[end.start() :] if end else ""
        if not end and _SUBJECT_WITHOUT_VERB.search(bare[: same[-1].start()]):
            tail = bare.split()[-1]  # "what does a permit for the lake cost"
        return f"{bare[: same[-1].start()]}{part} {tail}".strip() + "?"
    if any(pattern.fullmatch(part) for pattern in _LIKE[1:]):
        return f"{bare} {part}?"
    if part.endswith(("'s", "’s")) and (owner := re.search(r"(?:\w+ )?\w+['’]s\b", bare)):
        return f"{bare[: owner.start()]}{part}{bare[owner.end() :]}?"
    code = re.sub(rf"^{_DETERMINER} ", "", part, flags=re.I)
    noun, _, code = code.rpartition(" ")  # "F7", "locker 30"
    old_code = rf"\b{noun}{' ' * bool(noun)}{_CODE.pattern}"
    if _CODE.fullmatch(code) and (codes := list(re.finditer(old_code, bare, re.I))):
        named = f"{noun} {code}".strip()
        return f"{bare[: codes[-1].start()]}{named}{bare[codes[-1].end() :]}?"
    old_part = _replaced(part, bare, answer)
    if not old_part:
        return None
    at = bare.lower().rfind(old_part.lower())
    return f"{bare[:at]}{part}{bare[at + len(old_part) :]}?"


def is_like_part(part: str, asked: str, answer: str) -> bool:
    """True where a name, a day, a year or a code alone has its like in what was asked."""
    if any(like.fullmatch(part) and like.search(asked) for like in (*_LIKE, _CODE)):
        return True
    is_name = NAME.fullmatch(part) and part not in answer
    return bool(is_name and names_in(asked, ""))


def _replaced(part: str, bare: str, answer: str) -> str | None:
    """What a question counts, where the part is several too; else its name, else its last noun
    phrase with an article or without one, as the part is, else its subject."""
    if same := with_same_head(part, bare):
        return same
    is_several = not re.search(r"\s", part) and part.islower()
    named = names_in(bare, answer)
    counted = _COUNTED.match(bare)
    if counted and is_several and (part.endswith("s") or not named):
        return counted[1]
    if named:
        before = re.search(rf"{_DETERMINER} {re.escape(named[-1])}", bare, re.I)
        has_article = re.match(_DETERMINER, part, re.I)
        return before.group() if before and has_article else named[-1]
    phrases = noun_phrases(bare)
    with_article = [phrase for phrase in phrases if re.match(_DETERMINER, phrase, re.I)]
    if re.match(_DETERMINER, part, re.I) and with_article:
        return with_article[-1]
    asked_of = subject(bare)
    behind = phrases[phrases.index(asked_of) + 1 :] if asked_of else phrases
    bare_ones = [phrase for phrase in behind if phrase not in with_article]
    if bare_ones and (asked_of is None or asked_of in with_article):
        return bare_ones[-1]  # "and children?" after "the fee for adults"
    return asked_of or (phrases[-1] if phrases else None)


def with_same_head(part: str, asked: str) -> str | None:
    """The phrase of a question that a part is like by its last word: "a season ticket" is in
    the place of "a day ticket"."""
    head = part.lower().split()[-1]
    same = [p for p in noun_phrases(asked) if p.lower().split()[-1] == head]
    return same[-1] if same else None


def noun_phrases(asked: str) -> list[str]:
    """What stands between the small words of a question; a subject without its verb: "a wash"
    of "what will a wash cost"."""
    return [phrase for phrase, _ in _phrases(asked)]


def subject(asked: str) -> str | None:
    """The phrase after the auxiliary: "the ferry" of "when does the ferry leave"."""
    return next((phrase for phrase, is_subject in _phrases(asked) if is_subject), None)


def _phrases(asked: str) -> list[tuple[str, bool]]:
    found: list[tuple[str, bool]] = []
    start = 0
    for cut in [*_CUT.finditer(asked), None]:
        before, run = asked[:start], asked[start : cut.start() if cut else len(asked)].strip()
        start = cut.end() if cut else len(asked)
        inner = re.search(rf"(?<=\w) (?={_DETERMINER})", run, re.I)
        pieces = (run[: inner.start()], run[inner.start() :].strip()) if inner else (run,)
        for number, piece in enumerate(pieces):
            said = piece.split()
            while said and _YEAR.fullmatch(said[-1]):
                said.pop()
            is_subject = number == 0 and bool(re.search(rf"{AUX}\s*$", before, re.I))
            is_cut = cut and re.match(AUX, cut.group(), re.I)  # the verb itself, as "have"
            has_verb = is_subject and not is_cut and bool(_WITH_VERB.search(before))
            if len(said) > 1 and (has_verb or (is_subject and _PARTICIPLE.search(said[-1]))):
                said.pop()
            is_verb = len(said) == 1 and bool(_PARTICIPLE.search(said[0]))
            if len(said) == 1 and not is_cut and re.fullmatch(r"(?:what|who)", before, re.I):
                is_verb = is_verb or said[0].endswith("s")  # "what happens after a warning"
            if said and not is_verb and not re.fullmatch(_DETERMINER, said[-1], re.I):
                found.append((" ".join(said), is_subject))
    return found


def names_in(text: str, answer: str) -> list[str]:
    """Names in `text`, also lower-cased ones that the answer writes with a capital; not days
    and months."""
    capital = capitals(text)
    phrases = [_without_opener(m.group()) for m in NAME.finditer(text)]
    phrases = [p for p in phrases if not any(like.fullmatch(p) for like in _LIKE)]
    found = [phrase for phrase in phrases if _any_word_in(phrase, capital)]
    if found:
        return found
    # What opens a sentence may be a name too: "how much does norvik pay?" – "Norvik pays …"
    openers = [m.group() for m in _OPENER.finditer(answer) if m.group().lower() not in STOPWORDS]
    known = sorted({*new_names("", answer), *openers}, key=len, reverse=True)
    behind = rf"(?:(?! {_YEAR.pattern}) {_CODE.pattern})?"  # "shift 2"
    hits = [hit for name in known if (hit := re.search(re.escape(name) + behind, text, re.I))]
    return [hit.group() for hit in sorted(hits, key=lambda hit: hit.start())]


def new_names(question: str, answer: str) -> list[str]:
    """Names of the answer that the question lacks."""
    capital = capitals(answer)
    lowered = question.lower()
    phrases = [_without_opener(m.group()) for m in NAME.finditer(answer)]
    named = [p for p in phrases if _any_word_in(p, capital) and p.lower() not in lowered]
    return [p for p in named if p.lower() not in STOPWORDS]  # "The" behind a bullet


def _without_opener(phrase: str) -> str:
    """ "Is Smart Voice" is the name "Smart Voice" behind a sentence's first word."""
    first, _, rest = phrase.partition(" ")
    return rest if rest and first.lower() in STOPWORDS else phrase


def _any_word_in(phrase: str, capital: Set[str]) -> bool:
    return any(word.text.lower() in capital for word in words(phrase))
