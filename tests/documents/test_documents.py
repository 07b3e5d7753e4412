from pathlib import Path

import pytest

from askali import Document, Settings
from askali.documents import (
    Limits,
    bundled_corpus,
    check_documents,
    load_documents,
    read_corpus,
)
from askali.errors import DocumentError, SettingsError


def test_the_bundled_article_has_its_metadata_and_no_navigation() -> None:
    [document] = load_documents(bundled_corpus())
    assert document.title.startswith("The ambition")
    assert (document.publisher, document.date) == ("定焦One", "2025-10-09")
    assert "HomeArticle" not in document.text
    assert "full - stack" in document.text


def test_a_folder_is_read_in_name_order_with_ids_from_paths(tmp_path: Path) -> None:
    (tmp_path / "b.md").write_text("# Bees\n\nThey fly.")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.txt").write_text("Text.")
    (tmp_path / ".hidden.txt").write_text("No.")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    found = load_documents(tmp_path)
    assert [(d.id, d.title) for d in found] == [("b", "Bees"), ("sub/a", "a")]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"\xff\xfex", "UTF-16"),
        (b"\xe9t\xe9", r"UTF-8 text \(byte 0\).*ASKALI_TEXT_ENCODING.*windows-1252"),
        (b"a\x00b", "binary"),
    ],
)
def test_a_file_that_is_no_text_is_named_with_its_fix(
    tmp_path: Path, content: bytes, says: str
) -> None:
    file = tmp_path / "x.txt"
    file.write_bytes(content)
    with pytest.raises(DocumentError, match=says):
        load_documents(file)


def test_text_in_another_encoding_is_read_as_what_was_said_and_noted(tmp_path: Path) -> None:
    text = "The café’s price – 5 € – is known."
    for name, encoding in (("a", "cp1252"), ("b", "utf-8"), ("c", "utf-16")):
        (tmp_path / f"{name}.txt").write_bytes(f"{name}: {text}".encode(encoding))
    (tmp_path / "d.txt").write_bytes(b"It has a \x81 that Windows-1252 does not know.")
    corpus = read_corpus(tmp_path, Limits(text_encoding="windows-1252"))
    assert [d.text for d in corpus.documents] == [f"{name}: {text}" for name in "abc"]
    assert corpus.remarks == (("a.txt", "read as windows-1252"),)
    assert "is not WINDOWS-1252 text (byte 9)" in str(corpus.skipped[0])


def test_an_encoding_that_nobody_knows_is_refused_with_examples() -> None:
    for name in ("latin-99", "rot13"):
        with pytest.raises(SettingsError, match=f"text_encoding = '{name}'.*windows-1252"):
            Settings.load(text_encoding=name)


def test_a_missing_path_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="no such file"):
        load_documents(tmp_path / "nowhere")


def test_a_folder_without_documents_says_what_is_read(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"\.txt"):
        load_documents(tmp_path)


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "secret.txt"
    outside.write_text("Secret.")
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "a.txt").write_text("Open.")
    (folder / "link.txt").symlink_to(outside)
    assert [d.id for d in load_documents(folder)] == ["a"]


def test_a_broken_sidecar_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Text.")
    (tmp_path / "a.toml").write_text("title = ")
    with pytest.raises(DocumentError, match=r"a\.toml"):
        load_documents(tmp_path / "a.txt")


@pytest.mark.parametrize(
    ("documents", "says"),
    [
        ([], "no documents"),
        ([Document("a", "", " ")], "no text"),
        ([Document("a", "", "x"), Document("a", "", "y")], "two documents"),
        ([Document("a", "", "x \ud800")], "surrogate"),
    ],
)
def test_unusable_documents_are_refused(documents: list[Document], says: str) -> None:
    with pytest.raises(DocumentError, match=says):
        list(check_documents(documents))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("4 March 2021\n\nDear Ida,\n\nThe roof leaks.", "2021-03-04"),
        ("Holm & Co\n\nMay 9, 2020\n\nThe roof leaks.", "2020-05-09"),
        ("2019-11-02\n\nThe roof leaks.", "2019-11-02"),
        ("The roof leaks since 4 March 2021.", ""),
    ],
)
def test_a_line_that_is_a_day_alone_dates_a_letter(tmp_path: Path, text: str, day: str) -> None:
    (tmp_path / "letter.txt").write_text(text)
    [document] = load_documents(tmp_path / "letter.txt")
    assert document.date == day
