"""``askali index``: build, watch, status, verify, rollback, rebuild and forget."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from askali.errors import AskaliError, StorageError
from askali.serving.cli.console import out, print_json, progress
from askali.serving.cli.summary import generation_line, plain, print_summary, summary
from askali.serving.cli.watch import follow

if TYPE_CHECKING:
    from askali.settings import Settings

SOME_SKIPPED = 9
"""Exit code of an index that lacks files which could not be read."""


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
        if not isinstance(settings.corpus, Path):
            raise StorageError("only a file or a folder of your own can be watched; name one")
        follow(settings.corpus, partial(_refresh, settings, encoder, as_json=as_json))
    elif skipped:
        raise typer.Exit(SOME_SKIPPED)


@indexes.command(epilog="Example: askali index status reports/")
def status(path: Place = None, as_json: AsJson = False) -> None:
    """Tell which generation is served, what it holds and what a rollback returns to."""
    from askali.index import index_status
    from askali.ingestion import index_state
    from askali.sources import index_name

    settings = _settings(path)
    found = index_status(settings.home, index_name(settings))
    try:
        state, fix = index_state(settings)
    except AskaliError as exc:
        state, fix = exc.problem, exc.fix
    if as_json:
        print_json({"state": state, "fix": fix, **plain(asdict(found))})
        return
    out.print(f"state     {escape(state)}{escape(f' ({fix})' if fix else '')}")
    out.print(f"folder    {escape(str(found.folder))}")
    out.print(f"serving   {generation_line(found.current)}{' · pinned' if found.is_pinned else ''}")
    out.print(f"previous  {generation_line(found.previous)}")
    if found.is_pinned:
        out.print("Pinned: served whatever the sources say, until the next `askali index`.")


@indexes.command(epilog="Example: askali index verify reports/")
def verify(path: Place = None) -> None:
    """Check every document, span and vector of the index, in a process of its own."""
    from askali.index import verify_current
    from askali.ingestion import place_of
    from askali.sources import index_name

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
    from askali.ingestion import place_of
    from askali.sources import index_name

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
    from askali.ingestion import Progress
    from askali.ingestion import rebuild as rebuild_index

    settings = _settings(path)
    rebuild_index(settings, _encoder(settings), Progress(on_embed=progress())).close()
    _tell_serving(settings)


@indexes.command(epilog="Example: askali index forget reports/")
def forget(path: Place = None) -> None:
    """Remove the previous generation, and with it all text that is no longer indexed."""
    from askali.index import forget_previous
    from askali.ingestion import place_of
    from askali.sources import index_name

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
    from askali.ingestion import Progress, refresh

    shown = Progress(progress("looking at files"), progress())
    found = refresh(settings, encoder, shown)
    with found.index:
        if as_json:
            print_json(summary(found))
        else:
            print_summary(found)
    return bool(found.corpus.skipped)


def _tell_serving(settings: Settings) -> None:
    from askali.index import index_status
    from askali.sources import index_name

    found = index_status(settings.home, index_name(settings))
    pinned = " · pinned until the next `askali index`" if found.is_pinned else ""
    out.print(f"serving {generation_line(found.current)}{pinned}")


def _settings(path: str | None) -> Settings:
    from askali.settings import Settings

    return Settings.load(corpus=path)


def _encoder(settings: Settings) -> Any:
    from askali.models.encoders import open_encoder

    return open_encoder(settings)
