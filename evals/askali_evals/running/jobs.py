"""Jobs side by side, each in a process of its own; what they find is heard as it comes."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Protocol

from askali_evals.errors import EvalError

Known = Mapping[str, dict[str, Any]]
"""What was found before the run was killed, by key."""
Tell = Callable[[str, dict[str, Any] | None, Any], None]
"""Takes a key, what is to be kept under it (None: it was known) and the result to show."""


class Job(Protocol):
    """Questions of one corpus. It is pickled when it runs in a process of its own."""

    @property
    def size(self) -> int:
        """How many questions."""

    @property
    def keys(self) -> Sequence[str]:
        """Under which each of them is kept."""

    def run(self, known: Known, tell: Tell) -> Any:
        """Ask what is not known, tell every result, give what they have in common."""


def run_jobs(jobs: Sequence[Job], known: Known, tell: Tell, at_once: int = 1) -> list[Any]:
    """What each job gives, in their order; the longest begins first.

    The first job that raises ends the run with its error. A worker dies with its parent.
    """
    if at_once < 2 or len(jobs) < 2:
        return [job.run(known, tell) for job in jobs]
    context = multiprocessing.get_context("spawn")
    said, stopped = context.SimpleQueue(), context.Event()
    with ProcessPoolExecutor(
        min(at_once, len(jobs)), context, initializer=_begin, initargs=(said, stopped)
    ) as pool:
        futures: dict[int, Future[Any]] = {}
        for number, job in sorted(enumerate(jobs), key=lambda pair: -pair[1].size):
            own = {key: known[key] for key in job.keys if key in known}
            futures[number] = pool.submit(_run, job, own)
            futures[number].add_done_callback(lambda _: said.put(None))
        try:
            for _ in jobs:
                while (heard := said.get()) is not None:
                    tell(*heard)
                for future in futures.values():
                    if future.done():
                        future.result()
        except BrokenProcessPool as exc:
            raise EvalError(
                "a process that asked questions was ended from outside, perhaps for want of "
                "memory; try again with --jobs 1, it goes on where it was"
            ) from exc
        finally:
            stopped.set()
            pool.shutdown(cancel_futures=True)
    return [futures[number].result() for number in range(len(jobs))]


class _Stopped(Exception):
    """Another job failed; nobody waits for this one."""


_said: Any = None
_stopped: Any = None


def _begin(said: Any, stopped: Any) -> None:
    global _said, _stopped
    _said, _stopped = said, stopped
    threading.Thread(target=_die_with_parent, daemon=True).start()


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _run(job: Job, known: Known) -> Any:
    def tell(key: str, entry: dict[str, Any] | None, result: Any) -> None:
        if _stopped.is_set():
            raise _Stopped
        _said.put((key, entry, result))

    return job.run(known, tell)
