"""Does a claim say only what its cited sentences say? Pure, deterministic, without a model.

A claim is a sentence of the source less pieces that are set off by marks, its values perhaps
in another spelling. Every value, name and word of it must stand there, in the same order.
What says the same in other words is failed: strict, because the reader then gets the quote.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from askali.grounding.parsing import Kind, Token, parse, tidy
from askali.text.dates import Date, show_date
from askali.text.quantities import Figure, show_figure


class Fault(StrEnum):
    """Why a claim is not shown by what it cites."""

    NUMBER = "number"
    UNIT = "unit"
    DATE = "date"
    NAME = "name"
    NEGATION = "negation"
    MODALITY = "modality"
    ATTRIBUTION = "attribution"
    COMPARISON = "comparison"
    ORDER = "order"
    COVERAGE = "coverage"


@dataclass(frozen=True, slots=True)
class Check:
    """What the cited sentences make of a claim.

    `verdict` is ``verbatim`` (word for word in one of them), ``supported`` or
    ``failed``; only a failed one has a `reason`, one clause for a reader, and a `fault`.
    """

    verdict: str
    reason: str = ""
    fault: Fault | None = None

    @property
    def passed(self) -> bool:
        """True where the claim may be shown."""
        return self.fault is None


def verify(claim: str, evidence: Sequence[str], *, context: str = "") -> Check:
    """What the sentences of `evidence` make of `claim`; one of them must say all of it.

    `context` (titles and headings) and the sentences before may say who "it" is, but lend no
    figure or date.
    """
    said = tidy(claim)
    bare = said.strip(" .!?;:,\"'")
    if not any(letter.isalnum() for letter in claim):
        return _failed(Fault.COVERAGE, "nothing is said")
    if not evidence:
        return _failed(Fault.COVERAGE, "nothing is cited")
    sources = [tidy(sentence) for sentence in evidence]
    if any(bare == source.strip(" .!?;:,\"'") for source in sources):
        return Check("verbatim")
    tokens = parse(said)
    closest: tuple[int, Check] | None = None
    for at, source in enumerate(sources):
        lent = [token for text in (*sources[:at], context) for token in parse(tidy(text))]
        shorter = _BRACKETS.sub("", source)
        size, fault = min(
            (_compare(tokens, parse(form), lent) for form in dict.fromkeys((source, shorter))),
            key=lambda found: found[1] is not None,
        )
        if fault is None:
            is_verbatim = re.search(rf"(?<!\w){re.escape(bare)}(?!\w)", source) is not None
            return Check("verbatim" if is_verbatim else "supported")
        if closest is None or size > closest[0]:
            closest = size, fault
    assert closest is not None
    return closest[1]


_BRACKETS = re.compile(r"\s?[(\[](?!(?:if|unless|allegedly|reportedly|not)\b)[^()\[\]]*[)\]]")


def _failed(fault: Fault, reason: str) -> Check:
    return Check("failed", reason, fault)


def _compare(
    claim: Sequence[Token], source: Sequence[Token], lent: Sequence[Token]
) -> tuple[int, Check | None]:
    """How many hard tokens the source has in the claim's order, and the fault, if any."""
    chain = _align(claim, source)
    missing = [i for i, token in enumerate(claim) if token.is_hard and i not in chain]
    if missing and not _stand_for_pronoun(missing, claim, source, chain, lent):
        return len(chain), min(
            (_explain(claim[i], source, chain) for i in missing),
            key=lambda check: check.fault in (Fault.COVERAGE, Fault.ORDER),
        )
    return len(chain), _left_out(source, chain, is_statement(claim))


def _align(claim: Sequence[Token], source: Sequence[Token]) -> dict[int, int]:
    """The longest chain of equal hard tokens, by their numbers, in the order of both; the
    only date of a sentence may stand anywhere."""
    mine = [i for i, token in enumerate(claim) if token.is_hard]
    theirs = [at for at, token in enumerate(source) if token.is_hard]
    free: dict[int, int] = {}
    dates = [at for at in theirs if source[at].kind is Kind.DATE]
    dated = [i for i in mine if claim[i].kind is Kind.DATE]
    if len(dates) == len(dated) == 1 and _says(source[dates[0]], claim[dated[0]]):
        free = {dated[0]: dates[0]}
        mine.remove(dated[0])
        theirs.remove(dates[0])
    # best[n][m]: weight of the best chain of mine[n:] in theirs[m:]; neighbours weigh more
    best = [[(0.0, 0)] * (len(theirs) + 1) for _ in range(len(mine) + 1)]
    for n in reversed(range(len(mine))):
        for m in reversed(range(len(theirs))):
            choices = [(best[n + 1][m][0], 1), (best[n][m + 1][0], 2)]
            if _says(source[theirs[m]], claim[mine[n]]):
                near = best[n + 1][m + 1][1] == 3
                choices.append((best[n + 1][m + 1][0] + 1.0 + 0.1 * near, 3))
            best[n][m] = max(choices)
    n = m = 0
    chain = dict(free)
    while n < len(mine) and m < len(theirs):
        move = best[n][m][1]
        if move == 3:
            chain[mine[n]] = theirs[m]
        n, m = n + (move != 2), m + (move != 1)
    return dict(sorted(chain.items()))


def _says(source: Token, said: Token) -> bool:
    if said.figure is not None:
        return source.figure == said.figure
    if said.date is not None:
        if source.date is not None:
            return source.date.says(said.date)
        is_number = said.date == Date(said.date.year) and source.figure is not None
        return is_number and source.figure == Figure(Decimal(said.date.year).normalize())
    return bool(said.key) and source.key == said.key


def is_statement(claim: Sequence[Token]) -> bool:
    """True where more is claimed than a phrase: it ends as a sentence, or has a verb that
    tells so."""
    words = [token for token in claim if token.kind is not Kind.MARK]
    if claim[-1].text == "." and len(words) > 2:
        return True
    is_verb = any(w.text.lower() in _VERBS or w.text.endswith("ed") for w in words[1:])
    return is_verb and words[0].text[0].isupper()


_VERBS = frozenset(
    "is are was were has have had do does did will would can could may might must should".split()
)


def _left_out(source: Sequence[Token], chain: dict[int, int], is_whole: bool) -> Check | None:
    """The fault of what the source has between, before and after the claim's tokens."""
    used = sorted(chain.values())
    for a, b in zip(used, used[1:], strict=False):
        gap = source[a + 1 : b]
        hard = [token for token in gap if token.is_hard]
        if any(token.kind is not Kind.DATE for token in hard) and not _is_set_off(gap):
            return _torn(source[a], hard, source[b])
    if not is_whole:
        return None
    before, after = source[: used[0]], source[used[-1] + 1 :]
    while before and not before[-1].is_hard and before[-1].kind is not Kind.MARK:
        before = before[:-1]
    if any(token.is_hard for token in before) and before[-1].kind is not Kind.MARK:
        return _torn(before[-1], [before[-1]], source[used[0]])
    for token in (*before, *(t for t in after if t.text.lower() in _BACKWARD)):
        if fault := _TURNS.get(token.text.lower()):
            # "No, Orrin closed it" denies something else
            fault = Fault.ORDER if fault is Fault.NEGATION else fault
            return _failed(fault, f"the source says “{token.text}” of this")
    if after and after[0].is_hard and after[0].key not in _GOES_ON:
        return _failed(Fault.ORDER, f"the source goes on with “{after[0].text}”")
    return None


def _is_set_off(gap: Sequence[Token]) -> bool:
    """True for a piece in brackets, or between two commas or dashes."""
    words = [n for n, t in enumerate(gap) if t.is_hard]
    opening, closing = gap[: words[0]], gap[words[-1] + 1 :]
    turned = any(token.text.lower() in _TURNS for token in gap)
    return not turned and all(
        any(token.kind is Kind.MARK for token in side) for side in (opening, closing)
    )


def _torn(a: Token, gap: Sequence[Token], b: Token) -> Check:
    """The fault of hard tokens left out between `a` and `b`: a negation only where it stands
    right before `b`, for "did not sell the farm and closed the mill" does not deny the mill."""
    weighty = [token for token in gap if token.text.lower() not in ("yet", "ever")]
    for token in gap:
        fault = _TURNS.get(token.text.lower())
        if fault and (fault is not Fault.NEGATION or token is weighty[-1]):
            return _failed(fault, f"the source says “{token.text}” of this")
    first = gap[0].text
    return _failed(Fault.ORDER, f"the source has “{first}” between “{a.text}” and “{b.text}”")


def _explain(said: Token, source: Sequence[Token], chain: dict[int, int]) -> Check:
    """The fault of a token of the claim that the source does not have in its order."""
    if said.text.lower() in _TURNS:
        return _failed(_TURNS[said.text.lower()], f"the source does not say “{said.text}”")
    used = set(chain.values())
    others = [t for at, t in enumerate(source) if t.kind is said.kind and at not in used]
    if any(_says(token, said) for token in source):
        return _failed(_FAULT_OF[said.kind], f"the source says “{said.text}” of something else")
    for other in sorted(others, key=lambda t: _value(t) != _value(said)):
        if said.figure and other.figure:
            fault = Fault.UNIT if said.figure.value == other.figure.value else Fault.NUMBER
            shown = f"{show_figure(other.figure)}, not {show_figure(said.figure)}"
            return _failed(fault, f"the source says {shown}")
        if said.date and other.date:
            shown = f"{show_date(other.date)}, not {show_date(said.date)}"
            return _failed(Fault.DATE, f"the source says {shown}")
    return _failed(_FAULT_OF[said.kind], f"the source does not say “{said.text}”")


def _value(token: Token) -> Decimal | None:
    return token.figure.value if token.figure else None


def _stand_for_pronoun(
    missing: Sequence[int],
    claim: Sequence[Token],
    source: Sequence[Token],
    chain: dict[int, int],
    lent: Sequence[Token],
) -> bool:
    """True where the missing words are one name of the text before, and the source has only
    "it" where they would stand."""
    first, last = missing[0], missing[-1]
    run = [token for token in claim[first : last + 1] if token.is_hard]
    names = {token.key for token in lent if token.kind is Kind.NAME}
    if len(run) != len(missing) or not all(token.key in names for token in run):
        return False
    start = max((at for i, at in chain.items() if i < first), default=-1)
    end = min((at for i, at in chain.items() if i > last), default=len(source))
    slot = source[start + 1 : end]
    return not any(token.is_hard for token in slot) and any(
        token.text.lower() in ("it", "he", "she", "they") for token in slot
    )


_FAULT_OF = {
    Kind.FIGURE: Fault.NUMBER,
    Kind.DATE: Fault.DATE,
    Kind.NAME: Fault.NAME,
    Kind.WORD: Fault.COVERAGE,
}
_TURNS = {
    **dict.fromkeys("not no never none neither nor without".split(), Fault.NEGATION),
    **dict.fromkeys("may might could would if unless whether plans".split(), Fault.MODALITY),
    **dict.fromkeys("denied claimed allegedly reportedly according".split(), Fault.ATTRIBUTION),
}
"""Words that turn round, weaken or lend to another what they govern."""
_BACKWARD = frozenset("if unless whether allegedly reportedly according".split())
"""Those that govern what stands before them, too."""
_GOES_ON = frozenset(
    """from by to until till since before after than against into onto during between among through
    across over under about near within without when while where because but as like""".split()
)
"""Words at which a sentence may be cut off: what follows is a piece of its own."""
