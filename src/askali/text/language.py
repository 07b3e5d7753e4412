"""Which language a text is in, by its script and its smallest words; which facts it keeps."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable

from askali.text.tokens import STOPWORDS, capitals, words

_SAMPLE_CHARS = 5000
_SMALL_WORDS = {
    "en": STOPWORDS - frozenset("a d ll m me no s so t ve".split()),  # small words elsewhere too
    "es": frozenset(
        """el la los las un una de del que qué en y o es son está cuál cuáles cuánto cuánta cuántos
        cuántas cómo cuándo dónde quién quiénes por para con su sus se al lo como más no fue ha
        cual cuanto cuando donde quien han tiene este esta""".split()
    ),
    "fr": frozenset(
        """le la les un une des du de que qui quoi quel quelle quels quelles en et est sont dans
        pour par avec sur au aux il elle ils se son sa ses ce cette combien comment pourquoi où
        quand ne pas plus a ont été d l n s qu""".split()
    ),
    "de": frozenset(
        """der die das den dem des ein eine einen einem einer und oder ist sind war wie viel viele
        wer was wann wo warum welche welcher welches wen wem von vom zu zum zur mit für auf im in
        nicht hat haben wird werden sich als auch er sie es""".split()
    ),
    "it": frozenset(
        """il lo la i gli le un uno una di del della dei che chi cosa quale quali quanto quanta
        quanti come quando dove perché e è sono ha hanno in nel nella per con su al si non più
        da dal""".split()
    ),
    "pt": frozenset(
        """o os as um uma de do da dos das que quem qual quais quanto quanta quantos como quando
        onde por porque para com em no na nos nas e é são foi se seu sua não mais ao tem""".split()
    ),
    "nl": frozenset(
        """de het een en of is zijn was wie wat waar wanneer waarom hoe hoeveel welke van voor met
        op in te aan bij uit niet heeft hebben wordt worden er dat die ook""".split()
    ),
}
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def language(text: str) -> str:
    """A code such as "en" for the languages known here by their small words, a script
    such as "CJK" for other scripts, "" where a text gives too little to tell."""
    sample = text[:_SAMPLE_CHARS]
    script = _script(sample)
    if script != "LATIN":
        return script
    found = [word.text.lower() for word in words(sample)]
    hits = {code: sum(word in small for word in found) for code, small in _SMALL_WORDS.items()}
    best = max(hits, key=lambda code: hits[code])
    return best if hits[best] and hits[best] > hits["en"] * (best != "en") else ""


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
    """The script of most letters: "LATIN", "CJK", "CYRILLIC" …; "" without letters."""
    kinds = Counter(unicodedata.name(ch, "?").split()[0] for ch in text if ch.isalpha())
    return kinds.most_common(1)[0][0] if kinds else ""
