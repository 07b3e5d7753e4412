"""Small talk: a friendly line, what is loaded, and what could be asked of it."""

from __future__ import annotations

import re

from askali.answering.shapes.about_document import headings
from askali.answering.shapes.asking import Asking, Shaped
from askali.domain import Shape
from askali.messages import SMALL_TALK
from askali.query.front_desk import Social, social

_MOST_NAMED = 5


def small_talk(asking: Asking) -> Shaped:
    """A friendly line, what is loaded, and questions that it can answer."""
    wanted = social(asking.question.typed) or social(asking.question.text) or Social.OTHER
    titles = [document.title for document in asking.documents]
    loaded = ", ".join(f"“{title}”" for title in titles[:_MOST_NAMED])
    if len(titles) > _MOST_NAMED:
        loaded += f" and {len(titles) - _MOST_NAMED} more"
    text = SMALL_TALK[wanted].format(loaded=loaded)
    suggestions = suggested(asking)
    if wanted not in (Social.THANKS, Social.FAREWELL) and suggestions:
        text += " You could ask:\n\n" + "\n".join(f"- {question}" for question in suggestions)
    return Shaped(Shape.SMALL_TALK, text, suggestions=suggestions)


def suggested(asking: Asking) -> tuple[str, ...]:
    """Three questions that the documents answer: their gist, and two of their sections."""
    document = asking.documents[0]
    found = ["What is this about?"]
    if len(asking.documents) > 1:
        found = [f"What is “{document.title}” about?"]
    for heading in headings(asking, document)[:12]:
        bare = re.sub(r"^\d+(?:\.\d+)*\.?\s+", "", heading).rstrip("?.: ")
        if 3 < len(bare) < 60 and bare != document.title:
            found.append(f"What does it say about “{bare}”?")
        if len(found) == 3:
            break
    found += ["Which people are mentioned?", "Which dates are mentioned?"]
    return tuple(found[:3])
