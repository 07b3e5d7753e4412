"""Lines at the head and the foot of a document that name who made it."""

from __future__ import annotations

import re
from itertools import islice

from askali.answering.shapes.asking import plain
from askali.domain import Document, Sentence
from askali.text.dates import DATE
from askali.text.tables import is_row

_LINE_CHARS, _SIGNATURE_CHARS = 40, 160
# "Written by …", "By Tom Achebe", "Author: …".
BYLINE = re.compile(
    r"\b(?:written|compiled|edited|prepared|drafted|taken|recorded|minutes|text|words|story"
    r"|translated)\b[^.]{0,30}?\b(?:by|:)|^\W*by\s+(?=[A-Z])"
    r"|\b(?:authors?|editors?|writers?|minutes|keeper of the minutes|secretary)\b\s*:",
    re.I,
)


def is_signed(document: Document, last: Sentence) -> bool:
    """True for a last line with a name, below one that ends in a comma: "Yours sincerely,"."""
    closing = document.text[: last.start].rstrip().rpartition("\n")[2]
    is_short = len(closing) < _LINE_CHARS and len(last.text) < _SIGNATURE_CHARS
    return is_short and closing.endswith(",") and last.text[:1].isupper()


def headlines(document: Document) -> list[Sentence]:
    """Short lines at the head, below the title, that name someone and are no running text."""
    found = []
    for line in islice(re.finditer(r"\S[^\n]*", document.text), 1, 5):
        said = line.group().rstrip()
        if said.startswith("#"):
            break  # what stands under another heading is of that
        bare = plain(said)
        is_line = len(bare) < 90 and not is_row(said) and bare[:1].isupper()
        is_of_record = BYLINE.search(bare) or re.search(r"\bedition\b", said, re.I)
        is_dated = DATE.fullmatch(re.sub(r"^\w+:\s*", "", bare))
        if (
            is_line
            and not (is_of_record or is_dated)
            and not re.match(r"#|to |dear |.*[.,?!:]$", said, re.I)
        ):
            end = line.start() + len(said)
            found.append(Sentence(document.id, line.start(), end, said))
    return found[:2]
