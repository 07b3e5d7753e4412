"""What the local model needs of a machine: a processor, memory, an installed engine."""

from __future__ import annotations

import platform
from contextlib import suppress
from pathlib import Path

from askali.errors import ModelError
from askali.isolation import module_command

RESIDENT_SHARE = 1.8
"""What a loaded model takes of memory beside its cache, as a multiple of its weights on disk:
measured after 3,200 prompts, without the weights' file, whose pages the system may drop."""


def engine_command(*arguments: str) -> list[str]:
    """The engine's program; raises `ModelError` where its package is not installed."""
    from importlib.util import find_spec

    if find_spec("openvino_genai") is None:
        raise ModelError(
            "the local model needs the package openvino-genai; run: pip install 'askali[local]'"
        )
    return module_command("askali.models.engine", *arguments)


def check_machine(folder: Path, cache_gb: int, *, proc: Path = Path("/proc")) -> None:
    """Raise `ModelError` where the processor or the free memory will not do."""
    check_processor(proc)
    free = free_memory(proc)
    weights = sum(path.stat().st_size for path in folder.glob("*.bin"))
    needed = int(weights * RESIDENT_SHARE) + cache_gb * 2**30
    if free is not None and free < needed:
        raise ModelError(
            f"the local model needs {needed / 1e9:.1f} GB of free memory, there are "
            f"{free / 1e9:.1f}; close something, or use --llm none"
        )


def check_processor(proc: Path = Path("/proc")) -> None:
    """Raise `ModelError` on an x86 processor that is known to lack AVX2."""
    if platform.machine().lower() not in {"x86_64", "amd64"}:
        return
    with suppress(OSError):
        described = (proc / "cpuinfo").read_text(errors="replace")
        if "flags" in described and "avx2" not in described.split():
            raise ModelError(
                "the local model needs a processor with AVX2 (most since 2015), this one has "
                "none; use --llm none, or a model on another machine"
            )


def free_memory(proc: Path = Path("/proc")) -> int | None:
    """Bytes that a new process can have without swapping; None where the system does not say."""
    with suppress(OSError, ValueError, IndexError):
        for line in (proc / "meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return None
