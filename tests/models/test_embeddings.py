from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from askali.errors import WeightsError
from askali.models.embeddings import FEW_TEXTS, MiniLM, shared_encoder
from askali.models.minilm import MAX_TOKENS, Bert
from askali.models.weights import check_file, minilm_folder

TEXTS = [
    "how much is it investing over three years",
    "Zhipu AI received investment from Alibaba in 2023.",
    "定焦One, naïve — “quotes” & 3.5 %",
    "word " * 400,
]


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_both_roads_give_the_same_vectors() -> None:
    encoder = MiniLM()
    few = encoder.embed(TEXTS)
    many = encoder.embed(TEXTS + [f"text {i}" for i in range(FEW_TEXTS)])[: len(TEXTS)]
    assert np.abs(few - many).max() < 1e-5


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_threads_that_embed_at_once_get_their_own_vectors() -> None:
    encoder = MiniLM()
    lots = [[f"{word} {n}" * (1 + n % 40) for n in range(300)] for word in ("mill", "farm", "inn")]
    expected = [encoder.embed(texts) for texts in lots]
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(encoder.embed, lots))
    assert all(np.abs(a - b).max() < 1e-6 for a, b in zip(found, expected, strict=True))


def test_a_reading_has_a_unit_vector_for_every_token_and_where_it_stands() -> None:
    text = "Unitree is profitable."
    reading = Bert(minilm_folder()).read(text)
    assert [text[a:b] for a, b in reading.spans] == ["Unit", "ree", "is", "profitable", "."]
    assert np.allclose(np.linalg.norm(reading.tokens.astype(float), axis=1), 1, atol=1e-2)


def test_a_long_text_is_cut() -> None:
    assert len(Bert(minilm_folder()).read("word " * 400).spans) == MAX_TOKENS - 2


def test_the_vocabulary_tells_known_words() -> None:
    encoder = MiniLM()
    assert encoder.knows("Investment")
    assert not encoder.knows("investmnet")


def test_progress_counts_texts() -> None:
    seen: list[tuple[int, int]] = []
    MiniLM().embed(["a", "b"], lambda done, total: seen.append((done, total)))
    assert seen == [(2, 2)]


def test_wrong_bytes_are_refused_with_the_fix(tmp_path: Path) -> None:
    file = tmp_path / "model.safetensors"
    file.write_bytes(b"not the weights")
    with pytest.raises(WeightsError, match=r"SHA-256 .* pip install"):
        check_file(file, "53aa")


def test_weights_in_the_home_folder_are_checked_too(tmp_path: Path) -> None:
    (tmp_path / "weights" / "all-MiniLM-L6-v2").mkdir(parents=True)
    with pytest.raises(WeightsError, match=r"model\.safetensors is missing"):
        minilm_folder(tmp_path)


def test_one_encoder_serves_all_homes_but_one_with_weights_of_its_own(tmp_path: Path) -> None:
    bare, own = tmp_path / "bare", tmp_path / "own"
    assert shared_encoder(bare) is shared_encoder(tmp_path / "other")
    (own / "weights" / "all-MiniLM-L6-v2").mkdir(parents=True)
    assert shared_encoder(own) is shared_encoder(own)
    assert shared_encoder(own) is not shared_encoder(bare)
    with pytest.raises(WeightsError, match="is missing"):
        shared_encoder(own).read("a text")
