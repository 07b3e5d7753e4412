"""The local model's process may die, hang or babble: nobody else is hurt."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import pytest

from askali.errors import ModelError
from askali.models.hardware import check_machine, check_processor, free_memory
from askali.models.local import BATCH, LocalModel

SCRIPT = Path(__file__).parents[1] / "helpers" / "engine_script.py"
TURN = "<|im_start|>user\n{}<|im_end|>\n<|im_start|>assistant\n"

Make = Callable[..., LocalModel]


@pytest.fixture
def model(tmp_path: Path) -> Iterator[Make]:
    """A model run by the scripted engine; all are closed at the end, none leaves a process."""
    made: list[LocalModel] = []

    def make(how: str, silence_s: float = 20.0, start_s: float = 20.0) -> LocalModel:
        command = [sys.executable, str(SCRIPT), how, str(tmp_path)]
        made.append(LocalModel(tmp_path, silence_s=silence_s, start_s=start_s, command=command))
        return made[-1]

    yield make
    for one in made:
        one.close()
    assert [pid for pid in started(tmp_path) if is_alive(pid)] == []


def started(folder: Path) -> list[int]:
    """Processes of the scripted engine that were ever started."""
    return [int(path.name.removeprefix("start-")) for path in folder.glob("start-*")]


def is_alive(pid: int) -> bool:
    """True for a zombie too."""
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def until(happened: Callable[[], object], seconds: float = 10.0) -> None:
    give_up = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < give_up
        time.sleep(0.02)


def test_prompts_are_judged_in_order_however_many(model: Make) -> None:
    prompts = [f"the {'sun' if n % 3 else 'moon'} {n}" for n in range(2 * BATCH + 3)]
    assert model("works").yes(prompts) == [1.0 if n % 3 else 0.0 for n in range(2 * BATCH + 3)]
    assert model("works").yes([]) == []


def test_each_prompt_gets_its_text_and_how_likely_it_is(model: Make) -> None:
    done = model("works").complete(["one", "two"], max_tokens=9)
    assert done == [("after one", -0.25), ("after two", -0.25)]


def test_a_reply_that_is_no_list_of_texts_is_told(model: Make) -> None:
    with pytest.raises(ModelError, match="Hello there"):
        model("misspells").complete(["one"], max_tokens=9)


def test_nothing_runs_before_the_first_use_and_one_process_serves_all(
    model: Make, tmp_path: Path
) -> None:
    local = model("works")
    assert started(tmp_path) == []
    local.start()
    local.yes(["sun"])
    local.complete(["x"], max_tokens=1)
    assert len(started(tmp_path)) == 1


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ("dies", "ended with code 9 (out of memory, says the engine)"),
        ("hangs", "silent for 1 s"),
        ("reads-nothing", "silent for 1 s"),
        ("never-ready", "not ready after 1 s"),
        ("cannot-load", "cannot read openvino_model.xml"),
        ("babbles", "Segmentation fault"),
        ("miscounts", "2 prompts were asked"),
    ],
)
def test_a_broken_process_is_a_model_error_with_what_to_do(
    model: Make, tmp_path: Path, how: str, says: str
) -> None:
    slow = how in {"hangs", "reads-nothing", "never-ready"}
    never = how == "never-ready"
    local = model(how, silence_s=1.0 if slow else 20.0, start_s=1.0 if never else 20.0)
    with pytest.raises(ModelError) as caught:
        local.yes(["sun", "x" * 500_000])
    assert says in str(caught.value)
    assert "--llm none" in str(caught.value)
    assert not any(is_alive(pid) for pid in started(tmp_path))


def test_after_a_death_the_next_call_starts_anew(model: Make, tmp_path: Path) -> None:
    local = model("dies-once")
    with pytest.raises(ModelError):
        local.yes(["sun"])
    assert local.yes(["sun"]) == [1.0]
    assert len(started(tmp_path)) == 2


def test_a_process_killed_between_two_questions_is_noticed(model: Make, tmp_path: Path) -> None:
    local = model("works")
    local.start()
    [pid] = started(tmp_path)
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(ModelError, match="signal 9"):
        local.yes(["sun"])
    assert local.yes(["sun"]) == [1.0]


def test_an_engine_that_is_slow_but_works_is_waited_for(model: Make, tmp_path: Path) -> None:
    local = model("plods", silence_s=1.0)
    local.start()
    before = time.monotonic()
    assert local.yes(["sun"]) == [1.0]
    assert time.monotonic() - before > 2.0
    assert len(started(tmp_path)) == 1


def test_a_refused_request_leaves_the_process_running(model: Make, tmp_path: Path) -> None:
    local = model("refuses")
    for _ in range(2):
        with pytest.raises(ModelError, match="too long for the cache"):
            local.complete(["x"], max_tokens=1)
    assert len(started(tmp_path)) == 1


def test_a_program_that_is_not_there_is_a_model_error(tmp_path: Path) -> None:
    local = LocalModel(tmp_path, command=[str(tmp_path / "nothing")])
    with local, pytest.raises(ModelError, match="did not start"):
        local.start()


def test_whoever_is_interrupted_cancels_what_he_asked(model: Make) -> None:
    local = model("slow")
    local.start()
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    with pytest.raises(KeyboardInterrupt):
        local.complete(["x"], max_tokens=500)
    before = time.monotonic()
    assert local.yes(["sun"]) == [1.0]
    assert time.monotonic() - before < 3.0  # to the end would take ten


def test_many_threads_each_get_their_own_answer(model: Make) -> None:
    local = model("works")
    said: dict[int, list[float]] = {}

    def judge(n: int) -> None:
        said[n] = local.yes([f"{'sun' if n % 2 else 'moon'}"] * 11)

    threads = [threading.Thread(target=judge, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == {n: [float(n % 2)] * 11 for n in range(12)}


def test_close_ends_the_process_and_whoever_waits(model: Make, tmp_path: Path) -> None:
    local = model("slow")
    local.start()
    caught: list[Exception] = []

    def write() -> None:
        try:
            local.complete(["x"], max_tokens=500)
        except ModelError as exc:
            caught.append(exc)

    writer = threading.Thread(target=write)
    writer.start()
    time.sleep(0.2)
    local.close()
    writer.join(5)
    assert "closed" in str(caught[0])
    assert not any(is_alive(pid) for pid in started(tmp_path))
    with pytest.raises(ModelError, match="closed"):
        local.yes(["sun"])
    local.close()


def test_a_model_that_is_forgotten_takes_its_process_along(tmp_path: Path) -> None:
    local = LocalModel(tmp_path, command=[sys.executable, str(SCRIPT), "works", str(tmp_path)])
    local.start()
    del local
    until(lambda: not any(is_alive(pid) for pid in started(tmp_path)))


def test_no_process_survives_a_parent_that_is_killed(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from askali.models.local import LocalModel\n"
        f"m = LocalModel(Path('.'), command=[sys.executable, {str(SCRIPT)!r}, 'works', "
        f"{str(tmp_path)!r}])\nm.start(); print('up', flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    with parent:
        assert parent.stdout is not None
        assert parent.stdout.readline().strip() == b"up"
        [pid] = started(tmp_path)
        assert is_alive(pid)
        parent.kill()
    until(lambda: not is_running(pid))


def is_running(pid: int) -> bool:
    """False for a zombie: it waits for whoever adopted it."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def test_a_processor_without_avx2_is_told_plainly(tmp_path: Path) -> None:
    (tmp_path / "cpuinfo").write_text("processor : 0\nflags : fpu sse4_2 avx\n")
    (tmp_path / "meminfo").write_text("MemTotal: 9 kB\nMemAvailable:    1000000 kB\n")
    if os.uname().machine == "x86_64":
        with pytest.raises(ModelError, match="AVX2"):
            check_processor(tmp_path)
    (tmp_path / "cpuinfo").write_text("processor : 0\nflags : fpu avx avx2\n")
    check_processor(tmp_path)
    check_processor(tmp_path / "nothing")


def test_too_little_memory_is_told_before_anything_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "meminfo").write_text("MemTotal: 9 kB\nMemAvailable:    1000000 kB\n")
    weights = tmp_path / "m"
    weights.mkdir()
    with (weights / "openvino_model.bin").open("wb") as file:
        file.truncate(1_280_000_000)
    assert free_memory(tmp_path) == 1_024_000_000
    with pytest.raises(ModelError, match=r"GB of free memory, there are 1\.0"):
        check_machine(weights, 1, proc=tmp_path)
    (tmp_path / "meminfo").write_text("MemAvailable:    8000000 kB\n")
    check_machine(weights, 1, proc=tmp_path)
    assert free_memory(tmp_path / "nothing") is None


@pytest.fixture(scope="module")
def weights() -> Iterator[LocalModel]:
    """The real model."""
    folder = os.environ.get("ASKALI_MODELS")
    if not folder:
        pytest.skip("ASKALI_MODELS names no folder with the local model")
    if find_spec("openvino_genai") is None:
        pytest.skip("the extra askali[local] is not installed")
    with LocalModel(Path(folder) / "qwen2.5-coder-1.5b", silence_s=300) as local:
        yield local


@pytest.mark.weights
def test_the_real_model_knows_yes_from_no(weights: LocalModel) -> None:
    questions = ["Is Paris in France?", "Is Paris in Spain?"]
    france, spain = weights.yes([TURN.format(f"{q} Reply yes or no.") for q in questions])
    assert france > 0.9
    assert spain < 0.3


@pytest.mark.weights
def test_the_real_model_writes_side_by_side_and_stops_where_told(weights: LocalModel) -> None:
    count = TURN.format("Count: one, two, three, …, ten. Only the words, with commas.")
    capital = TURN.format("What is the capital of France? One word.")
    [(text, likely), (paris, _)] = weights.complete([count, capital], max_tokens=40, stop=("four",))
    assert "three" in text and "four" not in text
    assert "Paris" in paris
    assert -2.0 < likely < 0.0


@pytest.mark.weights
def test_the_real_model_is_interrupted_while_it_reads(weights: LocalModel) -> None:
    weights.start()
    long = TURN.format("Repeat: " + " ".join(f"The {n}th is {n * 7}." for n in range(200)))
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    with pytest.raises(KeyboardInterrupt):
        weights.complete([long], max_tokens=400)
    assert weights.yes([TURN.format("Is Paris in France? Reply yes or no.")])[0] > 0.9
