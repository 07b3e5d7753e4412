"""A document at a glance: what is known of it, its sections, a cited summary. Pure HTML."""

from __future__ import annotations

from askali import Answer, Document, split_sentences
from askali.text.language import NAMES, language
from askali_ui.html import answer_html
from askali_ui.html_text import text

_WORDS_A_MINUTE = 230
_SHOWN_SECTIONS = 8


def card_html(document: Document, summary: Answer | None = None) -> str:
    """Title, author, publisher, date, length, language, sections; a summary where there is one."""
    words = len(document.text.split())
    minutes = max(1, round(words / _WORDS_A_MINUTE))
    pages = f"{_counted(len(document.page_starts), 'page')}, " if document.page_starts else ""
    spoken = document.language[:2].lower() or language(document.text[:5000])
    facts = [
        f"by {document.author}" if document.author else "",
        document.publisher,
        document.shown_date,
        f"{pages}{words:,} words, {minutes} min to read",
        NAMES.get(spoken, ""),
    ]
    told = " · ".join(text(fact) for fact in facts if fact)
    named = dict.fromkeys(s.heading.partition(" · ")[0] for s in split_sentences(document))
    sections = [name for name in named if name and name != document.title]
    shown = "".join(f"<li>{text(name)}</li>" for name in sections[:_SHOWN_SECTIONS])
    more = len(sections) - _SHOWN_SECTIONS
    if more > 0:
        shown += f"<li>and {more} more</li>"
    title = text(document.title or document.id)
    parts = [f"<h3>{title}</h3>", f'<p class="facts">{told}</p>']
    if summary:
        parts.append(f'<div class="summary">{answer_html(summary)}</div>')
    if sections:
        parts.append(
            f"<details><summary>{_counted(len(sections), 'section')}</summary>"
            f"<ul>{shown}</ul></details>"
        )
    return f'<section class="card" aria-label="About {title}">{"".join(parts)}</section>'


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
