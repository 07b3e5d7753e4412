from pathlib import Path

import pytest

from askali import Document
from askali.documents import bundled_corpus, check_documents, load_documents
from askali.errors import DocumentError


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
        (b"\xe9t\xe9", "UTF-8"),
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
