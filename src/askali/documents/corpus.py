"""A path to documents: every file read once, what cannot be read named, copies put together."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from askali.documents.deduplication import find_twins, signature
from askali.documents.folder import File, document_ids, files_of
from askali.documents.formats import SUFFIXES
from askali.documents.limits import Limits
from askali.documents.manifest import Entry, digest, look, read_ledger, unchanged, write_ledger
from askali.documents.metadata import document_of
from askali.documents.sandbox import Reader
from askali.documents.spool import Fetched, Spool
from askali.domain import Document
from askali.errors import DocumentError, StorageError

OnRead = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not indexed, and why."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name} {self.reason}"


@dataclass(frozen=True, slots=True)
class Corpus:
    """What a path holds; of `documents`, each is fetched when it is asked for.

    `copies` are (file, kept document's file): the first says nothing that the other
    does not. `alike` are near-duplicates that are both documents. `remarks` are (file,
    what of it could not be read, or as what it was). `passed_over` are (ending, files) of
    other kinds. `ledger` is for the next reading.
    """

    documents: Sequence[Document]
    skipped: tuple[Skipped, ...] = ()
    copies: tuple[tuple[str, str], ...] = ()
    alike: tuple[tuple[str, str], ...] = ()
    remarks: tuple[tuple[str, str], ...] = ()
    passed_over: tuple[tuple[str, int], ...] = ()
    files_read: int = 0
    files_unchanged: int = 0
    ledger: str = ""


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier reading: its ledger, and its documents by id, fetched when asked for."""

    ledger: str = ""
    documents: Mapping[str, Document] = field(default_factory=dict)


def read_corpus(
    path: Path,
    limits: Limits | None = None,
    *,
    earlier: Earlier | None = None,
    on_read: OnRead | None = None,
    spool_in: Path | None = None,
) -> Corpus:
    """The documents of a file, or of a folder and all below it, in name order.

    A sidecar ``name.toml`` may give title, publisher, date and source. A file of a folder
    that cannot be read is named in `Corpus.skipped`. Raises `DocumentError` if the path is
    missing, if nothing in it can be read, and for a single file that cannot. Files that
    `earlier` knows and that have not changed are not read again: their texts stay where they
    are, and those of the others wait in a nameless file in `spool_in`. `on_read` is called
    with (files looked at, all files).
    """
    limits = limits or Limits()
    if not path.exists():
        raise DocumentError(f"no such file or folder: {path}; name an existing one with --corpus")
    files, barred, others = files_of(path, limits.max_files)
    with Reader(limits) as reader:
        gathered = _Gathering(reader, files, earlier or Earlier(), spool=Spool(spool_in))
        for number, file in enumerate(files, start=1):
            gathered.add(file)
            if on_read:
                on_read(number, len(files))
        corpus = gathered.finish(barred)
    passed_over = tuple(sorted(others.items()))
    return _require_some(replace(corpus, passed_over=passed_over), path)


def is_unchanged(path: Path, limits: Limits, ledger: str) -> bool:
    """True where reading `path` again would find what the ledger says."""
    known, _ = read_ledger(ledger, limits)
    if not known or not path.exists():
        return False
    files, *_ = files_of(path, limits.max_files)
    if {file.name for file in files} != set(known):
        return False
    now_ns = time.time_ns()
    try:
        return all(unchanged(file, look(file, now_ns), known[file.name]) for file in files)
    except OSError:
        return False


def _require_some(corpus: Corpus, path: Path) -> Corpus:
    if corpus.documents:
        return corpus
    if path.is_file() and corpus.skipped:
        raise DocumentError(f"{path} {corpus.skipped[0].reason}")
    if corpus.skipped:
        raise DocumentError(
            f"none of the {len(corpus.skipped)} documents in {path} can be read; the first: "
            f"{corpus.skipped[0]}"
        )
    raise DocumentError(f"no documents in {path}: askali reads {', '.join(SUFFIXES)}; add one")


class _Gathering:
    """The files of one reading, one after the other."""

    def __init__(
        self, reader: Reader, files: list[File], earlier: Earlier, *, spool: Spool
    ) -> None:
        self._reader, self._spool, self._limits = reader, spool, reader.limits
        self._files = {file.name: file for file in files}
        self._ids = document_ids(files)
        self._called = Counter(Path(file.shown).stem.lower() for file in files)
        self._earlier = earlier.documents
        self._known, self._alike = read_ledger(earlier.ledger, self._limits)
        self._entries: dict[str, Entry] = {}
        self._fetch: dict[str, Callable[[], Document]] = {}
        self._copies: dict[str, tuple[str, ...]] = {}
        self._taken: set[str] = set()
        self._now_ns = time.time_ns()
        self._read = 0

    def add(self, file: File) -> None:
        """Take a file as it is known, or read it."""
        try:
            seen = look(file, self._now_ns)
            entry = unchanged(file, seen, self._known.get(file.name))
            if entry is None or not self._take(file, entry):
                self._read_anew(file, seen)
        except OSError as exc:
            self._read += 1
            reason = f"cannot be read: {exc.strerror}; check its permissions"
            self._entries[file.name] = Entry(0, 0, "", refused=reason)

    def finish(self, barred: list[tuple[str, str]]) -> Corpus:
        """Put copies together; what depends on a changed file is read after all."""
        for name, entry in list(self._entries.items()):
            if entry.copy_of and entry.copy_of not in self._taken:
                del self._known[name]
                self.add(self._files[name])
        if self._read or set(self._known) != set(self._files):  # a file is new or gone
            self._find_copies()
        self._name_copies()
        shown = {name: file.shown for name, file in self._files.items()}
        entries = self._entries
        return Corpus(
            documents=Fetched([n for n in self._files if n in self._fetch], self._document),
            skipped=(
                *(Skipped(shown[n], entries[n].refused) for n in self._files if entries[n].refused),
                *(Skipped(name, reason) for name, reason in barred),
            ),
            copies=tuple(
                (shown[n], shown[entries[n].copy_of]) for n in self._files if entries[n].copy_of
            ),
            alike=tuple((shown[a], shown[b]) for a, b in self._alike),
            remarks=tuple((shown[n], r) for n in self._files for r in entries[n].remarks),
            files_read=self._read,
            files_unchanged=len(self._files) - self._read,
            ledger=write_ledger(entries, self._alike, self._limits),
        )

    def _take(self, file: File, entry: Entry) -> bool:
        """Use what is known of an unchanged file; False where its text is not at hand."""
        if entry.document and not entry.copy_of:
            fetch = partial(self._earlier.__getitem__, entry.document)
            try:
                fetch()
            except (KeyError, ValueError, StorageError):
                return False
            self._fetch[file.name] = fetch
            self._taken.add(file.name)
            entry = replace(entry, document=self._ids[file.name])
        self._entries[file.name] = entry
        return True

    def _read_anew(self, file: File, seen: Entry) -> None:
        is_small = seen.size <= self._limits.max_file_mb * 1e6
        entry = replace(seen, sha256=digest(file.path) if is_small else "")
        self._read += 1
        try:
            found = self._reader.read(file.path)
            path = Path(file.shown)
            is_shared = self._called[path.stem.lower()] > 1
            name = f"{path.parent.as_posix()}/{path.stem}" if is_shared else ""
            name = name.removeprefix("./")
            document = document_of(self._ids[file.name], file, found, name)
        except DocumentError as exc:
            self._entries[file.name] = replace(entry, refused=str(exc))
            return
        self._fetch[file.name] = self._spool.keep(document)
        self._entries[file.name] = replace(entry, document=document.id, remarks=found.remarks)

    def _find_copies(self) -> None:
        names = list(self._fetch)
        twins = find_twins([signature(self._fetch[name]().text) for name in names])
        self._alike = [(names[a], names[b]) for a, b in twins.alike]
        for copy, kept in twins.copies.items():
            name, of = names[copy], names[kept]
            self._entries[name] = replace(self._entries[name], copy_of=of)
            del self._fetch[name]
        for name, entry in self._entries.items():
            if entry.copy_of and (of := self._entries[entry.copy_of].copy_of):
                self._entries[name] = replace(entry, copy_of=of)

    def _name_copies(self) -> None:
        for name, entry in self._entries.items():
            if entry.copy_of:
                copies = self._copies.get(entry.copy_of, ())
                self._copies[entry.copy_of] = (*copies, self._files[name].shown)

    def _document(self, name: str) -> Document:
        copies = self._copies.get(name, ())
        return replace(self._fetch[name](), id=self._ids[name], copies=copies)
