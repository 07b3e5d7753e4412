"""What a release is made of, and what our own code may never load."""

from __future__ import annotations

import ast
import importlib.util
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
OURS = [path for folder in ("src", "ui", "evals") for path in sorted((ROOT / folder).rglob("*.py"))]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
CODE_IN_DATA = {
    "pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "shelve", "marshal",
    "jsonpickle",
}  # fmt: skip
"""Modules that run what they read."""


def locked() -> Iterator[tuple[Requirement, list[str]]]:
    for block in LOCK.replace("\\\n", " ").splitlines():
        named, *hashes = block.split("--hash=")
        yield Requirement(named), [each.strip() for each in hashes]


def dangers(source: str) -> list[str]:
    """Each place where data could become code, as "line: what"."""
    found = []
    for node in ast.walk(ast.parse(source)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name.split(".")[0] for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [(node.module or "").split(".")[0]]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            names = [node.value] if node.value in CODE_IN_DATA else []
        for name in CODE_IN_DATA & set(names):
            found.append(f"{node.lineno}: {name}")
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        given = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
        if called in ("eval", "exec", "compile", "yaml.load_all", "yaml.unsafe_load"):
            found.append(f"{node.lineno}: {called}")
        if called in ("torch.load", "pandas.read_pickle", "pd.read_pickle"):
            found.append(f"{node.lineno}: {called}")
        if called == "yaml.load" and not re.search(r"\b\w*(?:Base|Safe)Loader", ast.unparse(node)):
            found.append(f"{node.lineno}: yaml.load without a safe loader")
        for name in ("trust_remote_code", "allow_pickle"):
            if given.get(name, "False") != "False":
                found.append(f"{node.lineno}: {name}")
        if given.get("shell", "False") != "False":
            found.append(f"{node.lineno}: a command for a shell")
    return found


def test_no_data_becomes_code() -> None:
    found = {str(path): dangers(path.read_text("utf-8")) for path in OURS}
    assert {path: each for path, each in found.items() if each} == {}


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from joblib import load",
        "importlib.import_module('pickle')",
        "np.load(path, allow_pickle=True)",
        "AutoModel.from_pretrained(name, trust_remote_code=True)",
        "torch.load(path)",
        "yaml.load(text, yaml.Loader)",
        "eval(text)",
        "subprocess.run(text, shell=True)",
    ],
)
def test_a_way_to_make_code_of_data_is_found(source: str) -> None:
    assert dangers(source)


def test_everything_that_a_release_installs_has_its_version_and_its_hashes() -> None:
    for requirement, hashes in locked():
        assert re.fullmatch(r"==[^*,]+", str(requirement.specifier)), requirement
        assert hashes, requirement
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", each) for each in hashes), requirement
    assert not re.search(r"://|@ |--(?!hash)", LOCK), "no host, no path, no option of an index"


def test_the_lock_has_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    pinned: dict[str, list[str]] = {}
    for requirement, _ in locked():
        [one] = requirement.specifier
        pinned.setdefault(requirement.name.lower().replace("_", "-"), []).append(one.version)
    for text in (*project["dependencies"], *extras["openai"], *extras["local"]):
        wanted = Requirement(text)
        versions = pinned.get(wanted.name.lower().replace("_", "-"), [])
        if wanted.name == "torch":  # installed before, by .ci/torch.py, at the version named here
            assert str(wanted.specifier).startswith("==")
            continue
        assert versions, f"{wanted} is not locked; run make lock"
        assert all(v in wanted.specifier for v in versions), f"{wanted} is {versions}: make lock"


def test_an_accepted_weakness_counts_until_its_day() -> None:
    spec = importlib.util.spec_from_file_location("audit", ROOT / ".ci" / "audit.py")
    assert spec and spec.loader
    audit = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(audit)
    accepted = [
        {"id": "A-1", "package": "one", "until": date(2026, 3, 1), "because": "unused"},
        {"id": "A-2", "package": "two", "until": date(2026, 5, 1), "because": "unused"},
    ]
    assert audit.still_accepted(accepted, date(2026, 3, 1)) == ["A-1", "A-2"]
    assert audit.still_accepted(accepted, date(2026, 3, 2)) == ["A-2"]


def test_what_is_accepted_names_package_day_and_reason() -> None:
    for one in tomllib.loads((ROOT / ".ci/advisories.toml").read_text("utf-8"))["accepted"]:
        assert one["id"] and one["package"] and one["because"] and isinstance(one["until"], date)
