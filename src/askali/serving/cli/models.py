"""``askali models``: list, fetch, fit and remove the local models."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from askali.serving.cli.console import err, out

app = typer.Typer(help="List, fetch, fit and remove local models.", invoke_without_command=True)

Name = Annotated[str | None, typer.Argument(help="A name from the list; the default if unset.")]


@app.callback(epilog="Example: askali models fetch qwen2.5-coder-1.5b")
def _list(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON array.")] = False,
) -> None:
    """List the local models: licence, size, whether fetched, what uses them."""
    if context.invoked_subcommand:
        return
    rows = [_row(name) for name in _catalogue()]
    if as_json:
        sys.stdout.write(json.dumps(rows, indent=2) + "\n")
        return
    for row in rows:
        out.print(f"[bold]{escape(row['name'])}[/bold]  {escape(row['title'])}")
        out.print(f"    licence {row['licence']}, {escape(row['size'])}")
        out.print(f"    {escape(row['state'])}; used by {escape(row['used_by'])}")


@app.command(epilog="Interrupted, it goes on where it stopped the next time.")
def fetch(name: Name = None) -> None:
    """Download, check and convert a model, once; needs some GB of disk while it does."""
    from askali.models.registry import DEFAULT, known
    from askali.models.registry import fetch as fetch_it

    chosen = known(name or DEFAULT)
    err.print(
        f"{escape(chosen.name)}: {chosen.bytes / 1e9:.1f} GB to download, "
        f"{chosen.needed_bytes / 1e9:.1f} GB of disk while fetching, "
        f"{chosen.converted_bytes / 1e9:.1f} GB afterwards"
    )
    with _Bar() as show:
        folder = fetch_it(chosen.name, _home(), show)
    out.print(f"ready: {escape(str(folder))}")


@app.command(epilog="Example: askali models fit bench --llm local:qwen2.5-coder-1.5b --minutes 60")
def fit(
    bench: Annotated[Path, typer.Argument(help="Folder with squad2.jsonl, xquad_en.jsonl.")],
    llm: Annotated[str, typer.Option(help="The local model to fit.")] = "local",
    limit: Annotated[int, typer.Option(help="Answerable questions of each set.")] = 40,
    minutes: Annotated[float, typer.Option(help="Fit on what is read by then.")] = 600.0,
    replies: Annotated[Path | None, typer.Option(help="Where its replies are kept.")] = None,
    write: Annotated[bool, typer.Option(help="Use the fit: into calibration.json.")] = False,
) -> None:
    """Fit how sure askali may be of a local model's readings, on open questions, and print its
    measured quality; takes hours on two cores."""
    import runpy

    from askali.errors import SettingsError

    missing = [n for n in ("squad2", "xquad_en") if not (bench / f"{n}.jsonl").is_file()]
    if missing:
        raise SettingsError(
            f"no {' and '.join(f'{name}.jsonl' for name in missing)} in {bench}; fitting needs "
            'SQuAD 2.0 and XQuAD in the form of docs/evaluation.md, "Calibration"'
        )
    script = Path(__file__).parents[4] / "evals" / "calibrate_reading.py"
    if not script.is_file():
        raise SettingsError(
            "fitting is no part of the installed package: it is evals/calibrate_reading.py of "
            "askali's source; clone it, `pip install -e .` there, and run this command again"
        )
    kept = replies or Path(f"replies-{llm.replace(':', '-')}.jsonl")
    asked = [str(bench), "--llm", llm, "--replies", str(kept)]
    asked += ["--limit", str(limit), "--minutes", str(minutes), *(["--write"] if write else [])]
    sys.argv, sys.path[:0] = [str(script), *asked], [str(script.parent)]
    runpy.run_path(str(script), run_name="__main__")


@app.command()
def remove(name: Annotated[str, typer.Argument(help="A name from the list.")]) -> None:
    """Delete a model from this machine."""
    from askali.models.registry import remove as remove_it

    out.print("removed" if remove_it(name, _home()) else "it was not here")


def _row(name: str) -> dict[str, str]:
    from askali.errors import WeightsError
    from askali.models.registry import DEFAULT, known, model_folder

    model = known(name)
    try:
        folder = model_folder(name, _home())
        state = f"fetched: {folder}" if folder else f"not fetched; run: askali models fetch {name}"
    except WeightsError as exc:
        state = str(exc)
    used = f"llm=local:{name}" + (" and llm=local" if name == DEFAULT else "")
    size = f"{model.bytes / 1e9:.1f} GB download, {model.converted_bytes / 1e9:.1f} GB on disk"
    return {
        "name": name,
        "title": model.title,
        "licence": model.licence,
        "size": size,
        "state": state,
        "used_by": used,
    }


def _catalogue() -> list[str]:
    from askali.models.registry import CATALOGUE

    return list(CATALOGUE)


def _home() -> Any:
    from askali.settings import Settings

    return Settings.load().home


class _Bar:
    """A bar with rate and time left in a terminal; a line every tenth elsewhere."""

    def __enter__(self) -> Callable[[int, int, str], None]:
        from rich.progress import (
            BarColumn,
            DownloadColumn,
            Progress,
            TimeRemainingColumn,
            TransferSpeedColumn,
        )

        columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
        self._bar = Progress("{task.description}", *columns, console=err)
        self._tasks: dict[str, Any] = {}
        self._said = ""
        return self._show if err.is_terminal else self._say

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def _show(self, done: int, total: int, what: str) -> None:
        self._bar.start()
        if what not in self._tasks:
            # What an earlier fetch left does not count into the rate.
            counts = total if what == "fetching" else None
            self._tasks[what] = self._bar.add_task(what, completed=done, total=counts)
        self._bar.update(self._tasks[what], completed=done)

    def _say(self, done: int, total: int, what: str) -> None:
        line = f"{what} {done * 10 // total * 10} %" if what == "fetching" else what
        if line != self._said:
            err.print(line)
            self._said = line
