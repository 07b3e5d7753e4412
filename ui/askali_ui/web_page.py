"""One web page into a file, only when a reader asks for it, and never from a private address."""

from __future__ import annotations

import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx

# A private module of LangChain's, the only guard here that pins the address it has looked up
# and looks again at each redirect; no other file imports it.
from langchain_core._security._exceptions import SSRFBlockedError
from langchain_core._security._transport import ssrf_safe_client

from askali import DocumentError

_TIMEOUT_S = 10.0
_WHOLE_S = 30.0
_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
}


def fetch_page(address: str, folder: Path, max_bytes: int) -> Path:
    """The page at an http(s) address as a file in `folder`.

    Raises `DocumentError` for another kind of address, one inside this network, a page that is
    larger than `max_bytes`, slower than half a minute, or no text.
    """
    parts = urlsplit(address if "://" in address else f"https://{address}")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise DocumentError(f"{address[:200]!r} is no web address; begin with https://")
    host = parts.hostname
    try:
        with (
            ssrf_safe_client(timeout=_TIMEOUT_S, max_redirects=5, trust_env=False) as client,
            client.stream("GET", parts.geturl(), headers={"user-agent": "askali"}) as reply,
        ):
            if reply.status_code != 200:
                raise DocumentError(f"{host} answers {reply.status_code}; check the address")
            kind = reply.headers.get("content-type", "text/html").partition(";")[0].strip().lower()
            if kind not in _SUFFIXES:
                raise DocumentError(f"{host} sends {kind}, which is no page to read")
            name = Path(parts.path).stem or host
            fit = "".join(ch if ch.isalnum() or ch in "-_." else "-" for ch in name)[:80]
            path = folder / f"{fit.strip('.') or host}{_SUFFIXES[kind]}"
            size, began = 0, time.monotonic()
            with path.open("wb") as file:
                for chunk in reply.iter_bytes():
                    size += len(chunk)
                    if size > max_bytes:
                        raise DocumentError(f"the page is larger than {max_bytes:,} bytes")
                    if time.monotonic() - began > _WHOLE_S:
                        raise DocumentError(f"{host} takes longer than {_WHOLE_S:.0f} seconds")
                    file.write(chunk)
    except SSRFBlockedError as exc:
        raise DocumentError(f"{host} is an address inside this network, which is not read") from exc
    except httpx.HTTPError as exc:
        why = type(exc).__name__
        raise DocumentError(f"{host} cannot be reached ({why}); check the address") from exc
    return path
