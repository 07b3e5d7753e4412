"""Messages that no search answers: greetings, thanks, help, and the document as such."""

from __future__ import annotations

import re
from enum import StrEnum

from askali.text.tokens import capitals, words


class Social(StrEnum):
    """What a message of small talk wants in return."""

    GREETING = "greeting"
    THANKS = "thanks"
    FAREWELL = "farewell"
    IDENTITY = "identity"
    HELP = "help"
    OTHER = "other"


class Field(StrEnum):
    """A detail of a document's record, or all of it."""

    TITLE = "title"
    AUTHOR = "author"
    DATE = "date"
    PUBLISHER = "publisher"
    LANGUAGE = "language"
    LENGTH = "length"
    SECTIONS = "sections"
    FILE = "file"
    LIBRARY = "library"
    RECORD = "record"


_SAID = {
    word: wanted
    for wanted, words_of in (
        (Social.THANKS, "thanks thank thx thankyou ty cheers appreciated"),
        (Social.FAREWELL, "bye goodbye goodnight ciao farewell"),
        (Social.GREETING, "hi hello hey hiya howdy hallo greetings morning afternoon evening moin"),
    )
    for word in words_of.split()
}
"""Words that are said to someone, and what they want in return."""

_ASSENT_WORDS = 3
_AROUND = frozenset(
    """a again all and are askali awesome best bot cool day everyone everybody fine for good
    great helpful it lot lots later much my nice nicely no now of oh ok okay once perfect please so
    see super that thats the there to very well wonderful wow yes you your all's that's day have
    really many help answer answers friend friends got guys team night soon folks u r ask asked
    question questions example examples sort things thing use real person wrong mind
    understand""".split()
)
# Who or what answers here, and what it can do.
_ABOUT_ASKALI = {
    Social.IDENTITY: re.compile(
        r"(?:who|what) (?:are|r) (?:you|u)|what(?:'s| is) your name"
        r"|are you (?:a |an )?(?:bot|robot|ai|human|person|machine)",
        re.I,
    ),
    Social.HELP: re.compile(
        r"help(?: me)?|(?:can|could) you help(?: me)?|what (?:can|do) (?:you|u|i) (?:do|ask)"
        r"(?: (?:you|here|for me))?|how does this work|how do i use (?:this|you|it)",
        re.I,
    ),
}


def social(message: str) -> Social | None:
    """What a message wants that is social as a whole, by its words; None for all others."""
    text = re.sub(r"[^\w' ]+", " ", message.replace("’", "'").lower())
    said = text.split()
    plain = " ".join(word for word in said if word not in ("please", "pls", "askali"))
    for wanted, pattern in _ABOUT_ASKALI.items():
        if pattern.fullmatch(plain):
            return wanted
    if not said or not all(word in _AROUND or word in _SAID for word in said):
        return None
    if spoken := [_SAID[word] for word in said if word in _SAID]:
        return spoken[0]
    is_assent = len(said) <= _ASSENT_WORDS and not message.rstrip().endswith("?")
    return Social.OTHER if is_assent else None


def may_be_social(message: str) -> bool:
    """True where at most one word is on something else: "nice to meet you", and nothing that
    has a name or a number."""
    found = [word.text.lower() for word in words(message) if not word.is_stopword]
    other = [word for word in found if word not in _AROUND and word not in _SAID]
    return len(other) <= 1 and not capitals(message) and not any(c.isdigit() for c in message)


# What a question about a document as such asks for, by its words.
_FIELDS = {
    Field.PUBLISHER: r"publish(?:er|ers|ing)\b|who (?:has )?(?:publish|print|issue)|published by"
    r"|(?:which|what) (?:news)?paper|magazine|\b(?:web)?site\b|where .*(?:publish|print)ed",
    Field.AUTHOR: r"\bauthors?\b|writer|translator|illustrator|photographer|proofreader"
    r"|writer|editor|journalist|reporter|by whom|written by|byline"
    r"|\bwho(?:'s)?\b.*\b(?:wr[io]te|written|made|took|drafted|edited|translated|proofread)",
    Field.LANGUAGE: r"language|\bin (?:english|german|french|spanish|italian|chinese)\b",
    Field.SECTIONS: r"sections?\b|chapters?\b|headings\b|outline|contents\b|structure|organi[sz]ed",
    Field.LENGTH: r"how (?:long|big|large)|length|\bsize\b|(?:word|page) count"
    r"|(?:many|of) (?:words|pages|characters|sentences|lines|paragraphs)",
    Field.DATE: r"\bwhen\b|\bdated?\b|\byear\b|how (?:old|recent)|up to date|valid|edition|version",
    Field.LIBRARY: r"\b(?:documents|files|texts|sources|articles)\b|library|loaded",
    Field.TITLE: r"\btitled?\b|headline",
    Field.FILE: r"\bfile ?name|file called|\bfile\b|\burl\b|\blink\b|\bpath\b|folder|format",
}
_WEAK = {
    Field.AUTHOR: r"\bwho\b",
    Field.TITLE: r"called|\bnamed?\b|heading",
    Field.FILE: r"source|come from|\bwhere\b|get this",
}
_PATTERNS, _WEAK_PATTERNS = (
    [(field, re.compile(pattern, re.I)) for field, pattern in each.items()]
    for each in (_FIELDS, _WEAK)
)


def asked_fields(question: str) -> tuple[Field, ...]:
    """The details that a question about a document asks for; the whole record where none
    is named ("what document is this")."""
    for patterns in (_PATTERNS, _WEAK_PATTERNS):
        if found := tuple(field for field, pattern in patterns if pattern.search(question)):
            return found
    return (Field.RECORD,)
