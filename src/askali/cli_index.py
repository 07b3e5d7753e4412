"""``askali index``: build, watch, status, verify, rollback, rebuild and forget."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from askali.console import err, out, print_error, print_json, progress
from askali.errors import AskaliError, StorageError

if TYPE_CHECKING:
    from askali.documents import Corpus
    from askali.index import Generation
    from askali.indexing import Refreshed
    from askali.settings import Settings

SOME_SKIPPED = 9
"""Exit code of an index that lacks files which could not be read."""

_SHOWN_LINES = 20
_RETRY_S = 5


class _BuildsByDefault(typer.core.TyperGroup):
    """``askali index reports/`` is ``askali index build reports/``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        asks_for_help = args[:1] and args[0] in ctx.help_option_names
        if not asks_for_help and args[:1] != [] and args[0] in self.commands:
            return super().parse_args(ctx, args)
        return super().parse_args(ctx, args if asks_for_help else ["build", *args])


indexes = typer.Typer(
    cls=_BuildsByDefault,
    help="Build or refresh an index; the old one serves until the new one is whole.\n\n"
    "[bold]askali index PATH[/bold] is [bold]askali index build PATH[/bold]: see its --help. "
    "PATH is a file, a folder, or with ASKALI_ALLOW_URL=true an address.",
    epilog="Examples: askali index reports/ · askali index reports/ --watch · askali index "
    "rollback reports/",
    rich_markup_mode="rich",
)

Place = Annotated[str | None, typer.Argument(help="File, folder or address; default: article.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]


@indexes.command(epilog="Examples: askali index reports/ · askali index reports/ --watch")
def build(
    path: Place = None,
    watch: Annotated[
        bool, typer.Option("--watch", "-w", help="Go on, and refresh at each change; Ctrl-C ends.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Read what is new or changed and make a new generation of it.

    Exit code 9: some files could not be read; they are named, the rest is indexed.
    """
    settings = _settings(path)
    encoder = _encoder(settings)
    skipped = _refresh(settings, encoder, as_json=as_json)
    if watch:
        _watch(settings, encoder, as_json=as_json)
    elif skipped:
        raise typer.Exit(SOME_SKIPPED)


@indexes.command(epilog="Example: askali index status reports/")
def status(path: Place = None, as_json: AsJson = False) -> None:
    """Tell which generation is served, what it holds and what a rollback returns to."""
    from askali.index import index_status
    from askali.indexing import index_name, index_state

    settings = _settings(path)
    found = index_status(settings.home, index_name(settings))
    try:
        state, fix = index_state(settings)
    except AskaliError as exc:
        state, fix = exc.problem, exc.fix
    if as_json:
        print_json({"state": state, "fix": fix, **_plain(asdict(found))})
        return
    out.print(f"state     {escape(state)}{escape(f' ({fix})' if fix else '')}")
    out.print(f"folder    {escape(str(found.folder))}")
    out.print(f"serving   {_told(found.current)}{' · pinned' if found.is_pinned else ''}")
    out.print(f"previous  {_told(found.previous)}")
    if found.is_pinned:
        out.print("Pinned: served whatever the sources say, until the next `askali index`.")


@indexes.command(epilog="Example: askali index verify reports/")
def verify(path: Place = None) -> None:
    """Check every document, span and vector of the index, in a process of its own."""
    from askali.index import verify_current
    from askali.indexing import index_name, place_of

    settings = _settings(path)
    name = verify_current(settings.home, index_name(settings), place_of(settings))
    if name is None:
        raise StorageError("there is no index yet; run `askali index`")
    out.print(f"{name} is whole: every document, span and vector is as it was built")


@indexes.command(epilog="Example: askali index rollback reports/")
def rollback(path: Place = None) -> None:
    """Serve the generation before this one, from one moment to the next.

    It is checked first. It stays, whatever the sources say, until the next `askali index`;
    a second rollback returns to the later generation.
    """
    from askali.index import roll_back
    from askali.indexing import index_name, place_of

    settings = _settings(path)
    roll_back(
        settings.home,
        index_name(settings),
        lock_timeout_s=settings.lock_timeout_s,
        place=place_of(settings),
    )
    _tell_serving(settings)


@indexes.command(epilog="Example: askali index rebuild reports/")
def rebuild(path: Place = None) -> None:
    """Make the index anew from what it keeps itself, without reading the sources.

    For an index of an older format or another encoder whose sources are gone; it is
    served then although they are.
    """
    from askali.indexing import Progress
    from askali.indexing import rebuild as rebuild_index

    settings = _settings(path)
    rebuild_index(settings, _encoder(settings), Progress(on_embed=progress())).close()
    _tell_serving(settings)


@indexes.command(epilog="Example: askali index forget reports/")
def forget(path: Place = None) -> None:
    """Remove the previous generation, and with it all text that is no longer indexed."""
    from askali.index import forget_previous
    from askali.indexing import index_name, place_of

    settings = _settings(path)
    forget_previous(
        settings.home,
        index_name(settings),
        lock_timeout_s=settings.lock_timeout_s,
        place=place_of(settings),
    )
    _tell_serving(settings)


def _refresh(settings: Settings, encoder: Any, *, as_json: bool) -> bool:
    """Refresh and tell what came of it; True if files were skipped."""
    from askali.indexing import Progress, refresh

    shown = Progress(progress("looking at files"), progress())
    found = refresh(settings, encoder, shown)
    with found.index:
        if as_json:
            print_json(_summary(found))
        else:
            _print_summary(found)
    return bool(found.corpus.skipped)


def _watch(settings: Settings, encoder: Any, *, as_json: bool) -> None:
    """Refresh at each change until interrupted; an error is told once, and tried again later."""
    import watchfiles

    place = settings.corpus
    if not isinstance(place, Path):
        raise StorageError("only a file or a folder of your own can be watched; name one")
    err.print(f"Watching {escape(str(place))}; Ctrl-C ends.")
    root = place if place.is_dir() else place.parent
    is_due, told = False, ""
    with _until_interrupted() as is_over:
        for changes in watchfiles.watch(
            root,
            watch_filter=lambda _, changed: place.is_dir() or Path(changed).stem == place.stem,
            rust_timeout=_RETRY_S * 1000,
            yield_on_timeout=True,
            recursive=place.is_dir(),
            stop_event=is_over,
        ):
            if changes or is_due:
                is_due = True
                try:
                    _refresh(settings, encoder, as_json=as_json)
                    is_due, told = False, ""
                except AskaliError as exc:
                    if changes or str(exc) != told:
                        print_error(exc)
                    told = str(exc)


@contextmanager
def _until_interrupted() -> Iterator[threading.Event]:
    """An event that the first Ctrl-C sets, so that a refresh is finished; then it is told on
    as `KeyboardInterrupt`. The second Ctrl-C interrupts at once."""
    is_over = threading.Event()

    def end(signum: int, frame: object) -> None:
        if is_over.is_set():
            raise KeyboardInterrupt
        is_over.set()

    before = signal.signal(signal.SIGINT, end)
    try:
        yield is_over
    finally:
        signal.signal(signal.SIGINT, before)
    if is_over.is_set():
        raise KeyboardInterrupt


def _print_summary(found: Refreshed) -> None:

    corpus, index = found.corpus, found.index
    how = "" if found.is_new else "; nothing changed"
    out.print(
        f"{len(corpus.documents)} document(s) indexed, {index.passage_count} passages, "
        f"stamp {index.stamp} ({corpus.files_read} file(s) read, "
        f"{corpus.files_unchanged} known{how})"
    )
    lines = list(_remarks(corpus))
    if corpus.passed_over:
        kinds = ", ".join(f"{n} {suffix or 'without ending'}" for suffix, n in corpus.passed_over)
        lines.append(f"passed over, of other kinds: {kinds}")
    for line in lines[:_SHOWN_LINES]:
        out.print(escape(line))
    if len(lines) > _SHOWN_LINES:
        out.print(f"… and {len(lines) - _SHOWN_LINES} more; --json lists all")


def _remarks(corpus: Corpus) -> Sequence[str]:
    return [
        *(f"skipped  {skipped}" for skipped in corpus.skipped),
        *(f"note     {name}: {remark}" for name, remark in corpus.remarks),
        *(f"copy     {name} says nothing that {of} does not" for name, of in corpus.copies),
        *(f"similar  {a} and {b} are nearly the same; both are indexed" for a, b in corpus.alike),
    ]


def _summary(found: Refreshed) -> dict[str, Any]:
    corpus = found.corpus
    return {
        "documents": len(corpus.documents),
        "passages": found.index.passage_count,
        "stamp": found.index.stamp,
        "is_new": found.is_new,
        "files_read": corpus.files_read,
        "files_known": corpus.files_unchanged,
        "skipped": [asdict(skipped) for skipped in corpus.skipped],
        "remarks": [list(pair) for pair in corpus.remarks],
        "passed_over": dict(corpus.passed_over),
        "copies": [list(pair) for pair in corpus.copies],
        "similar": [list(pair) for pair in corpus.alike],
    }


def _tell_serving(settings: Settings) -> None:
    from askali.index import index_status
    from askali.indexing import index_name

    found = index_status(settings.home, index_name(settings))
    pinned = " · pinned until the next `askali index`" if found.is_pinned else ""
    out.print(f"serving {_told(found.current)}{pinned}")


def _told(generation: Generation | None) -> str:
    if generation is None:
        return "none"
    return (
        f"{generation.name} of {generation.built:%Y-%m-%d %H:%M} UTC · {generation.documents} "
        f"document(s), {generation.passages} passages, {generation.bytes_on_disk / 1e6:.1f} MB"
    )


def _plain(value: Any) -> Any:
    """Nested values as JSON knows them; paths and times as text."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    with suppress(AttributeError):
        return value.isoformat(timespec="seconds")
    return str(value) if isinstance(value, Path) else value


def _settings(path: str | None) -> Settings:
    from askali.settings import Settings

    return Settings.load(corpus=path)


def _encoder(settings: Settings) -> Any:
    from askali.encoder import MiniLM

    return MiniLM(settings.home)
