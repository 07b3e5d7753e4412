"""Import paths that somebody may use keep working, and say where they went."""

from __future__ import annotations

import importlib
import sys

import pytest

from askali._moved import MOVED


@pytest.mark.parametrize("old", sorted(MOVED))
def test_an_old_path_gives_the_same_things_and_names_the_new_one(old: str) -> None:
    sys.modules.pop(old, None)
    with pytest.warns(DeprecationWarning, match=MOVED[old].replace(".", r"\.")):
        moved = importlib.import_module(old)
    new = importlib.import_module(MOVED[old])
    shared = [name for name in vars(new) if not name.startswith("__")]
    assert shared
    assert all(getattr(moved, name) is getattr(new, name) for name in shared)


def test_a_path_that_never_was_is_not_found() -> None:
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("askali.nowhere")
