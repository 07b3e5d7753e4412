"""What "it", "she", "the second one" and "the other one" mean after an answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from askali.query.likeness import AUX, NAME, names_in, new_names, noun_phrases, subject
from askali.text.quantities import FIGURE
from askali.text.tokens import STOPWORDS, analyze

# What stands for something said before, by its kind: he or she, it, that, "the company".
PRONOUN = re.compile(
    r"\b(?:(?P<he>he|she|him|his|her)|(?P<it>it|its|they|them|their)|(?P<that>that)(?=\W*$)"
    r"|(?P<noun>(?:that|this|those|these|the) (?:company|firm|startup|business|person|man|woman"
    r"|deal|one|investment|product|project|group|companies|ones)))\b",
    re.I,
)
_SOMEBODY = re.compile(r"(?:i|you|we|one)\b", re.I)
_RELATIVE = re.compile(r"\s+(?:that|which|who|whose|where)\b", re.I)
OTHER = re.compile(r"\bthe other(?:s| ones?| company| firm)?\b", re.I)

_PLACES = "first second third fourth fifth sixth seventh eighth".split()
_NEW_CLAUSE = rf"(?:in|on|at|for|of|from|to|give|cost|have|hold|get|\w+ing)\b|{AUX}"
ORDINAL = re.compile(
    rf"\bthe (?P<place>{'|'.join(_PLACES)}|last|former|latter)\b"
    rf"(?: ones?\b(?P<its>['’]s)?|(?<=latter)|(?! (?!{_NEW_CLAUSE})[a-z]+))",
    re.I,
)
"""A place in a list, without a noun of its own."""

_ITEM = re.compile(r"(?:^|\n)\s*(?:[-*•]|\d+[.)])\s+|\s\d+[.)]\s+(?=[A-Za-z])|\s*\[\d+\]\s*")
_COMMAS = re.compile(r",? (?:and|or) |, ")
_OPENS_LIST = re.compile(r"^.*(?:\b(?:is|are|was|were|includes?|by)\b|:) (?=.*\S)", re.S)
_CLAUSE = re.compile(r"(?:who|which|where|whose|when|that)\b", re.I)
_FIRST_PHRASE = re.compile(r", (?!and\b)| for \d|(?<=\w\w\w)\. |;|\n")
_NO = re.compile(r"(?:yes|no)\b", re.I)
_ARTICLE = re.compile(r"^(?:the|an?)\b", re.I)
_SHORT = 8
_POSSESSIVE = ("its", "their", "his")
_OWN = "the|an?|my|your|its?"


@dataclass(frozen=True, slots=True)
class Known:
    """What was asked last, as a question of its own, its answer, and the list shown last."""

    asked: str = ""
    answer: str = ""
    listed: tuple[str, ...] = ()


def the_other(rest: str, known: Known) -> str | None:
    """ "the other one?": a name that the answer brought and the question lacked."""
    old, new = names_in(known.asked, known.answer), new_names(known.asked, known.answer)
    if not old or not new:
        return None
    left = OTHER.sub("", rest).strip(" ?!.")
    if {word.lower() for word in re.findall(r"\w+", left)} - STOPWORDS:
        return f"{left} {new[0]}?"
    return known.asked.replace(old[-1], new[0])


def fill(question: str, known: Known) -> str:
    """The question with what its pronouns mean, unless it says so itself."""
    out: list[str] = []
    meant_so_far: list[str] = []
    last = 0
    for pronoun in PRONOUN.finditer(question):
        meant = _meant(pronoun, question, known)
        if pronoun["it"] and meant in meant_so_far:  # "did he leave it": not himself
            with_article = [p for p in noun_phrases(known.asked) if _ARTICLE.match(p)]
            meant = with_article[-1] if with_article else None
        if meant and not any(meant.startswith(said.removesuffix("'s")) for said in meant_so_far):
            out += [question[last : pronoun.start()], meant]
            meant_so_far.append(meant)
            last = pronoun.end()
    return "".join(out) + question[last:]


def _meant(pronoun: re.Match[str], question: str, known: Known) -> str | None:
    said = pronoun.group().lower()
    after = question[pronoun.end() :]
    if pronoun["noun"] and (said.endswith(("ies", "ones")) or _RELATIVE.match(after)):
        return None  # several are not the one name; "the company that paid" says which
    is_own = said in _POSSESSIVE or said == "her" and re.match(r" \w", after)
    if names_in(question[: pronoun.start()], known.answer) and (
        is_own or re.match(rf"\s+{AUX}", after, re.I)
    ):
        return None  # "when did X say it would close" means X
    asks_for_name = re.match(r"(?:who|which)\b", known.asked, re.I)
    if pronoun["he"] and not asks_for_name and re.search(rf"\b{said}\b", known.asked, re.I):
        return None  # the same "she" as before, whom nobody has named
    if pronoun["he"]:
        named = names_in(known.asked, known.answer)
        in_answer = name_of(known) if asks_for_name or not named else None
        found = in_answer or (named[-1] if named else None)
    else:
        found = (_is_in_answer(said, known.asked) and name_of(known)) or thing(known, said)
        is_one = found and _ARTICLE.match(found) and not found.endswith("s")
        if is_one and asks_for_name and said in ("they", "them", "their"):
            return None  # "who signed the lease?": they are not the lease
    if not found or found.lower() in question.lower():
        return None
    rest = set(analyze(question[: pronoun.start()] + after))
    if rest.issuperset(analyze(found)) and analyze(found):
        return None  # "why was it delayed?", of the penalty for the delay
    return f"{found}'s" if is_own else found


def _is_in_answer(said: str, asked: str) -> bool:
    """True where the answer, not the question, has what "it" means: "which model is …?"; but
    "who owns the mill?" asks for no "it"."""
    if names_in(asked, "") or re.match(rf"what {AUX} (?:{_OWN}|he|she|they|it)\b", asked, re.I):
        return False
    is_of_it = said in ("it", "its") and re.match(r"who\b", asked, re.I)
    has_thing = any(re.match(r"(?:the|an?)\b", each, re.I) for each in noun_phrases(asked))
    return bool(re.match(r"(?:who|which|what)\b", asked, re.I)) and not (is_of_it and has_thing)


def name_of(known: Known) -> str | None:
    """The answer where it is a phrase: "the M5 Plus" of "The M5 Plus, 10.9 kg.", else its
    first name that the question lacks."""
    first = _FIRST_PHRASE.split(known.answer.strip())[0].strip(' ."')
    is_short = 0 < len(first.split()) <= _SHORT and not re.search(AUX, first, re.I)
    if is_short and (NAME.fullmatch(first) or _ARTICLE.match(first)) and not _NO.match(first):
        return _ARTICLE.sub(lambda article: article.group().lower(), first, count=1)
    return next(iter(new_names(known.asked, known.answer)), None)


def thing(known: Known, said: str = "it") -> str | None:
    """What was asked about: the last name of the question, else its subject where one thing
    is meant, else its last noun phrase."""
    if found := names_in(known.asked, known.answer):
        return found[-1]
    counted = re.match(r"how many ([\w-]+)", known.asked, re.I)
    meant = subject(known.asked) if counted and said in ("it", "its") else None
    if counted and not meant:
        return f"the {counted[1]}"
    phrases = noun_phrases(re.sub(r"\bper \w+", "", known.asked))
    things = [p for p in phrases if not (FIGURE.match(p) or _SOMEBODY.match(p))] or phrases
    if said in ("it", "its"):  # "the dose for adults"
        things = [p for p in things if _ARTICLE.match(p) or not p.endswith("s")] or things
    if meant or things:
        return re.sub(r"^an? ", "the ", meant or things[-1], flags=re.I)
    return next(iter(new_names(known.asked, known.answer)), None)


def at_place(place: str, listed: Sequence[str]) -> str | None:
    """The item that "the second one" or "the last one" is, if there are so many."""
    at = -1 if place in ("last", "latter") else 0 if place == "former" else _PLACES.index(place)
    return listed[at] if listed and at < len(listed) else None


def items(answer: str) -> tuple[str, ...]:
    """What an answer lists: its bullets or claims, else the parts of one enumeration."""
    marked = [item.strip(" .;*•-\n") for item in _ITEM.split(answer)]
    marked = [item for item in marked if item]
    if len(marked) > 1:
        return tuple(_head(item) for item in marked)
    text = plain(answer).strip(" .")
    parts = _COMMAS.split(_OPENS_LIST.sub("", text))
    # "Edda Norling, who led the mill" is one thing.
    is_one = len(parts) < 2 or any(_CLAUSE.match(part) for part in parts)
    if ". " in text or is_one:
        return ()
    return tuple(_ARTICLE.sub(lambda article: article.group().lower(), p, count=1) for p in parts)


def _head(item: str) -> str:
    """The thing that an item is on: all of it where it is a short phrase, else its name."""
    if len(item.split()) <= _SHORT and not re.search(AUX, item, re.I):
        return item
    return next((name for name in NAME.findall(item) if name.lower() not in STOPWORDS), item)


def plain(answer: str) -> str:
    """An answer without its marks, quotation marks, and labels such as "**Date**:"."""
    return re.sub(r"\s*\[\d+\]|[“”\"]|\*\*[^*\n]+\*\*:", "", answer)
