"""The command line: a thin front over `Assistant`; the only place that prints errors."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer
from rich.markup import escape

from askali.errors import AskaliError
from askali.serving.cli.chat import Chat, shape_named, shapes_beginning
from askali.serving.cli.console import out, print_answer, print_error, print_json, progress, watched
from askali.serving.cli.index import indexes

EPILOG = (
    "Exit codes: 0 answered or abstained · 2 wrong command line · 3 setting · 4 question · "
    "5 document · 6 weights · 7 index or disk · 8 model · 9 indexed, some files skipped · "
    "130 interrupted"
)

app = typer.Typer(
    name="askali",
    help="Ask a document; get short answers whose every claim cites its exact words.",
    epilog=EPILOG,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(indexes, name="index")

KEEP_MODEL_S = 300.0
"""So long a local model waits for the next question from the shell."""

Corpus = Annotated[
    str | None,
    typer.Option("--corpus", "-c", help="File or folder to ask; the bundled article if unset."),
]
Within = Annotated[
    list[str] | None,
    typer.Option("--document", "-d", help="Ask only this document: id, file or title; repeatable."),
]
Llm = Annotated[
    str | None,
    typer.Option(
        "--llm",
        help='Who answers: "none" quotes, "local" reads first, "auto" decides; or a chat model '
        'such as "ollama:qwen3" or "openai:gpt-5", whose claims are checked before they show.',
    ),
]
BaseUrl = Annotated[
    str | None,
    typer.Option(
        "--base-url",
        help="Address of an OpenAI-compatible server that has the model of --llm, such as "
        "http://127.0.0.1:8080/v1; its key, if any, is OPENAI_API_KEY.",
    ),
]
As = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="SHAPE",
        help="Form of the answer: fact, list, count, summary, compare, timeline, extract …; "
        "as the question wants if unset.",
        autocompletion=shapes_beginning,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]


@app.callback(invoke_without_command=True)
def _top(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        from askali import __version__

        out.print(__version__)
        raise typer.Exit


@app.command(epilog="Example: askali ask 'how much is invested over three years'")
def ask(
    question: Annotated[list[str], typer.Argument(help="The question; quotes are optional.")],
    corpus: Corpus = None,
    document: Within = None,
    llm: Llm = None,
    base_url: BaseUrl = None,
    shape: As = None,
    as_json: AsJson = False,
) -> None:
    """Answer one question with citations, or say that the source does not."""
    from askali.query.validation import clean
    from askali.settings import Settings

    asked = " ".join(question)
    clean(asked, Settings.load().max_question_chars)  # before anything slow is loaded
    shaped: dict[str, Any] = {"shape": shape_named(shape)} if shape else {}
    with _open(corpus, llm, base_url) as assistant:
        answer = watched(assistant.stream(asked, documents=document or None, **shaped))
    if as_json:
        print_json(answer.to_dict())
    else:
        print_answer(answer)


@app.command(epilog="Example: askali chat --corpus reports/")
def chat(
    corpus: Corpus = None,
    document: Within = None,
    llm: Llm = None,
    base_url: BaseUrl = None,
    shape: As = None,
) -> None:
    """Ask question after question; "why?" is understood, /help lists commands."""
    with _open(corpus, llm, base_url) as assistant:
        assistant.read_ahead()
        Chat(assistant, list(document or ()), shape_named(shape) if shape else None).run()


@app.command(epilog="Example: askali search 'chip companies' -k 3")
def search(
    query: Annotated[list[str], typer.Argument(help="What to look for.")],
    corpus: Corpus = None,
    document: Within = None,
    k: Annotated[int, typer.Option("-k", min=1, max=200, help="How many passages.")] = 5,
    as_json: AsJson = False,
) -> None:
    """List the passages that are nearest to a query, best first."""
    from dataclasses import asdict

    with _open(corpus, "none") as assistant:
        hits = assistant.search(" ".join(query), k, documents=document or None)
    if as_json:
        print_json([asdict(hit) for hit in hits])
        return
    for number, hit in enumerate(hits, start=1):
        page = f"page {hit.page}, " if hit.page else ""
        about = " · ".join(part for part in (hit.title, hit.date) if part)
        span = f"{page}{hit.passage.start}–{hit.passage.end}"
        where = f"{about} · {hit.passage.document_id} {span}"
        ranks = f"dense {hit.dense_rank or '–'}, lexical {hit.lexical_rank or '–'}"
        out.print(f"[bold]{number}.[/bold] [dim]{escape(where)} · {ranks}[/dim]")
        out.print(escape(" ".join(hit.passage.text.split())), end="\n\n")


@app.command(epilog="Example: askali doctor --corpus reports/")
def doctor(corpus: Corpus = None, as_json: AsJson = False) -> None:
    """Look for what could keep askali from answering, and name each fix."""
    from dataclasses import asdict

    from askali.serving.cli.doctor import examine
    from askali.settings import Settings

    checks = list(examine(Settings.load(corpus=corpus)))
    if as_json:
        print_json([asdict(check) for check in checks])
    else:
        for check in checks:
            mark = "[green]ok[/green]  " if check.is_ok else "[red]FAIL[/red]"
            out.print(f"{mark} {check.name:8} {escape(check.found)}")
            if not check.is_ok:
                out.print(f"              fix: {escape(check.fix)}")
    if not all(check.is_ok for check in checks):
        raise typer.Exit(1)


@app.command(epilog="Example: askali ui --port 7860")
def ui(
    corpus: Corpus = None,
    llm: Llm = None,
    base_url: BaseUrl = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 7860,
    password: Annotated[
        str,
        typer.Option(envvar="ASKALI_PASSWORD", help="Asked for at the door; for other hosts."),
    ] = "",
    name: Annotated[
        list[str] | None, typer.Option(help="Another host name to answer to, behind a proxy.")
    ] = None,
    path: Annotated[str, typer.Option(help="Where a proxy shows it, such as /tools/askali.")] = "",
) -> None:
    """Open the reading room in a browser: chat and source side by side.

    Only this machine can open it. For others give --host, such as 0.0.0.0, and a password.
    """
    from askali_ui.bind_policy import check_reach

    check_reach(host, name or (), password)  # before anything slow is loaded
    with _open(corpus, llm, base_url) as assistant:
        from askali_ui import serve

        assistant.read_ahead()
        serve(assistant, host=host, port=port, hosts=name or (), password=password, path=path)


@app.command(epilog="Example: askali mcp --corpus reports/")
def mcp(corpus: Corpus = None, llm: Llm = None, base_url: BaseUrl = None) -> None:
    """Offer the documents as tools to the program that starts this (MCP, stdio)."""
    from askali.serving.http.mcp import serve_stdio

    with _open(corpus, llm, base_url) as assistant:
        assistant.read_ahead()
        serve_stdio(assistant)


@app.command(epilog="Example: askali bench --questions 200")
def bench(
    questions: Annotated[int, typer.Option(min=10, help="Warm questions to time.")] = 200,
    runs: Annotated[int, typer.Option(min=1, help="Runs of all else; the median counts.")] = 5,
    as_json: AsJson = False,
) -> None:
    """Time start-up, indexing and quoting on this machine; prints a table.

    The article that comes with askali is asked, without a model, whatever your settings say.
    """
    from askali.serving.cli.bench import measure

    rows = measure(questions, runs)
    if as_json:
        print_json(rows)
        return
    out.print("[bold]The article that comes with askali, quotes alone[/bold]")
    for row in rows:
        out.print(f"{row['what']:48} {row['value']:>10} {row['unit']}")


def main() -> None:
    """Run the command line; every error of ours becomes one line and an exit code."""
    _mount()
    try:
        app()
    except AskaliError as exc:
        print_error(exc)
        sys.exit(exc.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)


def _mount() -> None:
    """Add the commands that have files of their own; evals only where they are meant."""
    from askali.serving.cli.models import app as models

    app.add_typer(models, name="models")
    if "eval" in sys.argv[1:2]:
        from askali_evals.cli import app as evals

        app.add_typer(evals, name="eval")
    else:

        @app.command(name="eval")
        def _eval() -> None:
            """Run the release gate: may this go out?"""


def _open(
    corpus: str | None,
    llm: str | None,
    base_url: str | None = None,
) -> Any:
    """The assistant; a local model loads while the index is opened, and stays for the commands
    after this one. A page that runs has the same one, so that they are served by it."""
    from askali.models.serving import start_model
    from askali.settings import Settings

    given: dict[str, Any] = {"corpus": corpus, "llm": llm, "base_url": base_url}
    if "keep_model_s" not in Settings.load().model_fields_set:
        given["keep_model_s"] = KEEP_MODEL_S
    start_model(Settings.load(**given))
    from askali.assistant import Assistant

    on_read = progress("looking at files")
    return Assistant.open(on_progress=progress(), on_read=on_read, **given)


if __name__ == "__main__":
    main()
