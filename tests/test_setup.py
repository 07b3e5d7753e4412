"""`make setup` installs a torch without CUDA where there is no GPU, or says why it cannot.

Real pip into a real environment; the wheels are our own, of a few bytes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pip
import pytest

ROOT = Path(__file__).parent.parent
PINNED = next(
    line.split("==")[1].split('"')[0]
    for line in (ROOT / "pyproject.toml").read_text("utf-8").splitlines()
    if line.strip().startswith('"torch==')
)

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="only on Linux does PyPI's torch bring CUDA"
)


def wheel(folder: Path, build: str) -> None:
    """A torch wheel without content in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    about = f"torch-{PINNED}{build}.dist-info"
    with zipfile.ZipFile(folder / f"torch-{PINNED}{build}-py3-none-any.whl", "w") as archive:
        archive.writestr(
            f"{about}/METADATA", f"Metadata-Version: 2.1\nName: torch\nVersion: {PINNED}{build}\n"
        )
        tag = "Wheel-Version: 1.0\nGenerator: askali\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        archive.writestr(f"{about}/WHEEL", tag)
        archive.writestr(f"{about}/RECORD", "")


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an empty virtual environment; pip is lent to it."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    (folder / "lent").mkdir()
    (folder / "lent" / "pip").symlink_to(Path(pip.__file__).parent)
    return folder


def set_up(environment: Path, here: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the installer with `here` as pip's only source of wheels."""
    own = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "ASKALI_", "PYTHON"))}
    return subprocess.run(
        [environment / "bin" / "python", ROOT / ".ci" / "torch.py"],
        env={
            **own,
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(environment / "lent"),
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(here),
            **more,
        },
        capture_output=True,
        text=True,
        timeout=120,
    )


def installed(environment: Path) -> list[str]:
    """The builds of torch in the environment, which are taken out again."""
    found = sorted(environment.glob("lib/python*/site-packages/torch-*.dist-info"))
    for folder in found:
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
    return [
        folder.name.removeprefix(f"torch-{PINNED}").removesuffix(".dist-info") for folder in found
    ]


def test_a_cpu_build_at_hand_is_taken(environment: Path, tmp_path: Path) -> None:
    wheel(tmp_path, "+cpu")
    wheel(tmp_path, "")
    assert set_up(environment, tmp_path).returncode == 0
    assert set_up(environment, tmp_path / "nothing").returncode == 0  # it is there already
    assert installed(environment) == ["+cpu"]


def test_without_one_it_comes_from_the_cpu_index_not_from_the_default(
    environment: Path, tmp_path: Path
) -> None:
    wheel(tmp_path / "pypi", "")
    wheel(tmp_path / "mirror" / "torch", "+cpu")
    (tmp_path / "mirror" / "torch" / "index.html").write_text(
        f'<a href="torch-{PINNED}+cpu-py3-none-any.whl">torch</a>'
    )
    done = set_up(
        environment,
        tmp_path / "pypi",
        ASKALI_TORCH_INDEX=(tmp_path / "mirror").as_uri(),
        PIP_NO_INDEX="0",
        PIP_INDEX_URL=(tmp_path / "none").as_uri(),
    )
    assert done.returncode == 0, done.stderr
    assert installed(environment) == ["+cpu"]


def test_where_no_cpu_build_answers_nothing_is_installed_and_the_choices_are_told(
    environment: Path, tmp_path: Path
) -> None:
    wheel(tmp_path, "")
    done = set_up(environment, tmp_path, ASKALI_TORCH_INDEX=(tmp_path / "none").as_uri())
    assert done.returncode == 1
    assert "ASKALI_TORCH=pypi" in done.stderr
    assert installed(environment) == []


def test_the_default_build_is_taken_when_told_so_or_with_a_gpu(
    environment: Path, tmp_path: Path
) -> None:
    wheel(tmp_path / "wheels", "")
    assert set_up(environment, tmp_path / "wheels", ASKALI_TORCH="pypi").returncode == 0
    assert installed(environment) == [""]
    driver = tmp_path / "nvidia-smi"
    driver.write_text("#!/bin/sh\necho 'GPU 0: one'\n")
    driver.chmod(0o755)
    path = f"{tmp_path}:/usr/bin:/bin"
    assert set_up(environment, tmp_path / "wheels", PATH=path).returncode == 0
    assert installed(environment) == [""]
