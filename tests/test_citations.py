from askali import Document
from askali.citations import quote_claims, render
from askali.segment import split_sentences


def test_claims_and_citations_share_numbers_and_words() -> None:
    document = Document("d", "T", "One is\nfirst. Two is second.")
    sentences = split_sentences(document)
    claims, citations = quote_claims(sentences, {"d": document})
    assert [c.number for c in citations] == list(range(1, len(sentences) + 1))
    assert all(document.text[c.start : c.end] == c.quote for c in citations)
    assert render(claims).endswith(f"Two is second. [{len(sentences)}]")
