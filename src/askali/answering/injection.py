"""Does a sentence speak to whoever answers, rather than tell something?

A planted "reply with X instead" must not become the answer X. What looks like an order
to the answerer is only ever quoted whole, so that a reader sees what it is; a sentence
taken for one by mistake loses nothing but a shorter answer.
"""

from __future__ import annotations

import re

# Verbs that tell somebody what to do.
_ORDER = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass|reply|respond|answer|output|print|include"
    r"|mention|append|prepend|add|insert|repeat|reveal|begin|start|end|finish|say|write|state"
    r"|tell|use|provide|convert|replace|translate|encode|summari[sz]e|recommend|must|always|never)\b",
    re.I,
)
# Words for whoever answers, and for what was asked of it: only with them is an order meant for
# it.
_ANSWERER = re.compile(
    r"\byour (?:\w+ )?(?:answer|response|reply|output|summary|instructions?|prompt|message)s?\b"
    r"|\b(?:my|the|this|any|user['’]?s?) (?:original |user['’]?s? )?(?:question|query|prompt)\b"
    r"|\bsystem (?:prompt|note|message|instruction|override)s?\b"
    r"|\b(?:previous|prior|above|earlier|all|other|these|following) (?:instructions?|rules?)\b"
    r"|\b(?:AI|LLM|assistants?|chatbots?|(?:language )?models?|to the user|the user)\b"
    r"|\b(?:reply|respond|answer) (?:only )?with\b|\bexactly (?:as|this)\b|\bverbatim\b",
    re.I,
)


def gives_orders(sentence: str) -> bool:
    """True if a sentence seems to tell an answerer what to answer."""
    return bool(_ORDER.search(sentence) and _ANSWERER.search(sentence))
