"""What a question leaves out: "why?", "since when?", "how many accidents?"."""

from __future__ import annotations

import re

from askali.query.likeness import AUX, subject
from askali.query.reference import Known, name_of

# Opens with a question word, "since when" among them.
ASKS = re.compile(
    r"^(?:(?:in|at|on|over|for|from|since|by|to|of|until) )?"
    r"(?:why|when|where|who(?:m|se)?|which|what|how)\b",
    re.I,
)
ASKS_YES_NO = re.compile(rf"^{AUX}", re.I)
# Nothing but a why: "why so?", "why did they do that?".
WHY = re.compile(
    r"^(?:how come|why)(?P<not> not)?(?P<so> so \w+)?"
    r"(?: (?:is|was) (?:that|this|it)(?: so)?| (?:did|does|do|has|have|is|was) (?:he|she|it|they)"
    r"(?: do (?:that|it|this|so))?)?\W*$",
    re.I,
)
# A question word and nothing else: "since when?", "by whom?".
BARE = re.compile(
    r"^(?:how (?:much|many|so|long)|when|where|who|since when|by how much"
    r"|(?:by|for|with|to|from) (?:whom|what))\W*$",
    re.I,
)


def why_of(why: re.Match[str], known: Known) -> str:
    """ "why?": of what was asked ("why did A leave"), or of what was answered."""
    if not (ASKS.match(known.asked) or ASKS_YES_NO.match(known.asked)):
        return why.string  # "summarise the memo" has no why
    predicate = _predicate(known.asked)
    how = why["so"] or ""
    said = known.answer.split(". ")[0].strip(" .")
    if ASKS_YES_NO.match(known.asked):
        aux, _, rest = predicate.partition(" ")
        aux = aux.lower()
        is_denied = why["not"] or known.answer.lower().startswith("no")
        return f"Why {_DENIED.get(aux, aux) if is_denied else aux} {rest}{how}?"
    asks_for_name = re.match(r"(?:who|which|what)\b", known.asked, re.I)
    is_subject = not ASKS_YES_NO.match(predicate) or _NO_SUBJECT.match(predicate)
    if asks_for_name and is_subject:  # "who voted", "which part is late"
        return f"Why is it that {name_of(known) or said} {predicate}?"
    leans_back = re.match(r"(?:it|they|he|she) ", said, re.I)
    is_sentence = len(said.split()) > _PHRASE_WORDS and (
        leans_back or re.match(r"how (?:many|much)\b", known.asked, re.I)
    )
    if is_sentence:
        topic = subject(known.asked)
        if leans_back and topic:
            said = f"{topic} {said[leans_back.end() :]}"
        return f"Why is it that {said}?"
    is_object = asks_for_name and len(said.split()) <= _PHRASE_WORDS
    return f"Why {predicate}{' ' + said if is_object else ''}{how}?"


def bare_of(bare: str, known: Known) -> str:
    """ "since when?": of what was asked, with whom the answer named."""
    predicate = _predicate(known.asked)
    if re.match(r"who\b", known.asked, re.I):
        aux, _, rest = predicate.partition(" ")
        return f"{bare} {aux} {name_of(known) or ''} {rest}?"
    return f"{bare} {predicate}?"


_DENIED = {
    "can": "can't", "could": "couldn't", "will": "won't", "would": "wouldn't", "do": "don't",
    "does": "doesn't", "did": "didn't", "is": "isn't", "are": "aren't", "was": "wasn't",
    "were": "weren't", "has": "hasn't", "have": "haven't", "should": "shouldn't",
}  # fmt: skip


_PHRASE_WORDS = 3
# A verb without its subject behind it: "is based where?".
_NO_SUBJECT = re.compile(
    r"(?:is|are|was|were|has|have) (?!the |an? |he |she |it |they |my |your |(?-i:[A-Z]))", re.I
)
_ASKED_FOR = re.compile(
    rf"{ASKS.pattern}(?: (?:much|many|long|old|often|far|high|large))?"
    rf"(?: (?!{AUX})[\w'’-]+){{0,3}}? (?={AUX})",
    re.I,
)


def _predicate(asked: str) -> str:
    """A question without what it asks for: "did A leave" of "in which year did A leave?"."""
    bare = asked.strip(" ?!.")
    if ASKS_YES_NO.match(bare):
        return bare
    if re.match(r"who\b", bare, re.I):
        return bare.partition(" ")[2]
    pattern = _ASKED_FOR if _ASKED_FOR.match(bare) else ASKS
    return pattern.sub("", bare, count=1).strip()


def completed(question: str, asked: str) -> str:
    """ "how many accidents" with the rest of what was asked, "how many stand" with its noun,
    "why can nobody else" with its verb."""
    bare = question.strip(" ?!.")
    if bare.endswith(" else") and (who := re.match(rf"(?:who|what) {AUX} (.+)", asked, re.I)):
        return f"{bare} {who[1].rstrip(' ?!.')}?"
    counted = re.match(
        rf"how (many|much) (?!of\b|{AUX})(\w+)(?: {AUX} (he|she|it|they)\b)?", asked, re.I
    )
    lacks_noun = rf"how many (?:already|still|{AUX})(?!.*\b(?:it|they)\b)"
    if counted and counted[3]:  # "how much … did she": the same "she"
        lacks_noun = rf"how {counted[1]} {AUX} {counted[3]}\b"
    if counted and re.match(lacks_noun, bare, re.I):
        return re.sub(r"^(how \w+)", rf"\1 {counted[2]}", question, flags=re.I)
    predicate = _predicate(asked)
    lacks_verb = re.match(r"how (?:many|much)(?: \w+){1,2}$", bare, re.I)
    if lacks_verb and not re.search(AUX, bare, re.I) and ASKS_YES_NO.match(predicate):
        return f"{bare} {predicate}?"
    return question
