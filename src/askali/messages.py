"""Sentences that askali says in its own voice, each written once."""

ABSTENTION = "The source does not say."
"""The whole text of an abstention; code, pages and evals compare with this."""

CONFLICT = "The sources disagree:"
"""Begins the text of a `Reason.CONFLICTING` abstention; the statements follow."""

PART_NOT_STATED = "The source does not say: {part}"
"""Note for the part of a question that found no evidence."""

SEARCHED_FOR = "Searched for: {question}"
"""Note where another wording than the asker's was searched."""

TOO_MANY_PARTS = (
    "Only the first {count} questions in this one were searched, up to “{last}”. "
    "Ask the others by themselves."
)
"""Note where one question holds more than are searched at a time."""

OPENING = "This is how the source opens; askali quotes and does not summarise."
"""Note where the whole source was asked about."""

FELL_BACK = "Answered by quoting alone: {why}"
"""Note where a model was asked for and could not serve."""

BROKE_OFF = "The answer may be incomplete: {why}"
"""Note where a model failed after some of its claims had passed."""

REASONS = {
    "nothing_related": "Nothing in the source is about this.",
    "related_but_not_stated": "The source speaks of this, but does not state what you ask.",
    "conflicting": "The source makes statements that contradict each other.",
}
"""What a reader is told for each `Reason`."""

HINTS = {
    "nothing_related": "Ask about something the source covers, or open another source.",
    "related_but_not_stated": "See the nearest passage, or ask for a detail it names.",
    "conflicting": "Read both statements where they stand and judge for yourself.",
}
"""What a reader may do next for each `Reason`."""
