"""A folder of documents: what is read, what is not read again, what is skipped."""

import os
import time
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest

from askali.documents import Corpus, Earlier, Limits, is_unchanged, read_corpus
from askali.documents.spool import Spool
from askali.domain import Document
from askali.errors import DocumentError, StorageError
from document_files import epub, pdf, word

TOWN = "Elmford has 1,200 people. Its mayor is Ann Lee."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five files in four formats, all of them older than a day."""
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "town.txt").write_text(TOWN)
    (folder / "empty.txt").write_text(" ")
    pdf(folder / "bees.pdf", [["Bees fly a long way. They return in the evening."]])
    word(folder / "costs.docx", "It costs 5 euros.")
    epub(folder / "book.epub", {"a.xhtml": "<p>The keeper sleeps.</p>"})
    settle(folder)
    return folder


def settle(folder: Path) -> None:
    for file in folder.rglob("*"):
        os.utime(file, (time.time() - 86_400,) * 2)


def again(folder: Path, corpus: Corpus, limits: Limits | None = None) -> Corpus:
    earlier = Earlier(corpus.ledger, {d.id: d for d in corpus.documents})
    return read_corpus(folder, limits, earlier=earlier)


def test_all_formats_of_a_folder_are_read_and_the_unreadable_is_named(folder: Path) -> None:
    corpus = read_corpus(folder)
    assert [d.id for d in corpus.documents] == ["bees", "book", "costs", "town"]
    assert [d.source for d in corpus.documents][-1] == "town.txt"
    [skipped] = corpus.skipped
    assert str(skipped) == "empty.txt is empty; add text or remove it"


def test_files_of_other_kinds_are_counted_by_their_ending(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TOWN)
    (tmp_path / "a.toml").write_text('title = "Elm"')  # its sidecar
    for name in ("b.gif", "c.GIF", "Makefile", ".hidden"):
        (tmp_path / name).write_text("x")
    assert read_corpus(tmp_path).passed_over == (("", 1), (".gif", 2))


def test_a_day_in_a_files_name_is_its_date_and_stays_whole_in_its_title(tmp_path: Path) -> None:
    (tmp_path / "board-minutes-2024-03-12.txt").write_text(TOWN)
    [document] = read_corpus(tmp_path).documents
    assert (document.title, document.date) == ("board minutes 2024-03-12", "2024-03-12")


def test_an_unchanged_folder_is_not_read_again(folder: Path) -> None:
    first = read_corpus(folder)
    second = again(folder, first)
    assert (first.files_read, second.files_read) == (5, 0)
    assert [*second.documents] == [*first.documents]
    assert second.skipped == first.skipped
    assert is_unchanged(folder, Limits(), second.ledger)


def test_a_touched_file_is_recognised_by_its_bytes(folder: Path) -> None:
    first = read_corpus(folder)
    os.utime(folder / "town.txt")
    assert again(folder, first).files_read == 0


def test_a_file_that_was_young_when_it_was_read_is_compared_by_its_bytes(folder: Path) -> None:
    town = folder / "town.txt"
    os.utime(town)
    stat = town.stat()
    first = read_corpus(folder)
    town.write_text(TOWN.replace("1,200", "9,200"))  # same size, and now the same time
    os.utime(town, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert not is_unchanged(folder, Limits(), first.ledger)
    assert "9,200" in again(folder, first).documents[-1].text


class Damaged(dict[str, Document]):
    """The documents of an index of which one cannot be read any more."""

    def __getitem__(self, id: str) -> Document:
        if id == "town":
            raise StorageError("the index store is damaged; run `askali index`")
        return super().__getitem__(id)


def test_a_document_that_the_index_cannot_give_is_read_from_its_file(folder: Path) -> None:
    first = read_corpus(folder)
    kept = Damaged({d.id: d for d in first.documents})
    second = read_corpus(folder, earlier=Earlier(first.ledger, kept))
    assert second.files_read == 1
    assert [*second.documents] == [*first.documents]


def test_texts_are_fetched_one_at_a_time_and_never_all_in_memory(tmp_path: Path) -> None:
    folder, home = tmp_path / "reports", tmp_path / "not" / "yet"
    folder.mkdir()
    for n in range(60):
        (folder / f"{n:02}.txt").write_text(f"Report {n} is long. {'x' * 1_000_000}{n}.")
    tracemalloc.start()
    try:
        corpus = read_corpus(folder, spool_in=home)
        lengths = [len(document.text) for document in corpus.documents]
        again = read_corpus(folder, earlier=Earlier(corpus.ledger, ById(corpus)))
        lengths += [len(document.text) for document in again.documents]
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert sum(lengths) > 120_000_000
    assert peak_bytes < 20_000_000
    assert (again.files_read, list(home.iterdir())) == (0, [])


class ById(dict[str, Document]):
    """Documents by id that are fetched as a store fetches them."""

    def __init__(self, corpus: Corpus) -> None:
        self._documents = corpus.documents

    def __getitem__(self, id: str) -> Document:
        return self._documents[int(id)]


def test_what_waits_on_disk_comes_back_verbatim(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "home")
    long = Document("b", "", "x" * 17_000_000, page_starts=(0, 9), copies=("c.txt",))
    kept = [Document("a", "Ünï \u2028", 'He said:\n"No."\t\ud800'), long]
    fetch = [spool.keep(document) for document in kept]
    assert [read() for read in reversed(fetch)] == kept[::-1]


def test_a_disk_that_takes_nothing_is_told_and_no_file_is_blamed(tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "long.txt").write_text(f"It is long. {'x' * 17_000_000}")
    (tmp_path / "home").write_text("a file where a folder should be")
    with pytest.raises(StorageError, match="cannot keep what was read in .*home"):
        read_corpus(tmp_path / "reports", spool_in=tmp_path / "home")


def test_only_what_changed_is_read(folder: Path) -> None:
    first = read_corpus(folder)
    (folder / "town.txt").write_text("Elmford has 1,300 people.")
    (folder / "new.md").write_text("# New\n\nIt is new.")
    (folder / "book.epub").unlink()
    (folder / "costs.toml").write_text('title = "Costs of all"')
    second = again(folder, first)
    assert second.files_read == 3
    assert [d.id for d in second.documents] == ["bees", "costs", "new", "town"]
    assert second.documents[1].title == "Costs of all"
    assert "book" not in second.ledger


def test_other_limits_read_everything_again(folder: Path) -> None:
    first = read_corpus(folder)
    small = Limits(max_text_chars=30)
    assert not is_unchanged(folder, small, first.ledger)
    second = again(folder, first, small)
    assert second.files_read == 5
    assert {s.name for s in second.skipped} == {"bees.pdf", "empty.txt", "town.txt"}
    assert "ASKALI_MAX_TEXT_CHARS" in str(second.skipped[-1])


def test_a_damaged_ledger_means_reading_everything(folder: Path) -> None:
    first = read_corpus(folder)
    for ledger in ("", "{", "[]", '{"reader": 1}', first.ledger[:-2] + "]}}"):
        found = again(folder, replace(first, ledger=ledger))
        assert found.files_read == 5


def test_copies_are_one_document_that_names_all_its_sources(folder: Path) -> None:
    (folder / "z.txt").write_text(TOWN.upper())
    word(folder / "y.docx", TOWN)
    settle(folder)
    corpus = read_corpus(folder)
    [town] = [d for d in corpus.documents if "1,200" in d.text]
    assert (town.id, town.copies) == ("town", ("y.docx", "z.txt"))
    assert corpus.copies == (("y.docx", "town.txt"), ("z.txt", "town.txt"))
    assert [*again(folder, corpus).documents] == [*corpus.documents]
    assert again(folder, corpus).files_read == 0


def test_a_copy_is_read_when_the_kept_one_changes_or_goes(folder: Path) -> None:
    (folder / "z.txt").write_text(TOWN.upper())
    settle(folder)
    first = read_corpus(folder)
    (folder / "town.txt").unlink()
    second = again(folder, first)
    assert second.files_read == 1
    assert [d.source for d in second.documents if "1,200" in d.text] == ["z.txt"]


def test_a_copy_of_a_copy_names_the_one_that_is_kept(folder: Path) -> None:
    (folder / "z.txt").write_text(TOWN.upper())
    settle(folder)
    first = read_corpus(folder)
    (folder / "a.txt").write_text(TOWN)
    second = again(folder, first)
    assert second.files_read == 1
    assert second.copies == (("town.txt", "a.txt"), ("z.txt", "a.txt"))


def test_near_duplicates_that_differ_are_both_documents_and_named(folder: Path) -> None:
    facts = " ".join(f"Fact {n} holds." for n in range(20))
    (folder / "v1.txt").write_text(f"It cost 5 euros. {facts}")
    (folder / "v2.txt").write_text(f"It cost 6 euros. {facts}")
    settle(folder)
    corpus = read_corpus(folder)
    assert corpus.alike == (("v1.txt", "v2.txt"),)
    assert {"v1", "v2"} <= {d.id for d in corpus.documents}
    assert again(folder, corpus).alike == corpus.alike


def test_two_files_of_one_stem_keep_their_endings_in_their_ids(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("One.")
    (tmp_path / "a.md").write_text("Two.")
    assert [d.id for d in read_corpus(tmp_path).documents] == ["a.md", "a.txt"]


def test_a_single_file_that_cannot_be_read_is_an_error(folder: Path) -> None:
    with pytest.raises(DocumentError, match=r"empty\.txt is empty"):
        read_corpus(folder / "empty.txt")


def test_a_folder_in_which_nothing_can_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("")
    (tmp_path / "b.md").write_text("# Only a heading")
    with pytest.raises(DocumentError, match=r"none of the 2 documents.*a\.txt is empty"):
        read_corpus(tmp_path)


def test_too_many_files_are_refused_with_the_setting(folder: Path) -> None:
    with pytest.raises(DocumentError, match="ASKALI_MAX_FILES"):
        read_corpus(folder, Limits(max_files=4))


def test_progress_counts_files(folder: Path) -> None:
    steps: list[tuple[int, int]] = []
    read_corpus(folder, on_read=lambda done, total: steps.append((done, total)))
    assert steps == [(n, 5) for n in range(1, 6)]
