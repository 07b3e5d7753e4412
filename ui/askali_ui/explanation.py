"""Why an answer came out as it did: hits, what was not used, times. Pure HTML."""

from __future__ import annotations

from collections.abc import Mapping

from askali import Answer, Claim, Hit, Shape
from askali_ui.html_text import text

_SHOWN_HITS = 12


def drawer_html(answer: Answer) -> str:
    """A closed ``<details>`` that explains one answer."""
    return (
        '<details class="why"><summary>Why this answer</summary><div class="why-body">'
        f'<p class="plainly">{_plainly(answer)}</p><details class="ranks">'
        f"<summary>Figures, ranks and times</summary>{_facts(answer)}{_table(answer)}</details>"
        "</div></details>"
    )


def _plainly(answer: Answer) -> str:
    """In a sentence or two, in everybody's words."""
    count = len(answer.evidence)
    read = f"{count} passage{'' if count == 1 else 's'} of the source" if count else "No passage"
    cited = len(answer.citations)
    if answer.shape in (Shape.SMALL_TALK, Shape.ABOUT_DOCUMENT) and not count:
        return "This is known of the documents themselves; nothing had to be searched."
    if answer.abstained and not cited:
        return f"{read} came near your question, but no sentence in them states the answer."
    sentences = "sentence" if cited == 1 else "sentences"
    return (
        f"{read} came near your question. The answer rests on {cited} {sentences} in them,"
        " compared with the source character for character."
    )


def _facts(answer: Answer) -> str:
    rows = [
        ("Searched for", text(answer.standalone_question or answer.question)),
        ("Stated in the source", _likely(answer.confidence)),
        ("Checked", _verdicts(answer)),
        ("Answered by", _engine(answer.engine)),
        ("Time", _times(answer.timings_ms)),
        ("Index", f"<code>{text(answer.index_stamp[:16] or 'in memory')}</code>"),
    ]
    return "<dl>" + "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in rows) + "</dl>"


def _likely(confidence: float) -> str:
    if confidence > 0.99:
        return "more than 99 % likely, by a calibrated estimate"
    return f"{100 * confidence:.0f} % likely, by a calibrated estimate"


def _verdicts(answer: Answer) -> str:
    if not answer.claims:
        return "no claim was made"
    return "<ol>" + "".join(f"<li>{_verdict(claim)}</li>" for claim in answer.claims) + "</ol>"


def _verdict(claim: Claim) -> str:
    numbers = "".join(f"[{number}]" for number in claim.citations)
    kind, _, why = claim.verdict.partition(": ")
    said = _VERDICTS[kind].format(numbers=numbers) if kind in _VERDICTS else text(kind)
    return f"“{text(_short(claim.text, 60))}” {said}{f': {text(why)}' if why else ''}"


_VERDICTS = {
    "verbatim": "stands word for word in {numbers}",
    "supported": "is shown by {numbers}",
    "translated": "is translated from {numbers}; figures and names were checked",
    "replaced": "is the sentence {numbers}, in place of a statement that did not pass",
}


def _engine(name: str) -> str:
    return _ENGINES.get(name) or text(name)


_ENGINES = {
    "none": "quotation, no language model",
    "local": "quotation; a local model read the passages and marked the words",
}


def _times(timings: Mapping[str, float]) -> str:
    if not timings:
        return "not measured"
    return ", ".join(f"{text(name.replace('_', ' '))} {ms:.0f} ms" for name, ms in timings.items())


def _table(answer: Answer) -> str:
    if not answer.evidence:
        return "<p>The search found no passage.</p>"
    rows = "".join(
        _row(rank, hit, answer) for rank, hit in enumerate(answer.evidence[:_SHOWN_HITS], 1)
    )
    return (
        '<p class="muted">Passages found, best first. Rank by meaning (dense), by words'
        " (lexical), and both together (fused); then their sentences were ranked together.</p>"
        f'<div class="found" tabindex="0" role="group" aria-label="Passages found for:'
        f' {text(answer.question[:80])}"><table>'
        '<thead><tr><th scope="col">Fused</th><th scope="col">Dense</th><th scope="col">Lexical'
        '</th><th scope="col">Passage</th><th scope="col">Used</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _row(rank: int, hit: Hit, answer: Answer) -> str:
    passage = hit.passage
    link = (
        f'<a class="go" href="#source" data-document="{text(passage.document_id)}"'
        f' data-start="{passage.start}" data-end="{passage.end}">{text(_short(passage.text))}</a>'
    )
    return (
        f"<tr><td>{rank}</td><td>{hit.dense_rank or '–'}</td><td>{hit.lexical_rank or '–'}</td>"
        f"<td>{link}</td><td>{_use(hit, answer)}</td></tr>"
    )


def _use(hit: Hit, answer: Answer) -> str:
    passage = hit.passage
    numbers = [
        f"[{c.number}]"
        for c in answer.citations
        if c.document_id == passage.document_id and c.start < passage.end and passage.start < c.end
    ]
    return " ".join(numbers) or f'<span class="muted">not used: {_why_not(hit, answer)}</span>'


def _why_not(hit: Hit, answer: Answer) -> str:
    """What the engine found of the passage's best sentence."""
    stood = hit.standing
    if stood is None:
        return "none of its sentences states anything"
    told = ["does not state what is asked"] if answer.abstained else []
    part = "" if stood.asked == answer.standalone_question else f" for “{text(stood.asked)}”"
    told.append(f"its best sentence ranks {stood.rank}{part}")
    if stood.lacks_name:
        told.append("a name asked for is missing")
    if stood.stated is not None:
        told.append(f"the local model finds it {100 * stood.stated:.0f} % likely to answer")
    return ", ".join(told)


def _short(value: str, limit: int = 140) -> str:
    return value if len(value) <= limit else value[:limit].rsplit(" ", 1)[0] + " …"
