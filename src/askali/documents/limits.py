"""How large a document may be, and how long and how much memory reading it may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What lies above is refused, with the limit and its setting named.

    `read_memory_mb` holds for the process that reads HTML, PDF, DOCX and EPUB;
    only Linux enforces it.
    """

    max_files: int = 100_000
    max_file_mb: float = 50.0
    max_text_chars: int = 20_000_000
    max_pages: int = 5_000
    read_timeout_s: float = 60.0
    read_memory_mb: int = 1_024
    max_download_mb: float = 20.0
    download_timeout_s: float = 20.0
