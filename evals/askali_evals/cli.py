"""``askali eval``: run the gate, turn bad answers into cases, measure on public sets."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from askali import AskaliError, Assistant
from askali.serving.cli.console import Screen
from askali_evals.benchmarks.bench import run_bench
from askali_evals.cases.facts import evals_folder
from askali_evals.cases.proposals import Proposals, write_drafts
from askali_evals.cases.review_queue import (
    VERDICTS,
    add_pending,
    new_pending,
    pending_file,
    promote,
    read_pending,
    remove_pending,
)
from askali_evals.cases.reviewing import review
from askali_evals.errors import EvalError
from askali_evals.reports.figures import bench_table, write_figures
from askali_evals.reports.files import write_reports
from askali_evals.reports.numbers import write_numbers
from askali_evals.reports.terminal import print_report
from askali_evals.running.factory import home_folder
from askali_evals.running.gate_run import Plan, carry_out, facts_beside
from askali_evals.running.run import code_version
from askali_evals.running.watching import Live

app = typer.Typer(
    help="May this go out? Asks every question, checks the gate. Exit code 0: GO, or a part was "
    "asked, which decides nothing. 1: NO-GO, a promise is broken or it is worse than the last "
    "release. 2: the command is mistyped. 9: it could not be said; the reason is told.",
    invoke_without_command=True,
    no_args_is_help=False,
)
_out, _err = Screen(), Screen(stderr=True)
_PLAIN: dict[str, Any] = {"highlight": False, "soft_wrap": True}

Llm = Annotated[str | None, typer.Option("--llm", help='Engine to test; "none", quotes, if unset.')]
Home = Annotated[Path | None, typer.Option("--home", help="askali's folder (ASKALI_HOME).")]
Docs = Annotated[Path | None, typer.Option(help="Your own documents, a file or folder.")]
Facts = Annotated[
    Path | None, typer.Option(help="Questions for --docs; DOC.facts.yaml beside it if unset.")
]
GateFile = Annotated[Path | None, typer.Option(help="File of bounds; evals/gate.toml if unset.")]
Baseline = Annotated[
    Path | None, typer.Option(help="Run to compare with; baseline.json beside the facts if unset.")
]
NoBaseline = Annotated[bool, typer.Option("--no-baseline", help="Compare with none.")]
Why = Annotated[
    str | None,
    typer.Option("--accept", metavar="WHY", help="Make this run the new baseline, for a reason."),
]
Earlier = Annotated[
    Path | None,
    typer.Option("--from", help="Ask nothing: judge the eval.json of an earlier --out."),
]
Out = Annotated[Path | None, typer.Option(help="Folder for eval.html, .md and .json.")]
Only = Annotated[
    str | None, typer.Option(help="Only this tag, shape, id or document; decides nothing.")
]
Budget = Annotated[
    str | None, typer.Option(help="Time to spend, like 10m: a sample, the same each time.")
]
Jobs = Annotated[
    int | None,
    typer.Option(min=1, help="Processes that ask; if unset, one a processor for quotes, else 1."),
]
Strict = Annotated[bool, typer.Option("--strict", help="Ambitions block as well.")]


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except AskaliError as exc:
        _tell(str(exc))
        raise typer.Exit(exc.exit_code) from exc
    except OSError as exc:
        place = exc.filename or "the disk of --out, or of askali's folder"  # full: no name is given
        _tell(f"{place}: {exc.strerror}; name a place that can be written, or free it")
        raise typer.Exit(EvalError.exit_code) from exc


def _tell(problem: str) -> None:
    _err.print(f"[red]error:[/] {escape(problem)}", **_PLAIN)


@app.callback()
def run(
    context: typer.Context,
    llm: Llm = None,
    home: Home = None,
    docs: Docs = None,
    facts: Facts = None,
    gate: GateFile = None,
    baseline: Baseline = None,
    no_baseline: NoBaseline = False,
    why: Why = None,
    earlier: Earlier = None,
    out: Out = None,
    only: Only = None,
    budget: Budget = None,
    jobs: Jobs = None,
    strict: Strict = False,
) -> None:
    """Ask every question, print what was found, and exit with 1 for NO-GO.

    A run that is killed goes on where it was when it is called again.
    """
    for stream in (sys.stdout, sys.stderr):  # a pipe in another code page, or LANG=C
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    if context.invoked_subcommand:
        return
    # fmt: off
    plan = Plan(
        llm=llm or "none", home=home, docs=docs, facts=facts, gate=gate, baseline=baseline,
        ignores_baseline=no_baseline, why=why, only=only, budget=budget, out=out,
        is_strict=strict, earlier=earlier, jobs=jobs,
    )
    # fmt: on
    with _told():
        with Live(_err) as live:
            report = carry_out(plan, live)
        print_report(report, _out)
        for path in write_reports(report, out) if out else []:
            _err.print(f"wrote {path}", **_PLAIN)
        if why is not None:
            _out.print(f"accepted: {plan.accept(report)}", **_PLAIN)
    if report.state == "stop" and why is None:
        raise typer.Exit(1)


@app.command()
def add(
    question: Annotated[str, typer.Argument(help="The question that went wrong.")],
    expect: Annotated[list[str] | None, typer.Option(help="What a right answer says.")] = None,
    evidence: Annotated[list[str] | None, typer.Option(help="Exact words of the source.")] = None,
    after: Annotated[list[str] | None, typer.Option(help="A question asked before it.")] = None,
    verdict: Annotated[str, typer.Option(help=", ".join(VERDICTS))] = "wrong_answer",
    note: Annotated[str, typer.Option(help="Anything a reviewer should know.")] = "",
    home: Home = None,
) -> None:
    """Keep a question as a pending case."""
    with _told():
        if verdict not in VERDICTS:
            raise EvalError(f"verdict {verdict!r}; known: {', '.join(VERDICTS)}")
        path = pending_file(home_folder(home))
        case = new_pending(
            question,
            taken={waiting.id for waiting in read_pending(path)},
            verdict=verdict,
            note=note,
            expect=tuple(expect or ()),
            evidence=tuple(evidence or ()),
            history=tuple(after or ()),
        )
        add_pending(path, case)
        _out.print(
            f"pending: {case.id}  (askali eval pending, askali eval promote {case.id})", **_PLAIN
        )


@app.command()
def pending(home: Home = None) -> None:
    """List the questions that wait for review."""
    with _told():
        path = pending_file(home_folder(home))
        waiting = read_pending(path)
        for case in waiting:
            head = f"[bold]{escape(case.id)}[/]  {case.verdict}  {case.created}"
            _out.print(head, highlight=False)
            for name, told in case.told():
                _out.print(f"  [dim]{name:9}[/] {escape(told)}", **_PLAIN)
        _out.print(f"{len(waiting)} pending in {path}", **_PLAIN)
        if waiting:
            _out.print(f"next: askali eval promote {waiting[0].id}", highlight=False)


@app.command("promote")
def promote_case(
    case_id: Annotated[str, typer.Argument(help="An id from `askali eval pending`.")],
    facts: Annotated[Path | None, typer.Option(help="Facts file to append to.")] = None,
    home: Home = None,
) -> None:
    """Move a pending case into a facts file; incomplete ones stay unreviewed there."""
    with _told():
        path = pending_file(home_folder(home))
        found = [case for case in read_pending(path) if case.id == case_id]
        if not found:
            raise EvalError(f"no pending case {case_id!r} in {path}; see: askali eval pending")
        target = facts or evals_folder() / "facts" / "article.yaml"
        case = promote(found[-1], target)
        remove_pending(path, case_id)
        state = "it counts now" if case.reviewed else "fill in what is missing, then it counts"
        _out.print(f"{case.where}: {case.id}; {state}", **_PLAIN)


@app.command()
def init(
    docs: Annotated[Path, typer.Argument(help="Documents, a file or folder.")],
    facts: Annotated[
        Path | None, typer.Option(help="Facts file; DOC.facts.yaml beside it if unset.")
    ] = None,
    count: Annotated[int, typer.Option(min=1, help="How many proposals.")] = 30,
    confirm: Annotated[
        bool | None,
        typer.Option(help="Go through them here; if unset, in a terminal only."),
    ] = None,
    page: Annotated[bool, typer.Option("--page", help="Go through them in a browser.")] = False,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of --page.")] = 7860,
    home: Home = None,
) -> None:
    """Propose questions with answers and spans, to confirm or strike out one by one.

    Each decision is kept at once; called again, it goes on with what is left. What nobody has
    gone through has `reviewed: false` in the file and is not asked.
    """
    with _told():
        if not docs.exists():
            raise EvalError(f"{docs}: no such file or folder; name the documents to ask")
        target = facts or facts_beside(docs)
        asks = f"askali eval --docs {docs}" + (f" --facts {facts}" if facts else "")
        with Assistant.open(corpus=docs, llm="none", home=home) as bot:
            if not target.exists():
                write_drafts(bot.documents, target, count)
            proposals = Proposals(target, bot.documents, asks)
            if not proposals.waiting():
                raise EvalError(f"{target}: nothing waits for review; name another with --facts")
            if page:
                from askali_ui import serve  # Gradio takes seconds to load

                serve(bot, port=port, proposals=proposals)
            elif sys.stdin.isatty() if confirm is None else confirm:
                review(proposals, _out)
        left = len(proposals.waiting())
        _out.print(f"{proposals.kept()} confirmed, {left} to review in {target}", **_PLAIN)
        if left:
            _out.print(f"go on: askali eval init {docs}, in a browser with --page", **_PLAIN)
        if proposals.kept():
            _out.print(f"next: {asks}", **_PLAIN)


@app.command()
def bench(
    path: Annotated[
        Path | None, typer.Option(help="Folder with the public sets as JSON Lines; needed.")
    ] = None,
    sets: Annotated[list[str] | None, typer.Option("--set", help="Only these sets.")] = None,
    limit: Annotated[int, typer.Option(min=0, help="Questions of each set; 0 is all.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Keep the figures in this JSON file.")] = None,
    llm: Llm = None,
    home: Home = None,
) -> None:
    """Measure on public question sets and print a Markdown table."""
    with _told():
        if path is None:
            raise EvalError("bench needs --path FOLDER, with the public sets as NAME.jsonl")
        settings: dict[str, Any] = {"llm": llm or "none", "home": home}
        figures = list(run_bench(path, sets or (), limit, settings, _tell_set))
        if out:
            write_figures(figures, out, {"code": code_version(), "llm": settings["llm"]})
        _out.print(bench_table(figures), markup=False, **_PLAIN)


def _tell_set(name: str) -> None:
    _err.print(f"measuring {name} …", highlight=False)


@app.command()
def numbers() -> None:
    """Write README's and docs' tables from evals/baseline.json and evals/bench.json."""
    with _told():
        changed = write_numbers(evals_folder())
        _out.print("\n".join(map(str, changed)) or "nothing changed", highlight=False)
