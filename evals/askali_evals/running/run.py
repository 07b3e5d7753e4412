"""One run of the facts through a system under test, as deterministic JSON.

Two runs of the same code over the same facts and documents give the same bytes;
what the clock and the machine say stands apart under ``times``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import askali
from askali import Document
from askali_evals.benchmarks.injection import PlantResult, plant_jobs
from askali_evals.cases.case import Case, Suite
from askali_evals.cases.facts import check_evidence, material, plain_texts
from askali_evals.errors import EvalError
from askali_evals.running.jobs import Job, Known, Tell, run_jobs
from askali_evals.running.journal import Journal
from askali_evals.running.system import OpenDocuments, Opener, observe
from askali_evals.running.times import Times, Watch
from askali_evals.scoring.metrics import Measure, by_kind, measure, measure_planted, risk_curve
from askali_evals.scoring.result import CaseResult, score_case
from askali_evals.scoring.text import fold

FORMAT = 2
"""Version of the JSON; raised when a field changes its meaning."""

_MEND = 'write it anew: --accept "why" for a baseline, --out for a run'

Progress = Callable[[CaseResult | PlantResult], None]


@dataclass(frozen=True)
class Run:
    """Everything a run found. `facts` and `sources` are fingerprints by suite.

    `documents` are the texts by suite and id, for reports; they are not written. `accepted`
    says of a baseline when, why and at which commit it became one.
    """

    config: dict[str, str]
    facts: dict[str, str]
    sources: dict[str, str]
    stamps: dict[str, str]
    stale: tuple[str, ...]
    results: tuple[CaseResult, ...]
    planted: tuple[PlantResult, ...] = ()
    times: Times = field(default_factory=Times)
    documents: dict[str, dict[str, Document]] = field(default_factory=dict)
    accepted: dict[str, str] = field(default_factory=dict)

    @cached_property
    def measures(self) -> dict[str, Measure]:
        """Every measure by its name."""
        measures = {**measure(self.results), **measure_planted(self.planted)}
        errors = measures["error.errors"].value + sum(bool(r.error) for r in self.planted)
        asked = len(self.results) + len(self.planted)
        stale = Measure(len(self.stale), max(1, len(self.sources)))
        own = {"error.errors": Measure(errors, asked), "retrieval.stale_documents": stale}
        return {**measures, **own}

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, everything measured included."""
        return {
            "format": FORMAT,
            **({"accepted": self.accepted} if self.accepted else {}),
            "config": self.config,
            "facts": self.facts,
            "sources": self.sources,
            "stamps": self.stamps,
            "stale": list(self.stale),
            "measures": {name: asdict(m) for name, m in self.measures.items()},
            "kinds": {name: asdict(m) for name, m in by_kind(self.results).items()},
            "risk_coverage": risk_curve(self.results),
            "cases": [result.to_dict() for result in self.results],
            "planted": [asdict(result) for result in self.planted],
            "times": asdict(self.times),
        }

    def to_json(self) -> str:
        """The same bytes for the same run, times aside."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    def without_times(self) -> Run:
        """The part that is committed and compared; the hits would be half of the file."""
        results = tuple(replace(result, hits=()) for result in self.results)
        return replace(self, results=results, times=Times(), documents={})


def read_run(path: Path) -> Run:
    """A run from its JSON; raises `EvalError` when it is not one of this format."""
    if not path.is_file():
        raise EvalError(f"{path}: no such file; --accept writes a run there")
    try:
        text = path.read_text(encoding="utf-8")
        values = json.loads(text)
        if (found := values["format"]) != FORMAT:
            line = text[: text.find('\n "format":') + 1].count("\n") + 1
            raise EvalError(
                f"{path}:{line}: format {found}, this askali writes {FORMAT}; {_MEND}, or take "
                "the askali that wrote it"
            )
        names = ("config", "facts", "sources", "stamps")
        results = tuple(CaseResult.from_dict(case) for case in values["cases"])
        stale = tuple(values["stale"])
        planted = tuple(PlantResult(**result) for result in values["planted"])
        return Run(
            **{n: values[n] for n in names},
            stale=stale,
            results=results,
            planted=planted,
            accepted=dict(values.get("accepted", {})),
        )
    except json.JSONDecodeError as exc:
        raise EvalError(
            f"{path}:{exc.lineno}: not whole, or no JSON ({exc.msg}); restore it, or {_MEND}"
        ) from exc
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as exc:
        raise EvalError(f"{path}:1: not a run of askali eval ({exc!r}); {_MEND}") from exc


@dataclass(frozen=True, slots=True)
class Opened:
    """What the cases of one suite were asked of: the index's stamp, the documents, and those of
    them that are not as they are on disk."""

    stamp: str
    documents: dict[str, Document]
    stale: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SuiteJob:
    """Asks every counted case of a suite."""

    suite: Suite
    open_subject: Opener

    @property
    def size(self) -> int:
        """How many cases."""
        return len(self.suite.counted)

    @property
    def keys(self) -> list[str]:
        """One for each case; another when what is expected of it changes."""
        return [self._key(case) for case in self.suite.counted]

    def run(self, known: Known, tell: Tell) -> Opened:
        """Ask in order, tell (result, seconds) of each. Raises `FactsError` before the first
        where evidence is not verbatim in the documents."""
        suite, subject = self.suite, self.open_subject(self.suite)
        try:
            documents = subject.documents
            on_disk = plain_texts(suite.documents)
            check_evidence(suite.counted, on_disk if on_disk is not None else documents)
            for case in suite.counted:
                key = self._key(case)
                if entry := known.get(key):
                    tell(key, None, (CaseResult.from_dict(entry["result"]), entry["seconds"]))
                    continue
                seen = observe(subject, case)
                result = score_case(suite, case, seen, documents)
                entry = {"result": result.to_dict(), "seconds": seen.seconds}
                tell(key, entry, (result, seen.seconds))
            stale = tuple(f"{suite.name}: {name}" for name in _stale(on_disk, documents))
            return Opened(subject.stamp, dict(documents), stale)
        finally:
            subject.close()

    def _key(self, case: Case) -> str:
        return f"{self.suite.name}/{case.id}:{case.stamp}"


def jobs_of(
    suites: Sequence[Suite], open_subject: Opener, open_documents: OpenDocuments | None
) -> list[Job]:
    """What there is to ask: the suites in their order, then the planted instructions."""
    plants = plant_jobs(suites, open_documents) if open_documents else []
    return [*(SuiteJob(suite, open_subject) for suite in suites), *plants]


def run_suites(
    suites: Sequence[Suite],
    open_subject: Opener,
    *,
    config: Mapping[str, str],
    open_documents: OpenDocuments | None = None,
    on_result: Progress = lambda result: None,
    journal: Journal | None = None,
    at_once: int = 1,
) -> Run:
    """Ask every counted case of every suite, one system for each; `at_once` of them in
    processes of their own.

    With `open_documents`, instructions are planted as well: in documents of their own, and in
    those of the suite with most facts. What the journal knows is not asked again; what is
    asked is kept there. The order of results is that of the cases, however they came.
    """
    watch, found = Watch(), dict[str, CaseResult | PlantResult]()

    def hear(key: str, entry: dict[str, Any] | None, told: Any) -> None:
        if journal and entry is not None:
            journal.put(key, entry)
        result = told
        if isinstance(told, tuple):
            result, seconds = told
            watch.note(result.key, seconds)
        found[key] = result
        on_result(result)

    for suite in suites:  # what is wrong is told before the first question costs time
        if (on_disk := plain_texts(suite.documents)) is not None:
            check_evidence(suite.counted, on_disk)
    jobs = jobs_of(suites, open_subject, open_documents)
    known = journal.entries if journal else {}
    opened = run_jobs(jobs, known, hear, at_once)[: len(suites)]
    ordered = [found[key] for job in jobs for key in job.keys]
    over = material(suites)
    names = [suite.name for suite in suites]
    return Run(
        config={**config, "code": code_version()},
        facts=over["facts"],
        sources=over["sources"],
        stamps={name: each.stamp for name, each in zip(names, opened, strict=True)},
        stale=tuple(name for each in opened for name in each.stale),
        results=tuple(r for r in ordered if isinstance(r, CaseResult)),
        planted=tuple(r for r in ordered if isinstance(r, PlantResult)),
        times=watch.stop(),
        documents={name: each.documents for name, each in zip(names, opened, strict=True)},
    )


def _stale(on_disk: Mapping[str, Document] | None, documents: Mapping[str, Document]) -> list[str]:
    """The documents on disk whose text the system does not have: missing, or an older one."""
    known = {fold(document.text) for document in documents.values()}
    return [d.title for d in (on_disk or {}).values() if fold(d.text) not in known]


def code_version() -> str:
    """The version of askali and a hash of its source, so that "what changed" has an answer."""
    folder = Path(askali.__file__).parent
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*.py")):
        digest.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    return f"{askali.__version__}+{digest.hexdigest()[:12]}"
