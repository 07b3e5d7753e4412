"""Blank what Chroma's vector files hold beyond their vectors.

Measured with chromadb 1.5.9: `data_level0.bin` and `length.bin` are written with room for
more vectors than there are, and that room is memory of this process as it lay there: schema
text, and once the id of a document that had been removed.
"""

from __future__ import annotations

import os
import struct
from pathlib import Path

from askali.index.faults import storage_faults

_HEADER = struct.Struct("<i4Q")
_VERSION = 1
_LENGTH_BYTES = 4


def blank_unused(chroma: Path) -> None:
    """Make the room for further vectors zeros; call it when nothing has the files open.

    Files of a layout that is not known are left alone.
    """
    with storage_faults("the vector files", chroma):
        for header in chroma.glob("*/header.bin"):
            version, _, room, count, row_bytes = _HEADER.unpack_from(header.read_bytes())
            if version == _VERSION and count <= room:
                _blank(header.with_name("data_level0.bin"), count * row_bytes, room * row_bytes)
                _blank(header.with_name("length.bin"), count * _LENGTH_BYTES, room * _LENGTH_BYTES)


def _blank(file: Path, used: int, size: int) -> None:
    if file.stat().st_size == size:
        os.truncate(file, used)
        os.truncate(file, size)  # what a file grows by is zeros
