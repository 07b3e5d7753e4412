"""The small reader: what its scores mark, and what it says when its files are not right."""

from __future__ import annotations

import json

import numpy as np
import pytest
from tokenizers import Encoding, Tokenizer

from askali.errors import WeightsError
from askali.models.span_reader import SPAN_TOKENS, OnnxSpanReader, marking
from askali.models.weights import minilm_folder

WINDOW = "The mill was built in 1764. It burnt down twice."


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(minilm_folder() / "tokenizer.json"))


def scores(encoded: Encoding, words: str, window: str, nowhere: float = 0.0) -> tuple:
    """Scores that start and end at the words of the window."""
    at = window.index(words)
    inside = [
        i
        for i, (s, e) in enumerate(encoded.offsets)
        if encoded.type_ids[i] and e > s and s < at + len(words) and e > at
    ]
    start, end = (np.full(len(encoded.ids), -5.0, np.float32) for _ in range(2))
    start[0] = end[0] = nowhere
    start[inside[0]] = end[inside[-1]] = 4.0
    return start, end


def test_the_words_where_start_and_end_score_best_are_marked(tokenizer: Tokenizer) -> None:
    encoded = tokenizer.encode("When was the mill built?", WINDOW)
    found = marking(*scores(encoded, "in 1764", WINDOW), 1.5, encoded)
    assert WINDOW[found.start : found.end] == "in 1764"
    assert (found.log_odds, found.margin) == (1.5, 8.0)


def test_the_margin_falls_where_nowhere_scores_as_well(tokenizer: Tokenizer) -> None:
    encoded = tokenizer.encode("Who owned the mill?", WINDOW)
    found = marking(*scores(encoded, "The mill", WINDOW, nowhere=5.0), -2.0, encoded)
    assert found.margin == -2.0


def test_words_of_the_question_are_never_marked(tokenizer: Tokenizer) -> None:
    encoded = tokenizer.encode("When was the mill built?", WINDOW)
    start, end = scores(encoded, "1764", WINDOW)
    start[2] = end[4] = 50.0
    found = marking(start, end, 0.0, encoded)
    assert WINDOW[found.start : found.end] == "1764"


def test_a_span_does_not_end_before_it_starts_and_is_not_endless(tokenizer: Tokenizer) -> None:
    window = " ".join(f"stone {number}" for number in range(40))
    encoded = tokenizer.encode("How many stones?", window)
    start, end = scores(encoded, "stone 3 ", window)
    end[:] = -5.0
    end[-2] = 4.0  # the very last word: too far from the start
    found = marking(start, end, 0.0, encoded)
    assert found.end > found.start
    assert len(window[found.start : found.end].split()) <= SPAN_TOKENS


def test_a_window_without_a_word_is_marked_empty(tokenizer: Tokenizer) -> None:
    encoded = tokenizer.encode("When was the mill built?", "")
    zeros = np.zeros(len(encoded.ids), np.float32)
    found = marking(zeros, zeros, 0.0, encoded)
    assert (found.start, found.end, found.margin) == (0, 0, -np.inf)


def test_a_folder_without_a_reader_says_what_to_do(tmp_path) -> None:
    with pytest.raises(WeightsError, match="reader.json is unreadable; reinstall askali"):
        OnnxSpanReader(tmp_path).read("When?", [WINDOW])


def test_bytes_that_are_not_the_pinned_ones_are_not_run(tmp_path) -> None:
    (tmp_path / "reader.json").write_text(json.dumps({"sha256": "0" * 64, "longest": 192}))
    (tmp_path / "reader.onnx").write_bytes(b"not a graph")
    with pytest.raises(WeightsError, match="expected 000000000000"):
        OnnxSpanReader(tmp_path).read("When?", [WINDOW])
