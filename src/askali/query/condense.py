"""Follow-ups to standalone questions: what "it", "the second one", "why?" and "and X?" mean.

A question is built only from words that the conversation already has, and shown to the
asker. One that stands for itself is left as it is; so is one that would become no sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from askali.domain import Turn
from askali.query.ellipsis import ASKS, ASKS_YES_NO, BARE, WHY, bare_of, completed, why_of
from askali.query.front_desk import social
from askali.query.likeness import is_like_part, names_in, put_in_place, with_same_head
from askali.query.reference import (
    ORDINAL,
    OTHER,
    PRONOUN,
    Known,
    at_place,
    fill,
    items,
    plain,
    the_other,
    thing,
)

# What ties a question to the one before: "and", "what about".
_LEAD = re.compile(
    r"^(?:(?:and|but|or|so|also|then|ok(?:ay)?)\b[,\s]*(?:(?:what|how) about\s+)?"
    r"|(?:what|how) about\s+)",
    re.I,
)
_FRAGMENT = re.compile(r"(?:(?:the|in|on|at|for|from)( [\w'’-]+){1,3}|\d{4})\W*$", re.I)
_NTH = re.compile(r"\bthe (?:first|second|third|fourth|fifth|sixth|seventh|eighth|last)\b", re.I)
_TWICE = re.compile(r"\b(\w+) \1\b", re.I)

Rewrite = Callable[[str, Sequence[Turn]], str]


def condense_question(
    question: str, history: Sequence[Turn], rewrite: Rewrite | None = None
) -> str:
    """The question as it would be asked without the conversation before it.

    Greetings and thanks neither change nor give a ground. `rewrite` is asked for what the
    rules leave open, such as a "they" that nothing fits.
    """
    known = Known()
    is_talk = False
    for turn in history:
        if turn.role == "user":
            is_talk = social(turn.content) is not None
            if not is_talk:
                known = Known(_standalone(turn.content.strip(), known), "", known.listed)
        elif turn.role == "assistant" and not is_talk:
            known = Known(known.asked, plain(turn.content), items(turn.content) or known.listed)
    found = _standalone(question, known)
    leans = PRONOUN.search(question) or _LEAD.match(question)
    if rewrite and known.asked and found == question and leans and not social(question):
        return rewrite(question, history) or question
    return found


def _standalone(question: str, known: Known) -> str:
    if not known.asked or social(question):
        return question
    found = " ".join(_resolve(question, known).split())
    stutters = {m.group().lower() for m in _TWICE.finditer(found)}
    stutters -= {m.group().lower() for m in _TWICE.finditer(known.asked)}  # "bring in in 2023"
    is_sentence = not stutters and len(found.split()) > 1
    return found if is_sentence else question


def _resolve(question: str, known: Known) -> str:
    """Each kind of leaning question in turn; as it is where it is none of them."""
    rest = _LEAD.sub("", question)
    bare = rest.strip(" ?!.")
    leads = rest != question
    if why := WHY.match(rest):
        return why_of(why, known)
    if BARE.match(rest):
        return bare_of(bare, known)
    if OTHER.search(rest):
        return the_other(rest, known) or question
    if ordinal := ORDINAL.search(rest):
        is_all = ordinal.group() == bare
        if is_all and _NTH.search(known.asked):
            return _NTH.sub(f"the {ordinal['place']}", known.asked)
        if item := at_place(ordinal["place"].lower(), known.listed):
            item += ordinal["its"] or ""
            before, after = rest[: ordinal.start()], rest[ordinal.end() :]
            return f"What about {item}?" if is_all else f"{before}{item}{after}"
    if ASKS.match(rest) or ASKS_YES_NO.match(rest):
        return fill(completed(rest, known.asked), known)
    is_part = _FRAGMENT.match(rest) and not names_in(rest, known.answer)
    if not leads and not is_part and not is_like_part(bare, known.asked, known.answer):
        return fill(question, known)
    nth = _NTH.search(rest)
    if nth and _NTH.search(known.asked):
        return _NTH.sub(nth.group(), known.asked)
    is_detail = rest.lower().startswith("the ") and not leads
    is_other = nth or (is_detail and not with_same_head(bare, known.asked))
    if not is_other and (swapped := put_in_place(bare, known.asked, known.answer)):
        return swapped
    topic = thing(known)
    return f"{bare} of {topic}?" if topic else question
