"""Words: how a text is cut, folded and stemmed, the same for index and question."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import Stemmer

_MARKS = "".join(chr(code) for code in range(0x300, 0x3100) if unicodedata.combining(chr(code)))
_MARKS += "".join(
    chr(code) for code in range(0x900, 0x1100) if unicodedata.category(chr(code))[0] == "M"
)
_WORD = re.compile(rf"[^\W_](?:[{_MARKS}\u00ad\u200c\u200d]*[^\W_]|[{_MARKS}])*")
"""Letters and digits; an accent, a vowel sign and a soft hyphen are inside of a word."""

_HAN_KANA_HANGUL = (
    "\u3005-\u3007\u3041-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_SOUTH_EAST = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_UNSPACED = re.compile(rf"(?P<pairs>[{_HAN_KANA_HANGUL}]+)|(?P<triples>[{_SOUTH_EAST}]+)")
"""Runs of scripts that put no spaces between words; Hangul's particles stick to its words.
They are read as overlapping pairs or triples of characters: on XQuAD as good as ICU's and
jieba's dictionaries, without the 44 MB (docs/measurements.md)."""

_GRAMMAR = re.compile(
    "什么|多少|哪[里裡儿个些]?|怎么样?|怎样|为什么|为何|何时|如何|[谁的了是吗呢吧]|[何誰]"
    "|[\u3041-\u309f]+"  # Japanese writes its grammar in hiragana
    "|누가|누구|무엇|언제|어디|얼마나?|몇|어떤|어느|왜"
    "|ใคร|อะไร|เมื่อไหร่|เมื่อไร|เมื่อใด|ที่ไหน|ที่ใด|เท่าไหร่|เท่าไร|เท่าใด|กี่|ทำไม|อย่างไร"
)
"""What asks or carries grammar in those scripts: nothing is searched across it."""
_POSSESSIVE = re.compile(r"(?<=\w)['’]s\b")
_CLITIC = re.compile(r"\w ?['’] ?$")
_SHOUTED = 0.8
_KEPT = 4096
"""Texts whose words are remembered: the passages of a document are read for every question."""

STOPWORDS = frozenset(
    """a about after again against all also am an and any are as at be because been before being
    between both but by can could did do does doing done down during each few for from further
    give given had has have having he her here hers herself him himself his how i if in into is
    it its itself just ll m may me might mine more most must my myself no nor not of off on once
    only or other our ours ourselves out over own per please re s same say says shall she should
    so some such t tell than that the their theirs them themselves then there these they this
    those through to too under until up upon us ve very via was we were what whats when where
    which while who whom whose why will with would yet you your yours yourself d""".split()
)
SMALL_WORDS = {
    "en": STOPWORDS,
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
"""What carries grammar, by language; in others every word counts, and the rarer the more."""


@dataclass(frozen=True, slots=True)
class Word:
    """A run of letters and digits, folded, and its span in the text it came from.

    `is_label`: a letter that tells things apart, as in "vitamin D" or "block A".
    """

    text: str
    start: int
    end: int
    is_label: bool = False

    @property
    def is_stopword(self) -> bool:
        """True for words that carry grammar rather than content."""
        return not self.is_label and self.text.lower() in STOPWORDS


def fold(text: str) -> str:
    """Compatibility forms as the letters that they show: ligatures, full-width letters,
    accents of their own; soft hyphens are gone. What is found may be another length."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text.replace("\u00ad", ""))


def words(text: str) -> Iterator[Word]:
    """All words in order. Hyphens and spaces around them separate: "full - stack"
    and "full-stack" give the same two words; a possessive 's gives none."""
    blanked = _POSSESSIVE.sub(lambda m: " " * len(m.group()), text)
    is_shouted = cache(lambda: _is_shouted(_WORD.findall(blanked)))  # once, if at all
    for match in _WORD.finditer(blanked):
        word, start = fold(match.group()), match.start()
        if not word.isascii() and _UNSPACED.search(word):
            yield from _grams(match.group(), start)
            continue
        is_label = len(word) == 1 and _is_label(word, text, start, is_shouted)
        yield Word(word, start, match.end(), is_label)


def _grams(run: str, at: int) -> Iterator[Word]:
    """The words of a run of letters that has a script without spaces in it."""
    last = 0
    for found in _UNSPACED.finditer(run):
        if found.start() > last:
            yield Word(fold(run[last : found.start()]), at + last, at + found.start())
        last = found.end()
        size = 2 if found["pairs"] else 3
        begins = found.start()
        for piece in re.split(f"({_GRAMMAR.pattern})", found.group()):
            if piece and not _GRAMMAR.fullmatch(piece):
                for i in range(max(1, len(piece) - size + 1)):
                    start = at + begins + i
                    yield Word(fold(piece[i : i + size]), start, start + len(piece[i : i + size]))
            begins += len(piece)
    if last < len(run):
        yield Word(fold(run[last:]), at + last, at + len(run))


def _is_label(letter: str, text: str, at: int, is_shouted: Callable[[], bool]) -> bool:
    """True for a letter that is not the article, not "I", and not the end of "don't"."""
    if letter not in "dmtDMTAS" or _CLITIC.search(text[max(0, at - 4) : at]):
        return False
    return letter not in "AS" or not (_opens_sentence(text, at) or is_shouted())


def _is_shouted(found: Sequence[str]) -> bool:
    """True where nearly every word has a capital, so that capitals say nothing."""
    upper = sum(word[0].isupper() for word in found)
    return len(found) > 2 and upper >= _SHOUTED * len(found)


def content_words(text: str, language: str = "en") -> list[Word]:
    """The words that say what a text is about; all words if none would be left."""
    everything = list(words(text))
    return [word for word in everything if not _is_small(word, language)] or everything


def _is_small(word: Word, language: str) -> bool:
    return not word.is_label and word.text.lower() in SMALL_WORDS.get(language, ())


@lru_cache(maxsize=100_000)
def stem(word: str, language: str = "en") -> str:
    """Snowball stem of the lower-cased word (Porter 2001); the word where there is none for
    its language."""
    stemmer = _stemmer(language)
    return str(stemmer.stemWord(word.lower())) if stemmer else word.lower()


@cache
def _stemmer(language: str) -> Stemmer.Stemmer | None:
    try:
        return Stemmer.Stemmer(language or "en")
    except KeyError:
        return None


def analyze(text: str, language: str = "en") -> list[str]:
    """Stems of the content words: what the lexical index holds and is asked for."""
    return list(_analyzed(text, language))


@lru_cache(maxsize=_KEPT)
def _analyzed(text: str, language: str) -> tuple[str, ...]:
    found = (word for word in words(text) if not _is_small(word, language))
    return tuple(stem(word.text, language) for word in found)


@lru_cache(maxsize=_KEPT)
def capitals(text: str) -> frozenset[str]:
    """Lower-cased words written with a capital other than as a sentence's first.

    Empty for shouted text, where capitals say nothing.
    """
    found = list(words(text))
    if _is_shouted([word.text for word in found]):
        return frozenset()
    return frozenset(
        word.text.lower()
        for word in found
        if word.text[0].isupper()
        and (not _opens_sentence(text, word.start) or any(map(str.isupper, word.text[1:])))
    )


def _opens_sentence(text: str, at: int) -> bool:
    before = text[:at].rstrip(" \t\n\"'“‘([")
    return not before or before[-1] in ".!?:"
