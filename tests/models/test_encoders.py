"""Other encoders by setting: a model's folder, a server, LangChain embeddings."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from langchain_core.embeddings import DeterministicFakeEmbedding, Embeddings

from askali import Assistant, Document
from askali.errors import ModelError
from askali.models.embeddings import MiniLM
from askali.models.encoders import TransformerEncoder, encoder_id, open_encoder
from askali.models.weights import minilm_folder
from askali.settings import Settings

TEXTS = ["The ferry to Ornö leaves at nine.", "Harvest was late in 1921."]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers model under a name of its own."""
    copy = tmp_path_factory.mktemp("models") / "island-encoder"
    shutil.copytree(minilm_folder(), copy)
    return copy


@pytest.fixture
def note() -> Document:
    return Document(id="ferry", title="Ferry", text="The ferry leaves at nine. It costs 4 euros.")


def test_a_folder_reads_as_the_same_weights_do(folder: Path) -> None:
    encoder, shipped = TransformerEncoder(str(folder)), MiniLM()
    assert np.abs(encoder.embed(TEXTS) - shipped.embed(TEXTS)).max() < 1e-4
    assert np.abs(encoder.embed_query(TEXTS[0]) - shipped.embed_query(TEXTS[0])).max() < 1e-4
    ours, theirs = encoder.read(TEXTS[0]), shipped.read(TEXTS[0])
    assert ours.spans == theirs.spans
    assert np.abs(ours.tokens.astype(float) - theirs.tokens.astype(float)).max() < 1e-2
    assert encoder.knows("ferry")
    assert not encoder.knows("ferrrry")


def test_the_index_says_which_encoder_made_it_and_another_one_builds_anew(
    folder: Path, tmp_path: Path
) -> None:
    corpus = tmp_path / "note.txt"
    corpus.write_text("The ferry leaves at nine.\n\nIt costs 4 euros.\n")
    with Assistant.open(corpus=corpus, llm="none") as first:
        shipped = first.stamp
    with Assistant.open(corpus=corpus, llm="none", encoder=str(folder)) as other:
        assert other.stamp != shipped
        assert "4 euros" in other.ask("What does the ferry cost?").text


def test_a_changed_file_of_a_model_is_another_encoder(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / folder.name
    shutil.copytree(folder, copy)
    before = encoder_id(Settings.load(encoder=str(copy)))
    (copy / "README.md").write_text("changed")
    assert encoder_id(Settings.load(encoder=str(copy))) != before


def test_embeddings_from_python_search_and_the_shipped_encoder_ranks(note: Document) -> None:
    embeddings = DeterministicFakeEmbedding(size=24)
    with Assistant.from_documents([note], llm="none", embeddings=embeddings) as bot:
        assert "4 euros" in bot.ask("What does it cost?").text


def test_embeddings_that_fail_say_so(note: Document) -> None:
    class Down(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            raise ConnectionError("connection refused")

        def embed_query(self, text: str) -> list[float]:
            raise ConnectionError("connection refused")

    with pytest.raises(ModelError, match="Down failed: connection refused"):
        Assistant.from_documents([note], llm="none", embeddings=Down())


def test_a_model_that_is_not_there_names_the_fix() -> None:
    encoder = open_encoder(Settings.load(encoder="no/such-model"))
    with pytest.raises(ModelError, match=r"no/such-model.*use encoder=minilm"):
        encoder.embed(["text"])
