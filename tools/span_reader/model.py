"""The reader: BERT's token vectors, where an answer starts and ends, and whether one is there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertModel

from span_reader.near_misses import Example

LONGEST = 192
"""Tokens of question and window together; a longer window is cut at its end."""

SPAN_TOKENS = 30
"""The longest answer that is marked."""

_LOW = -1e4


class SpanReader(nn.Module):
    """Scores where an answer starts and ends, position 0 meaning nowhere, and the log-odds that
    the window answers, from [CLS], the question's mean and what the span scores point at."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.bert = BertModel.from_pretrained(
            str(folder),
            add_pooling_layer=False,
            attn_implementation="eager",  # sdpa costs 35 % more on a CPU in half precision
            hidden_dropout_prob=0.0,  # dropout costs time, and no pass repeats its windows
            attention_probs_dropout_prob=0.0,
        )
        self.bert.embeddings.word_embeddings.weight.requires_grad_(False)
        dim = self.bert.config.hidden_size
        self.span = nn.Linear(dim, 2)
        self.mix = nn.Linear(4 * dim, 128)
        self.answers = nn.Linear(128, 1)

    def forward(self, ids: Tensor, kinds: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Start and end scores (n × tokens) and the log-odds (n) of an answer."""
        hidden = self.bert(input_ids=ids, token_type_ids=kinds, attention_mask=mask)
        return self.read(hidden.last_hidden_state, kinds, mask)

    def read(self, hidden: Tensor, kinds: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """`forward` from the token vectors on."""
        start, end = self.span(hidden).float().unbind(-1)
        passage = (kinds * mask).bool()
        shut = ~passage
        shut = torch.cat([torch.zeros_like(shut[:, :1]), shut[:, 1:]], 1)  # [CLS] means nowhere
        start = start.masked_fill(shut, _LOW)
        end = end.masked_fill(shut, _LOW)
        pointed = start.masked_fill(~passage, _LOW).softmax(-1)
        pointed = (pointed + end.masked_fill(~passage, _LOW).softmax(-1)) / 2
        pooled = torch.einsum("nt,ntd->nd", pointed.to(hidden.dtype), hidden)
        asked = ((1 - kinds) * mask).to(hidden.dtype)
        question = torch.einsum("nt,ntd->nd", asked / asked.sum(1, keepdim=True), hidden)
        seen = torch.cat([hidden[:, 0], pooled, question, pooled * question], -1)
        return start, end, self.answers(nn.functional.gelu(self.mix(seen))).squeeze(-1).float()


@dataclass(frozen=True, slots=True)
class Encoded:
    """Token numbers of one example, which are the window's, where each stands there, and the
    tokens that the answers start and end with."""

    ids: list[int]
    kinds: list[int]
    offsets: list[tuple[int, int]]
    starts: list[int]
    ends: list[int]
    answered: bool


def likeness_of(model: SpanReader, codec: Codec) -> Callable[[str, str], float]:
    """How much two names are of a kind: the cosine of their word pieces' mean vectors."""
    table = model.bert.embeddings.word_embeddings.weight.detach()

    @lru_cache(maxsize=200_000)
    def vector(name: str) -> Tensor:
        return nn.functional.normalize(table[codec.pieces(name)].mean(0), dim=0)

    return lambda a, b: float(vector(a) @ vector(b))


class Codec:
    """Turns examples into token numbers."""

    def __init__(self, folder: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST, strategy="only_second")

    def pieces(self, text: str) -> list[int]:
        """The numbers of the text's word pieces."""
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def encode(self, example: Example) -> Encoded:
        """The example as the reader sees it; an answer that was cut off is none."""
        question = example.question[:300]
        made = self._tokenizer.encode(question, example.window)
        starts, ends = [], []
        for start, end in example.spans:
            inside = [
                i
                for i, (s, e) in enumerate(made.offsets)
                if made.type_ids[i] and e > s and s < end and e > start
            ]
            if inside and made.offsets[inside[-1]][1] >= end:
                starts.append(inside[0])
                ends.append(inside[-1])
        return Encoded(made.ids, made.type_ids, made.offsets, starts, ends, bool(starts))


def batch(encoded: Sequence[Encoded]) -> tuple[Tensor, Tensor, Tensor]:
    """Token numbers, kinds and mask (n × longest), padded with zeros."""
    longest = -(-max(len(e.ids) for e in encoded) // 8) * 8
    ids = torch.zeros(len(encoded), longest, dtype=torch.long)
    kinds, mask = torch.zeros_like(ids), torch.zeros_like(ids)
    for row, e in enumerate(encoded):
        ids[row, : len(e.ids)] = torch.tensor(e.ids)
        kinds[row, : len(e.ids)] = torch.tensor(e.kinds)
        mask[row, : len(e.ids)] = 1
    return ids, kinds, mask


def loss(
    out: tuple[Tensor, Tensor, Tensor], encoded: Sequence[Encoded], paired: float
) -> dict[str, Tensor]:
    """What is minimised: the span's likelihood (nowhere for a near miss), whether there is an
    answer, and, of each pair of neighbours, that the first is likelier to have one."""
    start, end, odds = out
    gold_start, gold_end = torch.zeros_like(start), torch.zeros_like(end)
    for row, e in enumerate(encoded):
        for s in e.starts or [0]:
            gold_start[row, s] = 1
        for s in e.ends or [0]:
            gold_end[row, s] = 1
    spans = _likelihood(start, gold_start) + _likelihood(end, gold_end)
    there = torch.tensor([float(e.answered) for e in encoded])
    answers = nn.functional.binary_cross_entropy_with_logits(odds, there)
    first, second = odds[0::2], odds[1::2]
    told = (there[0::2] > there[1::2]).float()
    pair = (nn.functional.softplus(second - first) * told).sum() / told.sum().clamp(min=1)
    return {"span": spans / 2, "answers": answers, "pair": pair * paired}


def _likelihood(scores: Tensor, gold: Tensor) -> Tensor:
    likely = scores.log_softmax(-1)
    return -(likely + torch.log(gold.clamp(min=1e-9))).logsumexp(-1).mean()


def best_span(start: Tensor, end: Tensor) -> tuple[int, int, float, float]:
    """First and last token of the likeliest span, its score, and that of none, for one row."""
    null = float(start[0] + end[0])
    s, e = start.clone(), end.clone()
    s[0] = e[0] = _LOW
    both = s[:, None] + e[None, :]
    n = len(s)
    reach = torch.ones(n, n, dtype=torch.bool).triu() & ~torch.ones(n, n, dtype=torch.bool).triu(
        SPAN_TOKENS
    )
    both = both.masked_fill(~reach, 3 * _LOW)
    at = int(both.argmax())
    return at // n, at % n, float(both.flatten()[at]), null
