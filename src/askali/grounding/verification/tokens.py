"""A text as tokens that can be compared."""

from __future__ import annotations

from dataclasses import dataclass, field

from askali.grounding.verification.lexicon import FREE
from askali.text.dates import Date
from askali.text.quantities import Figure

MARK, WORD, NAME, FIG, DAY = "mark", "word", "name", "figure", "date"


@dataclass(frozen=True, slots=True)
class Token:
    """One comparable piece of a text.

    `key` is what must be equal: the lemma of a word, the folded letters of a name,
    or, for values, empty (they are compared by `figure` and `date`). `lead` is the
    preposition just before, `bound` one of ``> >= < <=`` before a figure, whose words
    ("more than") are then `absorbed`.
    """

    kind: str
    text: str
    key: str = ""
    folded: str = ""
    lead: str = ""
    bound: str = ""
    start: int = 0
    end: int = 0
    figure: Figure | None = None
    ranged: Figure | None = None
    date: Date | None = None
    opens: bool = False
    absorbed: bool = False

    @property
    def is_hard(self) -> bool:
        """True where a claim may not have it unless the source does."""
        if self.absorbed:
            return False
        if self.kind == WORD:
            return self.folded not in FREE and self.folded not in _SOFT
        return self.kind != MARK


_SOFT = frozenset(
    "into onto within among around about via as like per including upon throughout by from".split()
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A text read: its tidy form, all tokens in order, and which of them are hard."""

    text: str
    tokens: tuple[Token, ...]
    hard: tuple[int, ...] = field(default=())
