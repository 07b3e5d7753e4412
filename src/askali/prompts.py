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
    (
        "The mill on Canal Street closed in March 2021 after heavy losses. Its machines were sold.",
        "Is the mill still in business?",
        "yes",
    ),
    (
        "The mill on Canal Street closed in March 2021 after heavy losses. Its machines were sold.",
        "Who bought the machines of the mill?",
        "no",
    ),
    (
        '"The road will be ready by May," said the surveyor Nils Berg. His office had doubted it.',
        "Who is Nils Berg?",
        "yes",
    ),
    (
        "The ferry line made a profit of 3 million crowns, a third more than the year before.",
        "How many passengers took the ferry?",
        "no",
    ),
    (
        "Since the ferry line was profitable for six years in a row, it needed no loan.",
        "For how long had the ferry line been in the black?",
        "yes",
    ),
)
"""Worked examples: stated, nothing said, right office but other company, stated in other
words, decided either way, right thing but another fact of it, a person by what he does."""

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

CHECK = (
    "You check an answer to a question against a passage. Reply yes if the passage itself says "
    "that this is the answer, no if it does not."
)
"""The local reader's instruction for checking marked words."""

CHECK_SHOTS = (
    (
        "The Marlow Bridge was opened in 1932 by the engineer Ida Koss. It crosses the river Tay.",
        "Who opened the Marlow Bridge?",
        "the engineer Ida Koss",
        "yes",
    ),
    (
        "Henrik Dahl has led Norvik Steel since 2019. The company employs 4,000 people in Bergen.",
        "Who is the head of Oslo Shipping?",
        "Henrik Dahl",
        "no",
    ),
    (
        "The clinic plans to hire 40 nurses by spring. It spent 2.5 million dollars on a new wing.",
        "What did the new wing cost?",
        "2.5 million dollars",
        "yes",
    ),
    (
        "Henrik Dahl has led Norvik Steel since 2019. The company employs 4,000 people in Bergen.",
        "In what year was Norvik Steel founded?",
        "2019",
        "no",
    ),
    (
        "The ferry line made a profit of 3 million crowns, a third more than the year before.",
        "What did a ticket for the ferry cost?",
        "3 million crowns",
        "no",
    ),
    (
        "Since the ferry line was profitable for six years in a row, it needed no loan.",
        "For how long had the ferry line been in the black?",
        "six years in a row",
        "yes",
    ),
    (
        "Ida Koss, who once taught in Lund, opened the bridge. The tower was designed by Per Holm.",
        "Who designed the bridge?",
        "Per Holm",
        "no",
    ),
)
"""Worked examples: right, other company, right in other words, a year and a sum of something
else, right by paraphrase, the neighbouring thing."""

TRANSLATE_QUESTION = (
    "You translate a question into English. Keep its names and numbers. Do not answer it."
)
"""The local reader's instruction for a question in another language."""

TRANSLATE_SHOTS = (
    ("¿Cuánto costó el puente de Marlow en 1932?", "How much did the Marlow Bridge cost in 1932?"),
    ("诺维克钢铁公司的负责人是谁？", "Who is the head of Norvik Steel?"),
    ("Wer hat die Klinik gegründet, und wann?", "Who founded the clinic, and when?"),
    ("Combien de passagers le bac transporte-t-il ?", "How many passengers does the ferry carry?"),
)
"""Worked examples in four languages, a name of another script among them."""
