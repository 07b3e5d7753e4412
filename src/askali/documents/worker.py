"""Extract text in a process that may die without harm: ``python -m askali.documents.worker``.

Reads one JSON line for each file on standard input; answers each with one on standard
output, either "found" or "refused".
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

from askali.documents.limits import Limits
from askali.errors import DocumentError

_SPARE_CPU_S = 5


def main() -> int:
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as answers:
        # What a library prints must not get between the answers.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        warnings.simplefilter("ignore")
        for line in sys.stdin:
            asked = json.loads(line)
            limits = Limits(**asked["limits"])
            with _confined(limits):
                answer = _answer(asked["path"], asked["format"], limits)
            _send(answers, answer)
            if answer.get("is_spent"):
                return 1
    return 0


def _answer(path: str, format: str, limits: Limits) -> dict[str, Any]:
    try:
        found = import_module(f"askali.documents.loaders.{format}").extract(Path(path), limits)
        return {"found": asdict(found)}
    except DocumentError as exc:
        return {"refused": str(exc)}
    except MemoryError:
        refused = f"needs more than {limits.read_memory_mb} MB of memory to read; split it"
        return {"refused": refused, "is_spent": True}
    except RecursionError:
        return {"refused": "is nested too deeply; save it again in another form"}
    except Exception as exc:  # a parser may raise anything; this process answers for one file
        said = " ".join(str(exc).split())[:120]
        return {"refused": f"is damaged ({type(exc).__name__}: {said}); save it again"}


def _send(answers: BinaryIO, answer: dict[str, Any]) -> None:
    answers.write(json.dumps(answer).encode("ascii") + b"\n")
    answers.flush()


@contextlib.contextmanager
def _confined(limits: Limits) -> Iterator[None]:
    """Cap memory, processor time and files of this process where the system can, for one file."""
    try:
        import resource
    except ImportError:  # Windows has none; the time limit of whoever asked still holds
        yield
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    wanted = {
        resource.RLIMIT_CPU: int(used.ru_utime + used.ru_stime + limits.read_timeout_s)
        + _SPARE_CPU_S,
        resource.RLIMIT_AS: limits.read_memory_mb * 1_000_000,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    before = {kind: resource.getrlimit(kind) for kind in wanted}

    def limit(soft: Mapping[int, int]) -> None:
        for kind, most in soft.items():
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(kind, (most, before[kind][1]))

    limit(wanted)
    try:
        yield
    finally:
        limit({kind: most for kind, (most, _) in before.items()})


if __name__ == "__main__":
    sys.exit(main())
