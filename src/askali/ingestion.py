"""A corpus and its index: opened as it is, refreshed from the sources, rebuilt without them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from askali.documents import Corpus, check_documents, same_files
from askali.documents.chunking import SEGMENTATION, join_passages, split_sentences
from askali.domain import Document, Passage, Sentence
from askali.errors import DocumentError, IndexBroken, IndexStale, StorageError
from askali.index import (
    IN_FOLDER,
    ChromaServer,
    Index,
    OnServers,
    Place,
    Recipe,
    build_index,
    index_stamp,
    index_status,
    open_current,
    stored_documents,
)
from askali.models.embeddings import Encoder
from askali.models.encoders import encoder_id
from askali.retrieval.hybrid import embedding_text
from askali.settings import Settings
from askali.sources import has_source, index_name, is_as_before, reading, require_source
from askali.text.tokens import analyze, fold

_SEGMENTATION = f"{SEGMENTATION}/title-heading"

OnStep = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Progress:
    """Who is told of (done, all): files looked at, passages embedded."""

    on_read: OnStep | None = None
    on_embed: OnStep | None = None


@dataclass(frozen=True, slots=True)
class Refreshed:
    """An open index and the reading that it agrees with; `is_new` if it was built now.

    The reading is over: `index` has the texts of its documents.
    """

    index: Index
    corpus: Corpus
    is_new: bool


def sources_changed(settings: Settings, index: Index) -> bool:
    """True where a file of the corpus was changed, added or removed since the index was made.

    Only sizes and times are looked at, for a file with another time also its bytes; an
    index that a rollback or a rebuild chose is never out of date, nor is a web page.
    """
    return not is_pinned(settings) and not is_as_before(settings, index.ledger)


def place_of(settings: Settings) -> Place:
    """Where the settings keep vectors: beside the store, or on Chroma servers."""
    if settings.chroma_url is None:
        return IN_FOLDER
    addresses = settings.chroma_url.replace(",", " ").split() or [settings.chroma_url]
    # Sorted, so that the order they are given in says nothing.
    return OnServers(*(_server_at(url, settings) for url in sorted(addresses)))


def _server_at(url: str, settings: Settings) -> ChromaServer:
    return ChromaServer(
        url=url,
        token=settings.chroma_token.get_secret_value() if settings.chroma_token else "",
        token_header=settings.chroma_token_header,
        tenant=settings.chroma_tenant,
        database=settings.chroma_database,
        timeout_s=settings.chroma_timeout_s,
        retries=settings.chroma_retries,
    )


def make_recipe(encoder: Encoder) -> Recipe:
    """How askali cuts, reads and embeds documents with this encoder."""

    def segment(document: Document) -> tuple[list[Sentence], list[Passage]]:
        sentences = split_sentences(document)
        if not sentences:
            raise DocumentError(f"document {document.id!r} has no sentences; add running text")
        return sentences, join_passages(document, sentences)

    def text_to_embed(document: Document, heading: str, text: str) -> str:
        return fold(embedding_text(document, heading, text))  # the encoder knows no ligatures

    return Recipe(segment, encoder.embed, analyze, encoder.id, _SEGMENTATION, text_to_embed)


def open_index(settings: Settings, encoder: Encoder, progress: Progress | None = None) -> Index:
    """The index of the settings' corpus, refreshed first where its sources changed.

    After a rollback, and for an address, it is opened as it is. Raises `IndexStale`
    where that one was made with another encoder or segmentation.
    """
    name = index_name(settings)
    is_kept = is_pinned(settings)
    try:
        index = open_current(
            settings.home,
            name,
            encoder_id=encoder.id,
            segmentation=_SEGMENTATION,
            place=place_of(settings),
        )
    except (IndexStale, IndexBroken) as exc:
        if is_kept:
            raise IndexStale(
                f"the index that a rollback or a rebuild chose cannot be served: {exc.problem}; "
                "run `askali index rebuild`, or `askali index` to follow the sources again"
            ) from exc
        index = None  # the sources are at hand: a new generation mends both
    if index is not None:
        if is_kept or is_as_before(settings, index.ledger):
            return index
        index.close()
    return refresh(settings, encoder, progress).index


def refresh(settings: Settings, encoder: Encoder, progress: Progress | None = None) -> Refreshed:
    """Read what changed in the sources and make the index agree with them."""
    progress = progress or Progress()
    name = index_name(settings)
    with reading(settings, progress.on_read) as corpus:
        expected = index_stamp(check_documents(corpus.documents), encoder.id, _SEGMENTATION)
        index = _if_same(settings, name, expected, corpus.ledger)
        if index is not None:
            return Refreshed(index, corpus, is_new=False)
        index = build_index(
            settings.home,
            name,
            corpus.documents,
            make_recipe(encoder),
            on_progress=progress.on_embed,
            lock_timeout_s=settings.lock_timeout_s,
            place=place_of(settings),
            ledger=corpus.ledger,
        )
        return Refreshed(index, corpus, is_new=True)


def rebuild(settings: Settings, encoder: Encoder, progress: Progress | None = None) -> Index:
    """A new generation from what the index itself keeps, also from an older format.

    It needs no source. Where the source is gone, the generation is pinned, so that it
    is served. Raises `StorageError` where there is no index.
    """
    name = index_name(settings)
    with stored_documents(settings.home, name) as stored:
        if stored is None:
            raise StorageError("there is no index to rebuild; run `askali index` first")
        documents, ledger = stored
        return build_index(
            settings.home,
            name,
            documents.values(),
            make_recipe(encoder),
            on_progress=progress.on_embed if progress else None,
            lock_timeout_s=settings.lock_timeout_s,
            place=place_of(settings),
            ledger=ledger,
            is_pinned=not has_source(settings),
        )


def is_pinned(settings: Settings) -> bool:
    """True where a rollback or a rebuild chose the generation that is served."""
    try:
        return index_status(settings.home, index_name(settings)).is_pinned
    except (IndexBroken, IndexStale):
        return False


def examine_corpus(settings: Settings) -> tuple[str, str]:
    """What the sources hold, and what to do about it ("" if nothing).

    Files that the index knows are not read again.
    """
    with reading(settings) as corpus:
        characters = sum(len(document.text) for document in corpus.documents)
    found = f"{len(corpus.documents)} document(s), {characters:,} characters"
    if not corpus.skipped:
        return found, ""
    first = corpus.skipped[0]
    return f"{found}; {len(corpus.skipped)} skipped, such as {first}", f"mend {first.name}"


def index_state(settings: Settings) -> tuple[str, str]:
    """What the corpus's index is, and what to do about it ("" if nothing)."""
    try:
        index = open_current(
            settings.home,
            index_name(settings),
            encoder_id=encoder_id(settings),
            segmentation=_SEGMENTATION,
            place=place_of(settings),
        )
    except IndexStale:
        return "older than the documents or than askali", "run: askali index"
    except IndexBroken as exc:
        return exc.problem, "run: askali index"
    if index is None:
        require_source(settings)
        return "not built yet; the first question builds it", ""
    with index:
        if not is_pinned(settings) and not is_as_before(settings, index.ledger):
            return "older than the documents or than askali", "run: askali index"
        return f"{index.passage_count} passages, stamp {index.stamp}", ""


def _if_same(settings: Settings, name: str, expected: str, ledger: str) -> Index | None:
    """The current index if it holds just this reading and is not there by choice."""
    if is_pinned(settings):
        return None
    try:
        index = open_current(settings.home, name, expected_stamp=expected, place=place_of(settings))
    except (IndexStale, IndexBroken):
        return None
    if index is not None and not same_files(index.ledger, ledger):
        index.close()
        return None
    return index
