"""Find and load the facts: which file belongs to which documents, and is its evidence there.

The facts of the article are ``facts/article.yaml``, asked of ``corpus/`` beside
the evals folder; ``facts/NAME.yaml`` is asked of ``documents/NAME.*``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

import askali
from askali import Document
from askali_evals.cases.case import Case, Suite
from askali_evals.cases.natural import load_natural
from askali_evals.cases.schema import read_cases
from askali_evals.errors import FactsError
from askali_evals.scoring.spans import find, sentences
from askali_evals.scoring.text import fold, words

MANY_PLACES = 3
"""Evidence that stands in more places than this is too short to tell them apart."""

_PLAIN = (".txt", ".rst")  # what is read as it stands


def evals_folder() -> Path:
    """The folder with facts/ and gate.toml: of the checkout, or as packed into the wheel."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package.parent, package, Path.cwd() / "evals"):
        if (folder / "facts").is_dir() or (folder / "gate.toml").is_file():
            return folder
    raise FactsError(f"no facts found beside {package}; name your own with --docs DIR --facts FILE")


def load_cases(path: Path) -> tuple[Case, ...]:
    """The cases of one file; raises `FactsError` with file:line for every problem."""
    cases = tuple(read_cases(path))
    if not cases:
        raise FactsError(f"{path}:1: no case in it; askali eval init DOC drafts some")
    return cases


def load_suites(folder: Path) -> tuple[Suite, ...]:
    """Every facts file of an evals folder with its documents, then the natural questions."""
    files = sorted(p for p in (folder / "facts").glob("*") if p.suffix in (".yaml", ".jsonl"))
    suites = tuple(Suite(p.stem, load_cases(p), p, _documents(folder, p.stem)) for p in files)
    if not suites:
        raise FactsError(f"{folder / 'facts'}: no .yaml or .jsonl file with cases")
    return (*suites, *load_natural(folder / "natural"))


def _documents(folder: Path, name: str) -> Path:
    if name == "article":
        corpus = folder.parent / "corpus"  # of a checkout; the wheel has it in the package
        return corpus if corpus.is_dir() else Path(askali.__file__).parent / "corpus"
    matches = [p for p in (folder / "documents").glob(f"{name}*") if p.stem == name]
    matches = [p for p in matches if p.is_dir() or p.suffix != ".toml"]
    if len(matches) != 1:
        raise FactsError(
            f"{folder / 'facts' / name}.yaml:1: exactly one document "
            f"{folder / 'documents' / name}.* is expected, {len(matches)} found; put it there, or "
            "delete the questions"
        )
    return matches[0]


def check_evidence(cases: Iterable[Case], documents: Mapping[str, Document]) -> None:
    """Raises `FactsError` for every piece of evidence that is not verbatim in the documents."""
    problems = []
    for case in (case for case in cases if case.points is None):
        for quote in (quote for line in case.evidence for quote in line):
            places = len(find(quote, documents))
            if places == 0:
                problems.append(
                    f"{case.where}: {case.id}: not in the documents: {quote!r}; quote it as it "
                    f"stands there now{_nearest(quote, documents)}"
                )
            elif places > MANY_PLACES:
                problems.append(
                    f"{case.where}: {case.id}: stands in {places} places, quote more: {quote!r}"
                )
    if problems:
        raise FactsError("\n".join(problems))


def _nearest(quote: str, documents: Mapping[str, Document]) -> str:
    """The sentence that the quote may be meant to be from, to be told; "" where none is like it."""
    texts = [d.text[a:b] for d in documents.values() for a, b in sentences(d.text)]
    wanted = set(words(fold(quote)))
    best = max(texts, key=lambda text: len(wanted & set(words(fold(text)))), default="")
    shared = len(wanted & set(words(fold(best))))
    return f"; nearest: {best!r}" if 2 * shared >= len(wanted) > 0 else ""


def plain_texts(documents: Path | None) -> dict[str, Document] | None:
    """The documents as they are on disk, read without askali; None where any is not plain text."""
    if documents is None:
        return None
    files = [documents] if documents.is_file() else sorted(documents.rglob("*"))
    files = [p for p in files if p.is_file() and p.suffix != ".toml" and p.name[0] != "."]
    if not files or any(p.suffix not in _PLAIN for p in files):
        return None
    texts = {p: p.read_text(encoding="utf-8-sig", errors="replace") for p in files}
    return {str(p): Document(str(p), p.stem, text) for p, text in texts.items()}


def material(suites: Iterable[Suite]) -> dict[str, dict[str, str]]:
    """Fingerprints of the facts and of the sources, each by suite."""
    suites = tuple(suites)
    return {
        "facts": {suite.name: fingerprint(suite.facts) for suite in suites},
        "sources": {suite.name: fingerprint(suite.documents) for suite in suites},
    }


def fingerprint(path: Path | None) -> str:
    """SHA-256 over the names and bytes of a file or folder, short; "" for None."""
    if path is None:
        return ""
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    digest = hashlib.sha256()
    for file in files:
        name = file.name if file == path else file.relative_to(path).as_posix()
        digest.update(name.encode("utf-8", "surrogateescape") + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]
