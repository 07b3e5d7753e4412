"""How a document is read: how large it may be, how long and how much memory it may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What lies above is refused, with the limit and its setting named.

    `read_memory_mb` holds for the process that reads all but plain text;
    only Linux enforces it. `text_encoding` is what text files that are not UTF-8 are in;
    "" refuses them.
    """

    max_files: int = 100_000
    max_file_mb: float = 50.0
    max_text_chars: int = 20_000_000
    max_pages: int = 5_000
    read_timeout_s: float = 60.0
    read_memory_mb: int = 1_024
    max_download_mb: float = 20.0
    download_timeout_s: float = 20.0
    text_encoding: str = ""
