"""Everything of one kind in the documents: amounts, dates, names, contacts, quotations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from askali.answering.shapes.asking import Asking, Notebook, Shaped, listed, not_stated, plain
from askali.answering.shapes.lists import list_items, read_note
from askali.answering.shapes.names import Named, mentions
from askali.domain import Item, Sentence, Shape
from askali.text.dates import DATE
from askali.text.kinds import has_currency
from askali.text.quantities import FIGURE, read_figure
from askali.text.tables import is_row
from askali.text.tokens import analyze, capitals

_CONTEXT_CHARS = 110
_MONEY_UNITS = frozenset("$ € £ ₹ yuan yen franc won ruble peso krona cent hk$ c$ a$".split())
# What a question asks to have pulled out, by its words; the first that fits is meant.
_KINDS = (
    ("quotes", r"\bquot\w+|\bverbatim\b|word for word|\bsaid literally"
               r"|\bexact words|\bsay(?:s|ing)? about"),
    ("phones", r"\b(?:tele)?phone numbers?\b"),
    ("mails", r"\be-?mails?(?: address(?:es)?)?\b(?!.*\bphone)"),
    ("contacts", r"\bcontact|\be-?mails?\b|\bphone|\btelephone|\baddress"),
    ("percentages", r"\bpercent\w*|\bper cent\b|%|\bshares? in percent"),
    ("money", r"\bamounts?\b|\bprices?\b|\bcosts?\b|\bsums?\b|\bmoney\b|\bfees?\b"
              r"|\bcharges\b|\beuros?\b|\bcurrency"),
    ("temperatures", r"\btemperatures?\b|°|\bdegrees\b"),
    ("codes", r"\b(?:part|order|serial|article|model|reference|file|case) (?:numbers?|codes?)"),
    ("dates", r"\bdates?\b|\bdeadlines?\b|(?<!times of )\bdays?\b|\byears?\b|\bwhen\b"),
    ("times", r"\btimes? of day|\bopening hours|\bclock times|\btimes\b|\bhours\b"),
    ("people", r"\bpeople\b|\bpersons?\b|\bwho\b|\bnames\b|\bparticipants\b|\bindividuals\b"),
    ("companies", r"\bcompan\w+|\bfirms?\b|\borgani[sz]ations?\b"
                  r"|\binstitutions?\b|\bbrands?\b|\bbusiness\w*"),
    ("places", r"\bplaces?\b|\bcountr\w+|\bcit(?:y|ies)\b|\btowns?\b|\blocations?\b|\bstreets?\b"),
    ("measures", r"\bweights?\b|\blengths?\b|\bdistances?\b|\bsizes?\b"
                 r"|\bmeasure\w*|\bdimensions?\b"),
    ("figures", r"\bnumbers?\b|\bfigures?\b"),
)  # fmt: skip
# "9:30", "5 p.m.", "ten o'clock".
_TIME = re.compile(
    r"\b\d{1,2}[:.]\d\d(?:\s?[ap]\.?m\.?)?(?!\d)|\b\d{1,2}\s?(?:a\.m\.|p\.m\.|am"
    r"|pm)\b|\b\w+ o'clock\b"
)
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]+(?:\.[\w-]+)+|https?://\S+|\bwww\.\S+")
_PHONE = re.compile(r"(?<![\w.,-])\+?(?:\(\d+\) ?)?\d[\d /-]{6,}\d(?![\w.,]\d)")
_POSTAL = re.compile(r"^(?:post|address|office|visit\w*)\b[^.]*:", re.I)
_CODE = re.compile(r"\b(?=[\w-]*\d)[A-Z]{1,4}-?\d{2,}[\w-]*\b|\b[A-Z]{2,}-[\w-]*\d[\w-]*")
_DEGREES = re.compile(
    r"[-−]?(?<!\d)\d++(?:\s?(?:to|–|-)\s?\d+)?\s?(?:°\s?[CF]|degrees(?: Celsius)?)"
)
_SECTION = re.compile(r"\b(?:item|section|chapter|point|part|agenda item) (\d{1,2})\b", re.I)
_QUOTED = re.compile(r"[\"“„](?P<said>[^\"“”„]{4,})[\"”“]")


def extract(asking: Asking) -> Shaped | None:
    """Everything of the kind that is asked for; a list where the kind is not known."""
    kind = kind_of(asking.question.text)
    if kind is None:
        return list_items(asking)
    notebook = Notebook(asking.searcher)
    if kind in ("people", "companies", "places"):
        items = _named(asking, kind, notebook)
    elif kind == "quotes":
        items = _quotes(asking, notebook)
    else:
        items = _values(asking, _FINDERS[kind], notebook)
    if kind == "codes":
        items = _of_asked_form(asking, items)
    if not items:
        return not_stated(Shape.EXTRACT)
    return listed(Shape.EXTRACT, notebook, items, notes=(read_note(asking),))


def _of_asked_form(asking: Asking, items: list[Item]) -> list[Item]:
    """Codes that begin like those which stand beside the word that is asked for."""
    noun = re.search(
        r"\b(part|order|serial|article|model|reference|file|case)\b", asking.question.text
    )
    beside = [i for i in items if noun and noun.group(1).lower() in i.text.lower()]
    begun = tuple({re.match(r"[A-Za-z]*-?", i.text).group() for i in beside})  # type: ignore[union-attr]
    return [i for i in items if i.text.startswith(begun)] if begun else items


def kind_of(question: str) -> str | None:
    """The kind of thing to be extracted, by the word that comes first in the question's order
    of kinds; None for others."""
    return next((kind for kind, pattern in _KINDS if re.search(pattern, question, re.I)), None)


def _limits(asking: Asking, kind_words: str) -> set[str]:
    """Stems beyond the kind itself that narrow what is asked for: "of the recall"."""
    generic = set(
        analyze(
            """list all every each extract give find name names mentioned mention article report
            manual document text minutes page amount money price cost sum euro date day year
            percent percentage people person company firm organisation place country city number
            part temperature quote quotation contact detail time phone email address figure
            connection named occur complete please show everything everyone them appear together
            context word mail exact story biography source code website given stated deadline
            crown mark pound dollar order serial life located town deadlines institution
            pfennig thaler"""
        )
    )
    title = set(analyze(" ".join(d.title for d in asking.documents)))
    return set(asking.terms) - generic - title - set(analyze(kind_words))


def _in_scope(asking: Asking) -> list[Sentence]:
    """All sentences, or those of the sections and paragraphs that the question narrows to."""
    if section := _SECTION.search(asking.question.text):
        numbered = re.compile(rf"{section[1]}[.):\s]")
        return [s for s in asking.text if numbered.match(s.heading)]
    narrow = _limits(asking, "")
    known = {s for s in narrow if any(s in analyze(f"{t.heading} {t.text}") for t in asking.text)}
    if not narrow:
        return list(asking.text)
    if not known:
        return []

    def met(sentence: Sentence) -> int:
        return len(known & set(analyze(f"{sentence.heading} {sentence.text}")))

    by_paragraph: dict[tuple[str, int], int] = {}
    for sentence in asking.text:
        key = (sentence.document_id, sentence.paragraph)
        by_paragraph[key] = max(by_paragraph.get(key, 0), met(sentence))
    most = max(by_paragraph.values(), default=0)
    return [s for s in asking.text if most and by_paragraph[s.document_id, s.paragraph] == most]


def _values(
    asking: Asking, finder: Callable[[Sentence], Iterator[str]], notebook: Notebook
) -> list[Item]:
    found: dict[str, Item] = {}
    for sentence in _in_scope(asking):
        for value in finder(sentence):
            key = value.casefold().strip(" .,")
            if key in found:
                continue
            found[key] = Item(f"{value.strip()} – {_context(sentence)}", notebook.cite(sentence))
    return list(found.values())


def _context(sentence: Sentence) -> str:
    text = plain(sentence.text)
    if is_row(text):
        text = text.strip("| ").replace(" | ", ", ")
    return text if len(text) <= _CONTEXT_CHARS else text[:_CONTEXT_CHARS].rsplit(" ", 1)[0] + " …"


def _money(sentence: Sentence) -> Iterator[str]:
    text = plain(sentence.text)
    under = sentence.heading if is_row(text) else ""
    said_before = has_currency(text)
    row_has = is_row(text) and has_currency(f"{under} {text}")
    for match in FIGURE.finditer(text):
        figure = read_figure(match)
        tail = text[match.end() : match.end() + 14]
        follows = re.match(r"\s?(?:[a-z]+\s)?([a-z]+)", tail)
        near = match.group() + (tail.split(",")[0].split(" and ")[0] if follows else "")
        is_money = figure.unit in _MONEY_UNITS or has_currency(" ".join(near.split()[:4]))
        scaled = re.search(r"million|billion|thousand", match.group(), re.I)
        if not is_money and not figure.unit and (scaled and said_before or row_has):
            is_money = True
        if (
            not is_money
            and scaled
            and not figure.unit
            and re.search(
                r"\b(?:cost|profit|sales|paid|spent|received|gone|debt|price|owed|good day)\b", text
            )
        ):
            is_money = True
        if is_money and figure.unit not in ("%", "th", "year", "day"):
            word = re.match(r"\s([a-z]+)", text[match.end() :])
            money = word and has_currency(word.group(1))
            yield match.group().strip() + (word.group() if word and money else "")


def _figures(fits: Callable[[str], bool]) -> Callable[[Sentence], Iterator[str]]:
    """Finds the figures whose unit fits."""
    return lambda sentence: (
        m.group().strip()
        for m in FIGURE.finditer(plain(sentence.text))
        if fits(read_figure(m).unit)
    )


def _found(pattern: re.Pattern[str]) -> Callable[[Sentence], Iterator[str]]:
    return lambda sentence: (m.group().strip() for m in pattern.finditer(plain(sentence.text)))


def _temperatures(sentence: Sentence) -> Iterator[str]:
    """Degrees of an angle are none."""
    text = plain(sentence.text)
    for match in _DEGREES.finditer(text):
        if "°" in match.group() or re.search(r"Celsius|warm|cold|cool|heat|temperature", text):
            yield match.group().strip()


def _contacts(sentence: Sentence) -> Iterator[str]:
    text = plain(sentence.text)
    if _POSTAL.match(text):
        yield text.partition(":")[2].strip()
    for pattern in (_MAIL, _PHONE):
        yield from (m.group().strip(" .,;)") for m in pattern.finditer(text))


_FINDERS: dict[str, Callable[[Sentence], Iterator[str]]] = {
    "money": _money,
    "percentages": _figures(lambda unit: unit == "%"),
    "dates": _found(DATE),
    "times": _found(_TIME),
    "contacts": _contacts,
    "phones": _found(_PHONE),
    "mails": _found(_MAIL),
    "codes": _found(_CODE),
    "temperatures": _temperatures,
    "measures": _figures(lambda unit: unit not in {"", "%", "th"} | _MONEY_UNITS),
    "figures": _found(FIGURE),
}


def _named(asking: Asking, kind: str, notebook: Notebook) -> list[Item]:
    wanted = {"people": Named.PERSON, "companies": Named.ORGANISATION, "places": Named.PLACE}[kind]
    items = []
    read = asking.searcher.encoder.read
    for mention in mentions(_in_scope(asking), lambda name: read(name).vector):
        if mention.kind is not wanted:
            continue
        first = mention.sentences[0]
        items.append(Item(mention.name, notebook.cite(first)))
    return items


def _quotes(asking: Asking, notebook: Notebook) -> list[Item]:
    """What stands between quotation marks, of the speaker who is asked for where one is."""
    speakers = set(capitals(f"x {asking.question.text}")) | _limits(asking, "quotes said say")
    known = {w for w in speakers if any(w in s.text.lower() for s in asking.text)}
    items: list[Item] = []
    text = asking.text
    for i, sentence in enumerate(text):
        for match in _QUOTED.finditer(sentence.text):
            around = sentence.text[: match.start()] + sentence.text[match.end() :]
            if not speakers or _is_said_by(known, around, text, i):
                items.append(Item(f"“{' '.join(match['said'].split())}”", notebook.cite(sentence)))
    return items


def _is_said_by(known: set[str], around: str, text: tuple[Sentence, ...], i: int) -> bool:
    """True where the speaker is named beside the words, or before them with "he said"."""
    if any(name in around.lower() for name in known):
        return True
    if not re.search(r"\b(?:he|she|they)\b", around) and around.strip(" .,"):
        return False
    for before in reversed(text[max(0, i - 6) : i]):
        if any(name in before.text.lower() for name in known):
            return True
        if capitals(before.text):
            return False  # somebody else may have spoken
    return False
