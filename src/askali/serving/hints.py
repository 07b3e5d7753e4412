"""What a reader may do about a refusal, the same in the terminal, on the page and over HTTP."""

from __future__ import annotations

from askali.domain import Answer, Reason
from askali.messages import HINTS
from askali.text.language import is_foreign, language

LANGUAGES = {
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian",
    "nl": "Dutch", "pt": "Portuguese",
}  # fmt: skip


def hint_for(answer: Answer) -> str:
    """The hint of the answer's reason; of a question in another language than the source's,
    that this is why, where nothing translated it."""
    sample = " ".join(hit.passage.text for hit in answer.evidence[:3])
    asked = answer.standalone_question or answer.question
    if is_foreign(asked, sample):
        source = LANGUAGES.get(language(sample), "another language")
        return (
            f"You ask in {LANGUAGES.get(language(asked), 'another language')}, the source is in"
            f" {source}: ask in {source}, or with a model, which translates."
        )
    return HINTS[answer.reason or Reason.NOTHING_RELATED]
