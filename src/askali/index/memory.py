"""An index in memory: the same store and the same Chroma, and nothing on disk."""

from __future__ import annotations

from collections.abc import Iterable

from askali.domain import Document
from askali.index.reading import Index
from askali.index.records import OnProgress, Recipe
from askali.index.store import Store
from askali.index.vectors import PassageVectors


def memory_index(
    documents: Iterable[Document], recipe: Recipe, *, on_progress: OnProgress | None = None
) -> Index:
    """Index `documents` in memory; the parameters are those of `build_index`."""
    store = Store.create(None, documents, recipe, on_progress=on_progress)
    try:
        return Index(store, PassageVectors.build(None, store))
    except BaseException:
        store.close()
        raise
