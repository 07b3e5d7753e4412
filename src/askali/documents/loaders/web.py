"""A web page by its address: only where allowed, and never one inside the own network."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from askali.documents.limits import Limits
from askali.documents.loaders.base import Extracted
from askali.documents.sandbox import Reader
from askali.domain import Document
from askali.errors import DocumentError

_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
    "application/epub+zip": ".epub",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/json": ".json",
    "application/rtf": ".rtf",
    "text/csv": ".csv",
    "text/rtf": ".rtf",
}
_MAX_REDIRECTS = 5
_BLOCKED = tuple(  # IPv4 inside IPv6: 6to4 and Teredo
    ipaddress.IPv6Network(network) for network in ("2002::/16", "2001::/32")
)


@dataclass(frozen=True, slots=True)
class Page:
    """What an address gave: `url` is where redirects ended."""

    url: str
    suffix: str
    content: bytes


Fetch = Callable[[str, Limits], Page]


def is_url(text: str) -> bool:
    return text.lower().startswith(("http://", "https://"))


def read_page(url: str, limits: Limits, *, fetch: Fetch | None = None) -> Document:
    """The document behind an address; raises `DocumentError` where there is none."""
    page = (fetch or download)(url, limits)
    with TemporaryDirectory(prefix="askali-") as folder, Reader(limits) as reader:
        file = Path(folder, f"page{page.suffix}")
        file.write_bytes(page.content)
        try:
            found = reader.read(file)
        except DocumentError as exc:
            raise DocumentError(f"{url} {exc}") from exc
    return _document(page.url, found)


def download(url: str, limits: Limits) -> Page:
    """Fetch an address of the public network within size and time.

    Names are resolved once and the connection goes to the address that was checked;
    each redirect is checked again. Proxies of the environment are not used: behind one,
    nobody could tell where a request goes.
    """
    import httpx
    from langchain_core._security._exceptions import SSRFBlockedError

    try:
        with _client(limits) as client, client.stream("GET", url) as response:
            if response.status_code != 200:
                raise DocumentError(f"{url} answered {response.status_code}; check the address")
            return Page(str(response.url), _suffix(response), _body(response, url, limits))
    except SSRFBlockedError as exc:
        reason = str(exc).removeprefix("SSRF blocked: ")
        if reason.startswith("DNS"):
            raise DocumentError(f"{url} cannot be fetched: {reason}; check the address") from exc
        raise DocumentError(
            f"{url} is not fetched: it leads into a network of your own ({reason}); save the "
            "page and name the file"
        ) from exc
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, UnicodeError, ValueError) as exc:
        said = " ".join(str(exc).split())[:200] or type(exc).__name__
        raise DocumentError(f"{url} cannot be fetched: {said}; check the address") from exc


def _client(limits: Limits) -> Any:
    import httpx
    from langchain_core._security._policy import SSRFPolicy
    from langchain_core._security._transport import SSRFSafeSyncTransport

    policy = SSRFPolicy(additional_blocked_cidrs=_BLOCKED)
    return httpx.Client(
        transport=SSRFSafeSyncTransport(policy=policy, trust_env=False),
        trust_env=False,
        follow_redirects=True,
        max_redirects=_MAX_REDIRECTS,
        timeout=limits.download_timeout_s,
        headers={"User-Agent": "askali", "Accept-Encoding": "identity"},
        event_hooks={"request": [_refuse_local_names, _read]},
    )


def _refuse_local_names(request: Any) -> None:
    """The transport lets these through where a variable says "local environment"."""
    if request.url.host.lower().rstrip(".") in ("localhost", "testserver"):
        raise DocumentError(f"{request.url} is not fetched: it is this machine; name a file")


def _read(request: Any) -> None:
    """The transport asks for the body, which httpx has not yet read where it redirects."""
    request.read()


def _suffix(response: Any) -> str:
    kind = response.headers.get("content-type", "text/html").partition(";")[0].strip().lower()
    if kind not in _SUFFIXES:
        raise DocumentError(f"{response.url} is {kind[:80]}, which askali does not read")
    return _SUFFIXES[kind]


def _body(response: Any, url: str, limits: Limits) -> bytes:
    """The bytes as they came, cut off where they grow too many or too slow."""
    if response.headers.get("content-encoding", "identity").lower() not in ("identity", ""):
        raise DocumentError(f"{url} answered in a packed form that was not asked for")
    give_up = time.monotonic() + limits.download_timeout_s
    content = bytearray()
    for piece in response.iter_raw():
        content += piece
        if len(content) > limits.max_download_mb * 1e6:
            raise DocumentError(
                f"{url} is larger than {limits.max_download_mb:g} MB; save it and name the file, "
                "or set ASKALI_MAX_DOWNLOAD_MB"
            )
        if time.monotonic() > give_up:
            raise DocumentError(
                f"{url} took longer than {limits.download_timeout_s:g} s; try again, or set "
                "ASKALI_DOWNLOAD_TIMEOUT_S"
            )
    return bytes(content)


def _document(url: str, found: Extracted) -> Document:
    return Document(
        id=url,
        title=found.title or url,
        text=found.text,
        source=url,
        publisher=found.publisher,
        date=found.date,
        file_date=found.file_date,
        page_starts=found.page_starts,
        author=found.author,
        language=found.language,
    )
