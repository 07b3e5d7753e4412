"""Yes or no: a question as the statement it asks about, held against a sentence.

No model is asked: the verifier that checks what models write says whether the
sentence supports the statement or negates it. In doubt there is no yes and no no,
and the sentence speaks for itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from askali.grounding.verification import Fault, verify

# A question that opens with its verb, in three pieces: verb, "not", and the rest.
_ASKS = re.compile(
    r"^(?:(?:and|so|but|then|well|ok(?:ay)?)[, ]+)?(?P<aux>is|are|was|were|am|do|does|did|has|have"
    r"|had|can|could|will|would|shall|should|may|might)(?P<not>n['’]t| not)?\s+(?P<rest>.+?)"
    r"[?!. ]*$",
    re.I | re.S,
)
_SUBJECT = re.compile(
    r"(?:(?:the|a|an|this|that|its|their|his|her)\s+)?"
    r"(?:[A-Z][\w'’.-]*(?:\s+(?:(?:of|the|and)\s+)?[A-Z][\w'’.-]*)*|[\w'’-]+)\s+",
)
"""A name, or a noun behind its article; where a longer subject is cut too early, the
verifier finds words in another order than the source's, and nothing is said."""


def statement(question: str) -> str | None:
    """What a yes/no question asks about ("Did Acme close?": "Acme did close"); None for
    others, and for questions with "or" or "not", to which yes and no are ambiguous."""
    asked = _ASKS.match(question.strip())
    if not asked or asked["not"] or re.search(r"\b(?:or|not|any|ever)\b", asked["rest"], re.I):
        return None
    subject = _SUBJECT.match(asked["rest"])
    if not subject:
        return None
    return f"{subject.group().strip()} {asked['aux'].lower()} {asked['rest'][subject.end() :]}"


def yes_or_no(question: str, sentences: Sequence[str], *, context: str = "") -> str:
    """ "Yes" or "No" where the sentences decide the question by their own words, else ""."""
    asked = statement(question)
    if not asked:
        return ""
    check = verify(f"{asked}.", sentences, context=context)
    if check.verdict != "failed":
        return "Yes"
    return "No" if check.fault is Fault.NEGATION else ""
