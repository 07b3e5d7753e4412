from askali import Document
from askali.documents.chunking import split_sentences
from askali.grounding.citations import (
    answer_claims,
    quote_claims,
    render,
    render_by_document,
    say_once,
)


def test_claims_and_citations_share_numbers_and_words() -> None:
    document = Document("d", "T", "One is\nfirst. Two is second.")
    sentences = split_sentences(document)
    claims, citations = quote_claims(sentences, {"d": document})
    assert [c.number for c in citations] == list(range(1, len(sentences) + 1))
    assert all(document.text[c.start : c.end] == c.quote for c in citations)
    assert render(claims).endswith(f"Two is second. [{len(sentences)}]")


def test_what_stands_in_two_places_is_said_once_and_cites_both() -> None:
    documents = {
        "a": Document("a", "Report", "It cost  5 euros. It rained. It cost 5 euros."),
        "b": Document("b", "Minutes", "It cost 5 euros."),
    }
    first, rain, again, elsewhere = (s for d in documents.values() for s in split_sentences(d))
    quoted = {first: None, again: None, rain: None, elsewhere: None}
    claims, citations = answer_claims(quoted, {again: [rain]}, documents)
    assert render(say_once(claims, citations)) == "It cost 5 euros. [1][2][3][4] It rained. [3]"
    assert [c.document_id for c in citations] == ["a", "a", "a", "b"]
    claims, citations = answer_claims(quoted, {}, documents)
    assert render_by_document(say_once(claims, citations, by_document=True), citations) == (
        "Report: It cost 5 euros. [1][2] It rained. [3] Minutes: It cost 5 euros. [4]"
    )
