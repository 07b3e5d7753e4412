"""Check a generation from disk: ``python -m askali.index.check FOLDER``.

Run in a process of its own (`check_in_child`), since reading a torn Chroma index can end the
process with SIGSEGV, which no ``except`` catches (chroma issues 7238, 7678).
Exit code 0 is sound; otherwise the reason is on standard output.
"""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

import numpy as np

from askali.errors import AskaliError, IndexBroken
from askali.index.manifest import CHROMA, STORE
from askali.index.recipe import DenseSearch
from askali.index.storage_errors import REBUILD, storage_faults
from askali.index.store import Store
from askali.index.vectors import PassageVectors
from askali.isolation import Broken, module_command, run

_CHECK_S = 60.0
_CHECK_S_PER_MB = 5.0
_ROWS = 250
_TOLERANCE = 1e-5
_FOUND = 0.999
_UNREACHED_SHARE = 0.001
"""HNSW search is approximate: of 20,000 random vectors 2 did not find themselves.
A torn index loses whole blocks."""
_SEARCHES = 5000
"""Every vector is read back and compared. Searches for their own passage, which take ten
times as long, are spread evenly: all 20,000 took 90 s of a build of 103 s."""
_WIDEST_STEP = 20
"""A vector and its neighbours lie side by side, 1.7 kB a row: what loses twenty rows is found."""


def check_generation(folder: Path) -> None:
    """Raises `IndexBroken` unless every row, span and vector of `folder` is right."""
    with closing(Store.open(folder / STORE)) as store:
        _check_store(store)
        with closing(PassageVectors.open(folder / CHROMA)) as vectors:
            _check_vectors(store, vectors)


def check_in_child(folder: Path) -> None:
    """`check_generation` in a fresh process; raises `IndexBroken` with the reason."""
    megabytes = (folder / STORE).stat().st_size / 1e6
    try:
        with storage_faults("the process that checks the index", folder):
            said = run(
                module_command("askali.index.check", str(folder)),
                _CHECK_S + _CHECK_S_PER_MB * megabytes,
            )
    except Broken as exc:
        raise IndexBroken(f"checking {folder} {exc}; {REBUILD}") from exc
    if said:
        raise IndexBroken(f"the index {folder} did not pass its check: {said}; {REBUILD}")


def check_collection(folder: Path, vectors: DenseSearch) -> None:
    """`check_generation` where the vectors are not in the folder."""
    with closing(Store.open(folder / STORE)) as store:
        _check_store(store)
        _check_vectors(store, vectors)


def _check_store(store: Store) -> None:
    verdict = store.integrity()
    _require(verdict == "ok", f"SQLite says {verdict}")
    hashes = store.content_hashes()
    extents = {table: store.extents(table) for table in ("sentences", "passages")}
    for id, document in store.documents.items():
        _require(document.content_hash == hashes[id], f"document {id!r} is not what was stored")
        for table, of in extents.items():
            start, end, least = of.get(id, (0, 0, 1))
            inside = start >= 0 and least > 0 and end <= len(document.text)
            _require(inside, f"{table} has a span outside of document {id!r}: {start}-{end}")
    lexical = store.lexical_count()
    _require(lexical == store.passage_count, f"{lexical} lexical rows, not {store.passage_count}")


def _check_vectors(store: Store, vectors: DenseSearch) -> None:
    count = store.passage_count
    _require(vectors.count == count, f"{vectors.count} vectors in Chroma, not {count}")
    unreached = searched = 0
    for first in range(0, count, _ROWS):
        rows = range(first, min(first + _ROWS, count))
        expected = store.passage_vectors(rows)
        stored = vectors.stored(rows)
        _require(set(stored) == set(rows), f"Chroma lacks passages of rows {first} and on")
        lengths = np.linalg.norm(expected, axis=1)
        # Cosine collections hold unit vectors, so that is what is compared.
        units = expected / np.where(lengths == 0, 1, lengths)[:, None]
        got = np.stack([stored[row] for row in rows])
        is_same = np.allclose(got, units, atol=_TOLERANCE) or np.allclose(got, expected)
        _require(is_same, f"Chroma has other vectors than the store in rows {first} and on")
        asked = expected[:: _step(count)]
        nearest = np.asarray(vectors.nearest_similarity(asked))
        unreached += int(((nearest < _FOUND) & (np.linalg.norm(asked, axis=1) > 0)).sum())
        searched += len(asked)
    _require(unreached <= searched * _UNREACHED_SHARE, f"{unreached} passages are never found")


def _step(count: int) -> int:
    """One passage in so many is searched for: each of a thousand, one in twenty of more."""
    return max(1, min(_WIDEST_STEP, count // 1000), count // _SEARCHES)


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise IndexBroken(otherwise)


def main() -> int:
    try:
        check_generation(Path(sys.argv[1]))
    except AskaliError as exc:
        sys.stdout.write(f"{exc}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
