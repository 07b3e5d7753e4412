"""``askali chat``: question after question, and the commands between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.markup import escape

from askali.domain import Shape
from askali.errors import AskaliError, QuestionError, StorageError
from askali.serving.cli.console import out, print_answer, print_error, watched

if TYPE_CHECKING:
    from askali.assistant import Assistant
    from askali.domain import Answer

HELP = """\
/as SHAPE          answer in a form of your choice, such as list, summary, timeline; /as alone
                   leaves it to askali again
/again             the last question once more, after /as or /only
/documents         the documents; those that are asked have a mark
/only NAME         ask only this document (id, file or title); once more for another one too;
                   /only alone asks all again
/add PATH          read a file or folder of your own, for this conversation
/why               what was found for the last answer, and what became of it
/save FILE         keep the conversation as .html, .md or .json
/new               forget the conversation
/help              this list; an empty line ends, and so does "exit" """
_ENDS = ("exit", "quit", "bye")


@dataclass(slots=True)
class Chat:
    """A conversation with an assistant: what was said, which documents and which shape."""

    assistant: Assistant
    documents: list[str] = field(default_factory=list)
    shape: Shape | None = None
    history: list[dict[str, str]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    def run(self) -> None:
        """Until an empty line or the end of the input."""
        titles = ", ".join(document.title for document in self.assistant.documents.values())
        told = f"Asking {titles[:200]}. An empty line ends, /help lists commands."
        out.print(f"[dim]{escape(told)}[/dim]")
        while (typed := _prompt()) and typed.lower().strip("/ ") not in _ENDS:
            try:
                if typed.startswith("/"):
                    self._command(*typed.split(maxsplit=1))
                else:
                    self._ask(typed)
            except AskaliError as exc:
                print_error(exc)

    def _ask(self, question: str) -> None:
        shaped: dict[str, Any] = {"shape": self.shape} if self.shape else {}
        events = self.assistant.stream(
            question, self.history, documents=self.documents or None, **shaped
        )
        answer = watched(events)
        print_answer(answer)
        self.answers.append(answer)
        self.history += [
            {"role": "user", "content": question},
            {"role": "assistant", "content": answer.text},
        ]

    def _command(self, name: str, rest: str = "") -> None:
        if name == "/as":
            self.shape = shape_named(rest.strip()) if rest else None
            _say(f"Answers as {self.shape}." if self.shape else "Answers as the question wants.")
        elif name == "/only":
            named = [*self.documents, rest.strip()] if rest else []
            self.assistant.search("x", 1, documents=named or None)  # raises for an unknown one
            self.documents = named
            _say(f"Asking only {', '.join(named)}." if named else "Asking all documents.")
        elif name == "/documents":
            self._list()
        elif name in ("/add", "/save") and not rest:
            raise QuestionError(f"{name} wants a name; write {name} notes.md")
        elif name == "/add":
            self._add(Path(rest.strip()).expanduser())
        elif name == "/again":
            if not self.answers:
                raise QuestionError("there is no answer yet; ask a question first")
            del self.history[-2:]
            self._ask(self.answers[-1].question)
        elif name == "/why":
            self._why()
        elif name == "/save":
            self._save(Path(rest.strip()).expanduser())
        elif name == "/new":
            self.history.clear()
            self.answers.clear()
            _say("The conversation begins anew.")
        elif name == "/help":
            out.print(escape(HELP))
        else:
            raise QuestionError(f"there is no command {name}; /help lists them")

    def _add(self, path: Path) -> None:
        from askali.documents import load_documents

        read = load_documents(path)
        self.assistant = self.assistant.with_documents(read)
        _say(f"Added {', '.join(document.title for document in read)}.")

    def _why(self) -> None:
        if not self.answers:
            raise QuestionError("there is no answer yet; ask a question first")
        answer = self.answers[-1]
        for hit in answer.evidence:
            span = range(hit.passage.start, hit.passage.end)
            cites = [
                f"[{c.number}]"
                for c in answer.citations
                if c.document_id == hit.passage.document_id and c.start in span
            ]
            used = " ".join(cites) or "not used"
            shown = " ".join(hit.passage.text.split())[:160]
            out.print(escape(f"{used} · {hit.title} {span.start}–{span.stop}: {shown}"))
        _say(f"{100 * answer.confidence:.0f} % likely that the source states it, by an estimate.")

    def _save(self, path: Path) -> None:
        from askali_ui.conversation import Conversation, Exchange
        from askali_ui.export import FORMATS

        kind = path.suffix.lstrip(".")
        if kind not in FORMATS:
            raise QuestionError(f"no format {kind!r}; end the name in .{', .'.join(FORMATS)}")
        kept = Conversation(tuple(Exchange(str(n), a) for n, a in enumerate(self.answers)))
        try:
            path.write_text(FORMATS[kind][1](kept, self.assistant.documents), "utf-8")
        except OSError as exc:
            told = f"{path} cannot be written ({exc.strerror}); name another file"
            raise StorageError(told) from exc
        _say(f"Saved {len(self.answers)} answers in {path}.")

    def _list(self) -> None:
        asked = {name.lower() for name in self.documents}
        for document in self.assistant.documents.values():
            names = {document.id.lower(), document.source.lower(), document.title.lower()}
            mark = "·" if asked and not asked & names else "•"
            told = " · ".join(filter(None, (document.title, document.shown_date, document.id)))
            out.print(escape(f"{mark} {told}"))


def shape_named(name: str) -> Shape:
    """The shape of that name; raises `QuestionError`."""
    try:
        return Shape(name.lower().replace("-", "_"))
    except ValueError as exc:
        raise QuestionError(f"no shape {name!r}; one of: {', '.join(Shape)}") from exc


def shapes_beginning(typed: str) -> Sequence[str]:
    """For the shell's completion."""
    return [shape for shape in Shape if shape.startswith(typed)]


def _say(text: str) -> None:
    out.print(f"[dim]{escape(text)}[/dim]")


def _prompt() -> str:
    try:
        return out.input("[bold]›[/bold] ").strip()
    except EOFError:
        return ""
