"""Which language a text is in, by its script or py3langid; which facts it keeps."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from askali.text.tokens import SMALL_WORDS, capitals, words

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

    from askali.domain import Document

NAMES = {
    "ar": "Arabic", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek",
    "en": "English", "es": "Spanish", "fi": "Finnish", "fr": "French", "he": "Hebrew",
    "hi": "Hindi", "hu": "Hungarian", "it": "Italian", "ja": "Japanese", "ko": "Korean",
    "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian",
    "ru": "Russian", "sv": "Swedish", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian",
    "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
"""English names of some of the codes; the others show as they are."""

_SAMPLE_CHARS = 1000
_LIKELIER_THAN_NOT = 0.5
_LEAST_SMALL = 0.15
_SHARED = frozenset("a d ll m me no s so t ve".split())
_ENGLISH = SMALL_WORDS["en"] - _SHARED
_BY_SCRIPT = {"HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "THAI": "th", "CJK": "zh"}
_HAN = ("CJK", "HIRAGANA", "KATAKANA")
_LETTERS = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@lru_cache(maxsize=1024)
def language(text: str) -> str:
    """The ISO 639-1 code of a text's language, such as "en"; "" where a text gives too little
    to tell."""
    sample = text[:_SAMPLE_CHARS]
    script = _script(sample)
    if script in _BY_SCRIPT or not script:
        return _BY_SCRIPT.get(script, "")
    by_small_words = _by_small_words(sample) if script == "LATIN" else ""
    if by_small_words == "en":  # no need to load the model of all languages
        return "en"
    code, probability = _identifier().classify(sample)
    is_sure = script != "LATIN" or probability > _LIKELIER_THAN_NOT
    is_sure = is_sure and code != "zxx"  # no language at all
    return str(code) if is_sure else by_small_words


def _by_small_words(text: str) -> str:
    """The language that has most small words in the text; "" where English has as many as
    another. "MIT" is none, nor is a letter that is a small word in several."""
    found = Counter(word.lower() for word in _LETTERS.findall(text) if not word.isupper())
    hits = {
        code: sum(found[word] for word in found.keys() & small)
        for code, small in SMALL_WORDS.items()
    }
    hits["en"] = sum(found[word] for word in found.keys() & _ENGLISH)
    best = max(hits, key=lambda code: hits[code])
    return best if hits[best] > hits["en"] * (best != "en") else ""


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def language_of(document: Document) -> str:
    """The language of its text, else the one that its record names, else "en". A table of names
    and figures is in none: text has small words."""
    sample = document.text[:_SAMPLE_CHARS]
    code = language(sample)
    if code in SMALL_WORDS and code != "en":
        found = [word.lower() for word in _LETTERS.findall(sample) if len(word) > 1]
        small = sum(word in SMALL_WORDS[code] for word in found)
        code = code if small >= _LEAST_SMALL * len(found) else ""
    return code or document.language[:2].lower() or "en"


def is_foreign(text: str, reference: str) -> bool:
    """True if both texts tell their language, and it is not the same one."""
    own, other = language(text), language(reference)
    return bool(own and other and own != other)


def searchable(question: str, sample: str, translate: Callable[[str], str]) -> str:
    """The question in the language of `sample`, for retrieval: as it is where it is in that
    language already, or where its translation loses a number."""
    if not is_foreign(question, sample):
        return question
    written = " ".join(translate(question).split())
    return written if written and keeps_facts(question, written, names=False) else question


def keeps_facts(text: str, known: str, *, names: bool = True) -> bool:
    """True if every number of `text`, and unless told otherwise every name, is in `known`."""
    if not set(_NUMBER.findall(text)) <= set(_NUMBER.findall(known)):
        return False
    return not names or capitals(text) <= {word.text.lower() for word in words(known)}


def _script(text: str) -> str:
    """The script of most letters: "LATIN", "CJK", "CYRILLIC" …; "" without letters. Japanese
    mixes three."""
    if text.isascii():
        return "LATIN" if any(map(str.isalpha, text)) else ""
    kinds = Counter(unicodedata.name(ch, "?").split()[0] for ch in text if ch.isalpha())
    if not kinds:
        return ""
    best = kinds.most_common(1)[0][0]
    han = sum(kinds[script] for script in _HAN)
    return "HIRAGANA" if best in _HAN and kinds["HIRAGANA"] > han / 20 else best
