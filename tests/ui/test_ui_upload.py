"""Own documents over HTTP: read, kept apart, bounded, removed, never left behind."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from askali import Assistant, Document, DocumentError
from askali_ui.upload import _file_name
from askali_ui.workspace import DeskFull, Desks, Limits
from ui_room import HARBOUR, PATIENCE_MS, Served

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
ANN, BEN = "a" * 32, "b" * 32
NOTES = "The ferry Aurora was built in Gdansk.\n\nThe toll for cyclists is two crowns.\n"
LIMITS = Limits(file_bytes=50_000, documents=3, chars=60_000, desks=6)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    one = Served([HARBOUR], tmp_path_factory.mktemp("upload"), limits=LIMITS)
    yield one
    one.stop()


@pytest.fixture
def reader(served: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.address, timeout=PATIENCE_MS / 1000) as one:
        yield one
        for key in (ANN, BEN):
            for entry in listed(one, key):
                remove(one, entry["id"], key)


def add(reader: httpx.Client, text: str | bytes, name: str = "notes.txt", key: str = ANN) -> Any:
    content = text if isinstance(text, bytes) else text.encode()
    reply = reader.post(
        "/room/documents", params={"name": name}, content=content, headers={"x-askali-desk": key}
    )
    if reply.status_code != 200:
        return [{"stage": "refused", "status": reply.status_code, **reply.json()["error"]}]
    return [json.loads(line) for line in reply.text.splitlines()]


def listed(reader: httpx.Client, key: str = ANN) -> list[dict[str, Any]]:
    return reader.get("/room/documents", headers={"x-askali-desk": key}).json()["documents"]


def remove(reader: httpx.Client, id: str, key: str = ANN) -> httpx.Response:
    return reader.delete("/room/documents", params={"id": id}, headers={"x-askali-desk": key})


def test_a_file_is_read_in_the_encoding_of_the_settings(tmp_path) -> None:
    house = Assistant.from_documents([HARBOUR], home=tmp_path, text_encoding="cp1252")
    one = Served(house, tmp_path)
    try:
        with httpx.Client(base_url=one.address, timeout=PATIENCE_MS / 1000) as reader:
            added = add(reader, "The café costs 3 crowns.\n".encode("cp1252"))
            assert added[-1]["stage"] != "failed", added
            [entry] = listed(reader)
            assert entry["chars"] == len("The café costs 3 crowns.\n")
    finally:
        one.stop()


def test_a_file_is_read_in_named_stages_with_counts(reader) -> None:
    events = add(reader, NOTES)
    stages = [event["stage"] for event in events]
    assert stages[:2] == ["waiting", "reading"]
    assert stages[-2:] == ["done", "suggested"]
    indexing = [event for event in events if event["stage"] == "indexing"]
    assert indexing[-1]["done"] == indexing[-1]["total"] >= 1
    [entry] = events[-2]["documents"]
    assert entry["chars"] == len(NOTES)
    assert listed(reader) == [entry]


def test_only_the_one_who_brought_it_can_ask_it(reader, served) -> None:
    add(reader, NOTES)
    assert listed(reader, BEN) == []
    search = reader.post("/api/search", json={"query": "ferry Aurora", "k": 50}).text
    assert "Gdansk" not in search
    assert "Gdansk" not in reader.get("/config").text
    assert list(served.assistant.documents) == ["harbour"]


def test_a_removed_document_is_gone_and_cannot_be_removed_twice(reader) -> None:
    id = add(reader, NOTES)[-2]["documents"][0]["id"]
    assert remove(reader, id, BEN).status_code == 404
    assert remove(reader, id).json() == {"documents": [], "html": ""}
    assert remove(reader, id).status_code == 404


def test_two_files_of_one_name_stand_side_by_side(reader) -> None:
    add(reader, NOTES)
    add(reader, f"{NOTES}\nThe Aurora has a brass bell.\n")
    ids = [entry["id"] for entry in listed(reader)]
    assert len(set(ids)) == 2


def test_the_same_text_twice_is_noticed_and_not_added(reader) -> None:
    add(reader, NOTES)
    last = add(reader, NOTES, name="copy.txt")[-1]
    assert (
        last["stage"] == "failed" and "the same text is here already as “notes”" in last["message"]
    )
    assert len(listed(reader)) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/notes",
        "http://localhost/",
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.7/wiki",
        "http://[::1]/",
        "file:///etc/passwd",
        "http://ann:secret@example.org/",
    ],
)
def test_a_web_page_inside_this_network_or_no_web_page_is_never_fetched(reader, url) -> None:
    reply = reader.post("/room/page", params={"url": url}, headers={"x-askali-desk": ANN})
    last = json.loads(reply.text.splitlines()[-1])
    assert last["stage"] == "failed"
    assert "inside this network" in last["message"] or "no web address" in last["message"]
    assert listed(reader) == []


def test_a_file_over_the_limit_is_refused_with_the_limit(reader) -> None:
    [refused] = add(reader, b"x" * (LIMITS.file_bytes + 1))
    assert refused["status"] == 413
    assert "50,00" in refused["message"]
    assert listed(reader) == []


def test_a_file_that_does_not_announce_its_size_is_cut_off(reader) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(100):
            yield b"x" * 10_000

    try:
        reply = reader.post(
            "/room/documents?name=a.txt", content=endless(), headers={"x-askali-desk": ANN}
        )
        assert reply.status_code >= 400
    except httpx.HTTPError:
        pass  # cut off while sending
    assert listed(reader) == []


def test_one_document_too_many_is_refused_and_the_others_stay(reader) -> None:
    for number in range(LIMITS.documents):
        add(reader, f"{NOTES}\nThis is copy {number}.\n")
    last = add(reader, NOTES)[-1]
    assert last["stage"] == "failed"
    assert "3 documents" in last["message"]
    assert len(listed(reader)) == 3


def test_too_much_text_is_refused(reader) -> None:
    add(reader, "One plain sentence stands here. " * 1200)
    last = add(reader, "Another plain sentence stands here. " * 1200)[-1]
    assert "60,000" in last["message"]


@pytest.mark.parametrize(
    "content", [b"", b"\x00\xff\x00\xfe" * 50, b"... --- ...", b"\xff\xfe\x00"]
)
def test_what_is_no_text_fails_with_a_reason_and_without_a_path(reader, content) -> None:
    last = add(reader, content)[-1]
    assert last["stage"] == "failed"
    assert "notes.txt" in last["message"]
    assert tempfile.gettempdir() not in last["message"]
    assert listed(reader) == []


def test_a_page_without_a_key_is_told_to_reload(reader) -> None:
    for key in ("", "short", "Z" * 32):
        assert "reload" in add(reader, NOTES, key=key)[-1]["message"]


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd.txt", "..\\..\\boot.txt", "/abs.txt", "a\x00b.txt", "n" * 400 + ".txt"],
)
def test_a_hostile_name_stays_within_its_folder(reader, name) -> None:
    assert add(reader, NOTES, name=name)[-2]["stage"] == "done"
    kept = _file_name(name)
    assert Path(kept).name == kept and len(kept) < 120 and "\x00" not in kept


@pytest.mark.parametrize("name", ["", "..", "/", " . "])
def test_a_file_without_a_name_is_refused(name) -> None:
    with pytest.raises(DocumentError, match="no name"):
        _file_name(name)


def test_nothing_of_a_file_stays_on_the_disk(reader, served) -> None:
    before = set(Path(tempfile.gettempdir()).glob("askali-*"))
    add(reader, NOTES)
    add(reader, b"\x00")
    add(reader, b"x" * (LIMITS.file_bytes + 1))
    assert set(Path(tempfile.gettempdir()).glob("askali-*")) <= before
    assert not any("Gdansk" in p.read_text("utf-8", "replace") for p in served.home.rglob("*.*")
                   if p.is_file() and p.suffix in (".json", ".jsonl", ".txt"))  # fmt: skip


def test_suggestions_for_a_document_are_answered_by_it(reader) -> None:
    text = "NetEase is a games company. In 2015, NetEase launched the shop Kaola.\n"
    html = add(reader, text)[-1]["html"]
    assert "When was the shop Kaola launched by NetEase?" in html
    assert "What is NetEase?" in html
    assert 'class="card"' in html


def test_two_readers_at_once_get_each_their_own(reader) -> None:
    def bring(key: str) -> str:
        add(reader, f"The code word of this note is {key[:6]}x.\n", key=key)
        return " ".join(entry["id"] for entry in listed(reader, key))

    with ThreadPoolExecutor(2) as pool:
        assert all("own-" in ids for ids in pool.map(bring, (ANN, BEN)))
    assert len(listed(reader, ANN)) == len(listed(reader, BEN)) == 1


@pytest.fixture(scope="module")
def house() -> Iterator[Assistant]:
    with Assistant.from_documents([HARBOUR]) as assistant:
        yield assistant


def ignore(done: int, total: int) -> None:
    """Progress that nobody looks at."""


def note(text: str = NOTES) -> Document:
    return Document("notes", "Notes", text)


def test_a_desk_that_nobody_uses_is_cleared(house) -> None:
    now = [0.0]
    desks = Desks(house, Limits(idle_s=60), clock=lambda: now[0])
    desks.add(ANN, [note()], ignore)
    now[0] = 59
    assert desks.own(ANN)
    now[0] = 118
    assert "Gdansk" in desks.assistant(ANN).ask("Where was the ferry Aurora built?").text
    now[0] = 200
    assert not desks.own(ANN)
    assert desks.assistant(ANN) is house


def test_there_are_only_so_many_desks(house) -> None:
    desks = Desks(house, Limits(desks=1))
    desks.add(ANN, [note()], ignore)
    with pytest.raises(DeskFull, match="1 readers"):
        desks.add(BEN, [note()], ignore)


def test_an_answer_under_way_is_not_disturbed_by_a_removal(house) -> None:
    desks = Desks(house)
    [added] = desks.add(ANN, [note()], ignore)
    events = desks.assistant(ANN).stream("Where was the ferry Aurora built?")
    next(events)
    desks.remove(ANN, added.id)
    assert "Gdansk" in list(events)[-1].answer.text
