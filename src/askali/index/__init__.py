"""The index: what is searched, kept on disk in generations or in memory.

`build_index` writes a new generation, `open_current` reads the current one,
`memory_index` needs no disk. All three give an `Index`, the only thing that
the rest of askali reads. This package alone knows Chroma and SQLite; Chroma is
imported when a collection is first opened, not with the package.
"""

from askali.index.chroma import ChromaServer
from askali.index.composite import JoinedIndex
from askali.index.generations import (
    build_index,
    forget_previous,
    memory_index,
    open_current,
    roll_back,
    stored_documents,
)
from askali.index.index import Index
from askali.index.placement import IN_FOLDER, OnServers, Place
from askali.index.recipe import Recipe, index_stamp, plain_text
from askali.index.status import Generation, Status, index_status, verify_current

__all__ = [
    "IN_FOLDER",
    "ChromaServer",
    "Generation",
    "Index",
    "JoinedIndex",
    "OnServers",
    "Place",
    "Recipe",
    "Status",
    "build_index",
    "forget_previous",
    "index_stamp",
    "index_status",
    "memory_index",
    "open_current",
    "plain_text",
    "roll_back",
    "stored_documents",
    "verify_current",
]
