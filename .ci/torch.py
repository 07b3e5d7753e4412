"""Install the torch that askali pins: on a machine without a GPU, the build without CUDA.

PyPI's Linux wheels of torch bring gigabytes of CUDA. So, where no GPU is found: if what
pip would take is a CPU build already (a local wheel or mirror), that is taken; otherwise
the CPU build comes from PyTorch's own index; if that does not answer, this stops and says
so. ASKALI_TORCH=cpu or =pypi decides instead of looking, ASKALI_TORCH_INDEX names a mirror.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import subprocess
import sys
from pathlib import Path

CPU_INDEX = "https://download.pytorch.org/whl/cpu"
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check"]


def main() -> int:
    wanted = requirement()
    if is_installed(wanted):
        return 0
    if takes_default():
        return install(wanted)
    if pip_would_take(wanted).endswith("+cpu"):
        return install(wanted)
    index = os.environ.get("ASKALI_TORCH_INDEX", CPU_INDEX)
    if install("--no-deps", "--index-url", index, f"{wanted}+cpu") == 0:
        return 0
    print(
        f"{wanted}: no build without CUDA from {index}, and this machine has no GPU.\n"
        "Set ASKALI_TORCH_INDEX to a mirror of that index, or ASKALI_TORCH=pypi to take "
        "PyPI's build with its gigabytes of CUDA, or install a torch of this version yourself.",
        file=sys.stderr,
    )
    return 1


def requirement() -> str:
    """``torch==…`` as pyproject.toml pins it."""
    project = Path(__file__).parent.parent / "pyproject.toml"
    return re.findall(r'"(torch==[^"]+)"', project.read_text(encoding="utf-8"))[0]


def is_installed(wanted: str) -> bool:
    try:
        return importlib.metadata.version("torch").partition("+")[0] == wanted.partition("==")[2]
    except importlib.metadata.PackageNotFoundError:
        return False


def takes_default() -> bool:
    """True where pip's own choice is right: not on Linux, with a GPU, or when told so."""
    told = os.environ.get("ASKALI_TORCH", "")
    return told == "pypi" or (told != "cpu" and (sys.platform != "linux" or has_gpu()))


def has_gpu() -> bool:
    """An NVIDIA GPU with its driver."""
    try:
        listed = subprocess.run(["nvidia-smi", "-L"], capture_output=True, text=True)
    except OSError:
        return False
    return listed.returncode == 0 and "GPU" in listed.stdout


def pip_would_take(wanted: str) -> str:
    """The version, build included, that pip would install; "" where it finds none."""
    dry = [*PIP, "install", "--quiet", "--dry-run", "--no-deps", "--ignore-installed"]
    done = subprocess.run([*dry, "--report", "-", wanted], capture_output=True, text=True)
    if done.returncode:
        return ""
    return str(json.loads(done.stdout)["install"][0]["metadata"]["version"])


def install(*arguments: str) -> int:
    return subprocess.run([*PIP, "install", "--quiet", *arguments]).returncode


if __name__ == "__main__":
    sys.exit(main())
