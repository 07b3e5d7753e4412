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

SOURCE_CHANGED = (
    "The source has changed since it was read: this answer is from the older text. "
    "Start askali anew to ask the new one."
)
"""Note of a long-lived process whose files have been changed or deleted meanwhile."""

OTHER_LANGUAGE = (
    "You ask in {asked}, the source is in {spoken}: ask in {spoken}, or with a model, "
    "which translates."
)
"""Note under a refusal where the languages differ."""
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

SMALL_TALK = {
    "greeting": "Hello! I answer questions about {loaded}, and show where each answer stands.",
    "thanks": "You are welcome! Ask me anything else about {loaded}.",
    "farewell": "Goodbye! I am here whenever you have another question about {loaded}.",
    "identity": "I am askali: I answer questions from your documents, with every statement lit in "
    "the source. I have read {loaded}.",
    "help": "I can find facts, list, count, compare, sum up, put dates in order and calculate, "
    "all from {loaded}, and I show the place in the source for each answer.",
    "other": "I am here to answer questions about {loaded}.",
}
"""What a message that wants no search gets; `loaded` are the documents' titles."""

NOT_KNOWN = "The document's details do not give this."
"""Where a detail of a document is asked for that neither its record nor its text shows."""

NOT_KNOWN_OF = "The document's details do not give: {fields}."
"""Beside the details that are given, for those asked for that are not."""

SOURCE_ONLY = "I answer from the source only and have no opinion, advice or forecast of my own."
"""Begins the answer to what no document states: opinion, advice, prediction, the world."""

SOURCE_SAYS = "What it says on the matter:"
"""Leads into what the source says where its answer is only near to what was asked."""

READ_WHOLE = "Listed from the whole document: {count} sentences read."
"""Note under a list that was made of everything."""

READ_PART = "Listed from the {count} most likely sentences of the documents."
"""Note under a list where the library is too large to be read as a whole."""

COMPUTED = "Computed from the figures of the source: {sum}."
"""How a result came about that no sentence states."""

NOT_COMPARABLE = "These figures do not have the same unit or period and are not calculated with."
"""Why a calculation is refused."""

RELATIVE_DATES = "Relative dates are counted from the document's date, {date}."
"""Note where "on Tuesday" was resolved."""
