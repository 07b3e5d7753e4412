"""The real engine on a tiny model whose probabilities are known: converted, run, stopped."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from askali.errors import ModelError
from askali.models.engine import probability_of_yes
from askali.models.hardware import engine_command
from askali.models.local import LocalModel
from askali.models.registry import folder_of
from tiny_model import write_tiny

if find_spec("openvino_genai") is None:
    pytest.skip("the extra askali[local] is not installed", allow_module_level=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny model, converted as a user's own file is."""
    gguf = write_tiny(tmp_path_factory.mktemp("gguf") / "tiny.gguf")
    return folder_of(str(gguf), tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def model(folder: Path) -> Iterator[LocalModel]:
    with LocalModel(folder) as local:
        yield local


def test_yes_is_the_probability_of_that_token(model: LocalModel) -> None:
    asked = ["Is it so?", "Is it so!", "Is it so.", "Well?"]
    assert model.yes(asked) == pytest.approx([0.9, 0.2, 0.5, 0.9], abs=0.01)


def test_more_prompts_than_a_batch_keep_their_order(model: LocalModel) -> None:
    asked = [f"{n} {'?' if n % 3 else '!'}" for n in range(21)]
    expected = [0.9 if n % 3 else 0.2 for n in range(21)]
    assert model.yes(asked) == pytest.approx(expected, abs=0.01)


def test_text_is_the_likeliest_with_its_mean_log_probability(model: LocalModel) -> None:
    [(text, log_probability)] = model.complete(["x."], max_tokens=20)
    assert text == "abcdefg"
    # Seven letters and the end: .5 and 1 once each, .75 six times.
    assert log_probability == pytest.approx((math.log(0.5) + 6 * math.log(0.75)) / 8, abs=0.01)


def test_several_texts_are_written_side_by_side_and_keep_their_order(model: LocalModel) -> None:
    found = model.complete(["x.", "x:", "x."], max_tokens=9)
    assert [text for text, _ in found] == ["abcdefg", "é", "abcdefg"]


def test_max_tokens_and_stop_end_the_text(model: LocalModel) -> None:
    assert model.complete(["x."], max_tokens=3)[0][0] == "abc"
    assert model.complete(["x."], max_tokens=20, stop=("de",))[0][0] == "abc"


def test_who_is_interrupted_stops_the_writing(model: LocalModel) -> None:
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    with pytest.raises(KeyboardInterrupt):
        model.complete(["0"], max_tokens=9000)
    before = time.monotonic()
    assert model.yes(["?"]) == pytest.approx([0.9], abs=0.01)
    assert time.monotonic() - before < 2.0


def test_a_long_beginning_that_a_batch_shares_is_read_once_and_changes_nothing(
    model: LocalModel,
) -> None:
    fixed = "It is said that " * 40
    asked = [f"{fixed}{n} {'?' if n % 2 else '!'}" for n in range(4)]
    assert model.yes(asked) == pytest.approx([0.2, 0.9, 0.2, 0.9], abs=0.01)
    assert model.yes(asked[::-1]) == pytest.approx([0.9, 0.2, 0.9, 0.2], abs=0.01)


def test_a_prompt_beyond_the_cache_is_refused_and_the_model_stays(model: LocalModel) -> None:
    with pytest.raises(ModelError, match="refused"):
        model.complete([""], max_tokens=3)
    assert model.yes(["?"]) == pytest.approx([0.9], abs=0.01)


def test_the_own_file_is_converted_once(folder: Path) -> None:
    gguf = write_tiny(folder.parent / "again.gguf")
    written = (folder / "openvino_model.bin").stat().st_mtime_ns
    assert folder_of(str(gguf), folder.parents[1]) == folder
    assert (folder / "openvino_model.bin").stat().st_mtime_ns == written


def test_what_the_engine_prints_does_not_reach_the_lines(folder: Path) -> None:
    """Every line of standard output is ours; the process ends with its input."""
    done = subprocess.run(
        engine_command(str(folder)),
        input=b"",
        capture_output=True,
        env={**os.environ, "OPENVINO_LOG_LEVEL": "3", "PYTHONPATH": os.pathsep.join(sys.path)},
        timeout=60,
    )
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert all(line == {"ready": True} for line in said)
    assert len(said) <= 1
    assert done.returncode == 0


def test_a_folder_without_a_model_is_told_in_one_line(tmp_path: Path) -> None:
    with LocalModel(tmp_path) as local, pytest.raises(ModelError) as caught:
        local.start()
    assert "failed" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_another_first_token_says_nothing_of_yes() -> None:
    assert probability_of_yes(" Yes", math.log(0.7)) == pytest.approx(0.7)
    assert probability_of_yes("no", math.log(0.7)) == pytest.approx(0.3)
    assert probability_of_yes("The", math.log(0.7)) == 0.5
