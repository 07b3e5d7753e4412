"""Sentences that askali says in its own voice, each written once."""

ABSTENTION = "The source does not say."
"""The whole text of an abstention; code, pages and evals compare with this."""

CONFLICT = "The sources disagree:"
"""Begins the text of a `Reason.CONFLICTING` abstention; the statements follow."""

PART_NOT_STATED = "The source does not say: {part}"
"""Note for the part of a question that found no evidence."""

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

JUDGE = "You check whether a passage states the answer to a question. Reply yes or no."
"""The local reader's instruction for judging."""

JUDGE_SHOTS = (
    (
        "The Marlow Bridge was opened in 1932 by the engineer Ida Koss. It crosses the river Tay.",
        "Who opened the Marlow Bridge?",
        "yes",
    ),
    (
        "Henrik Dahl has led Norvik Steel since 2019. The company employs 4,000 people in Bergen.",
        "How much did Norvik Steel earn in 2019?",
        "no",
    ),
    (
        "Henrik Dahl has led Norvik Steel since 2019. The company employs 4,000 people in Bergen.",
        "Who is the head of Oslo Shipping?",
        "no",
    ),
    (
        "The clinic plans to hire 40 nurses by spring. It spent 2.5 million dollars on a new wing.",
        "What did the new wing cost?",
        "yes",
    ),
)
"""Worked examples: stated, nothing said, right office but other company, stated in other words."""

MARK_NONE = "NONE"
"""What the local reader writes when the passage does not answer."""

MARK = (
    "You copy from a passage the exact words that answer a question: the whole phrase, "
    f"with its unit or name. If the passage does not answer it, write {MARK_NONE}."
)
"""The local reader's instruction for marking."""

MARK_SHOTS = (
    (
        "The Marlow Bridge was opened in 1932 by the engineer Ida Koss. It crosses the river Tay.",
        "Who opened the Marlow Bridge?",
        "the engineer Ida Koss",
    ),
    (
        "The clinic will spend about 2.5 million dollars over four years on a new wing.",
        "How much does the clinic spend on the wing?",
        "about 2.5 million dollars over four years",
    ),
    (
        "Henrik Dahl has led Norvik Steel since 2019. The company employs 4,000 people in Bergen.",
        "How much did Norvik Steel earn in 2019?",
        MARK_NONE,
    ),
    (
        "Sales shrank in spring because the harbour was closed, the chairman said.",
        "Why did sales go down?",
        "because the harbour was closed",
    ),
)
"""Worked examples: a name, a sum with its unit and span, nothing said, a reason."""
