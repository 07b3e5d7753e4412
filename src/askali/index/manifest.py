"""The stamp of a generation: what it was made from, and how large its files are.

It is written last, after the check, so a generation without a readable stamp
was never finished. Sizes find truncated files at each open for nothing, before
Chroma reads them: reading a torn vector file can kill the process.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from askali.errors import IndexBroken, IndexStale
from askali.index.recipe import FORMAT
from askali.index.storage_errors import REBUILD, storage_faults

STORE = "store.sqlite"
CHROMA = "chroma"
_STAMP = "stamp.json"
_SPOKEN = {
    "encoder_id": "encoder",
    "segmentation": "segmentation",
    "content": "documents, encoder and segmentation of stamp",
}

Expected = Mapping[str, str | None]
"""Fields of a `Stamp` and the values they must have; None is any."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """`content` is the `index_stamp`; `sizes` maps relative paths to bytes."""

    content: str
    encoder_id: str
    segmentation: str
    documents: int
    sentences: int
    passages: int
    sizes: dict[str, int]
    chromadb: str
    format: int = FORMAT

    @classmethod
    def read(cls, folder: Path) -> Stamp:
        path = folder / _STAMP
        try:
            with storage_faults("the index stamp", path):
                written = json.loads(path.read_bytes())
            if written["format"] != FORMAT:
                raise IndexStale(
                    f"the index {folder} has format {written['format']}, this askali reads "
                    f"{FORMAT}; {REBUILD}"
                )
            return cls(**written)
        except (ValueError, TypeError, KeyError) as exc:
            raise IndexBroken(f"the index stamp {path} is damaged: {exc}; {REBUILD}") from exc

    def write(self, folder: Path) -> None:
        path = folder / _STAMP
        with storage_faults("the index stamp", path):
            path.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")

    def require(self, expected: Expected) -> None:
        """Raises `IndexStale` where it was made with something else."""
        for name, wanted in expected.items():
            made_with = getattr(self, name)
            if wanted is not None and made_with != wanted:
                raise IndexStale(
                    f"the index was made with {_SPOKEN[name]} {made_with!r}, not {wanted!r}; "
                    f"{REBUILD}"
                )

    def fits_store(self, folder: Path) -> bool:
        return file_sizes(folder).get(STORE) == self.sizes.get(STORE)

    def fits_vectors(self, folder: Path) -> bool:
        """True where Chroma's files are those that were checked, and so is its version."""
        return self.sizes == file_sizes(folder) and self.chromadb == chromadb_version()


def chromadb_version() -> str:
    return version("chromadb")


def file_sizes(folder: Path) -> dict[str, int]:
    """Bytes of the store and of Chroma's files; SQLite's passing journals are left out."""
    with storage_faults("the index folder", folder):
        files = [folder / STORE, *(folder / CHROMA).rglob("*")]
        return {
            path.relative_to(folder).as_posix(): path.stat().st_size
            for path in sorted(files)
            if path.is_file() and not path.name.endswith(("-journal", "-wal", "-shm"))
        }
