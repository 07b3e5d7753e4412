"""One spelling for what is written in many ways: quotes, hyphens, forms of a word."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from askali.text import stem
from askali.verify.lexicon import LEMMAS, SYNONYM_GROUPS

_SAME = {form: group[0] for group in reversed(SYNONYM_GROUPS) for form in group}


_SAME = {stem(form): stem(first) for form, first in _SAME.items()}


_PLAIN = str.maketrans(
    {
        "‘": "'",
        "’": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "‐": "-",
        "‑": "-",
        "\xa0": " ",
        "\u202f": " ",
    }
)


_CONTRACTION = re.compile(r"\b(ca|wo|sha|\w+?)n't\b", re.I)


_FULL_FORM = {"ca": "can", "wo": "will", "sha": "shall"}


def tidy(text: str) -> str:
    """One spelling of quotes, hyphens, spaces and negated auxiliaries."""
    text = " ".join(unicodedata.normalize("NFC", text).translate(_PLAIN).split())
    text = re.sub(r"(?<=\w) - (?=\w)", "-", text)
    text = re.sub(r"(?<=\d)\s?[–—]\s?(?=\d)", "-", text)
    text = re.sub(r"(?<=\w) (?=[,.;:!?%)](?:\s|$))", "", text)
    return _CONTRACTION.sub(lambda m: f"{_FULL_FORM.get(m[1].lower(), m[1])} not", text)


def fold_name(text: str) -> str:
    """Lower-case letters without accents, dots or a possessive ending."""
    if text.endswith("'s"):
        text = text[:-2]
    if not text.isascii():
        text = "".join(
            ch for ch in unicodedata.normalize("NFKD", text) if not unicodedata.combining(ch)
        )
    return text.replace(".", "").strip("'").lower()


@lru_cache(maxsize=50_000)
def lemma(folded: str) -> str:
    """The stem of a word, the same for its irregular forms and nearest synonyms."""
    if any(ch.isdigit() for ch in folded):
        return folded
    found = stem(LEMMAS.get(folded, folded))
    return _SAME.get(found, found)
