"""Write a trained reader as an 8-bit ONNX file that askali can read.

Usage: python -m span_reader.export CHECKPOINT OUT_FOLDER   (needs onnx and onnxscript)

The graph takes word vectors instead of word numbers: training left the encoder's table of words
as it was, so the file holds only what was learnt (11 MB instead of 23) and the table is read from
the encoder that askali ships. Matrix products are quantised with a scale for every column,
activations when they come.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from askali.models.weights import minilm_folder
from span_reader.model import LONGEST, SpanReader


class Graph(nn.Module):
    """The reader from word vectors on, with the type and mask of each token as numbers."""

    def __init__(self, reader: SpanReader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, words: Tensor, kinds: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        bert = self.reader.bert
        n = words.shape[1]
        places = bert.embeddings.position_embeddings.weight[:n]
        hidden = words + places + bert.embeddings.token_type_embeddings(kinds)
        hidden = bert.embeddings.LayerNorm(hidden)
        shut = (1.0 - mask[:, None, None, :].to(hidden.dtype)) * -1e4
        for layer in bert.encoder.layer:
            hidden = _layer(layer, hidden, shut, bert.config.num_attention_heads)
        return self.reader.read(hidden, kinds, mask)


def _layer(layer: nn.Module, x: Tensor, shut: Tensor, heads: int) -> Tensor:
    own = layer.attention.self
    n, t, dim = x.shape
    q, k, v = (
        part(x).view(n, t, heads, dim // heads).transpose(1, 2)
        for part in (own.query, own.key, own.value)
    )
    scores = q @ k.transpose(-1, -2) / (dim // heads) ** 0.5 + shut
    mixed = (scores.softmax(-1) @ v).transpose(1, 2).reshape(n, t, dim)
    x = layer.attention.output.LayerNorm(layer.attention.output.dense(mixed) + x)
    wide = nn.functional.gelu(layer.intermediate.dense(x))
    return layer.output.LayerNorm(layer.output.dense(wide) + x)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    reader = SpanReader(minilm_folder())
    reader.load_state_dict(torch.load(args.checkpoint, weights_only=True)["model"])
    graph = Graph(reader).eval()
    words = torch.randn(2, 24, 384)
    kinds = torch.cat([torch.zeros(2, 8), torch.ones(2, 16)], 1).long()
    mask = torch.ones(2, 24, dtype=torch.long)
    whole = args.out / "whole.onnx"
    names = {0: "windows", 1: "tokens"}
    torch.onnx.export(
        graph,
        (words, kinds, mask),
        str(whole),
        dynamo=False,
        opset_version=17,
        input_names=["words", "kinds", "mask"],
        output_names=["start", "end", "odds"],
        dynamic_axes=dict.fromkeys(("words", "kinds", "mask", "start", "end"), names)
        | {"odds": {0: "windows"}},
    )
    file = args.out / "reader.onnx"
    quantize_dynamic(
        str(whole),
        str(file),
        weight_type=QuantType.QInt8,
        per_channel=True,
        op_types_to_quantize=["MatMul"],
        extra_options={"MatMulConstBOnly": True},
    )
    whole.unlink()
    model = onnx.load(str(file))
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    (args.out / "reader.json").write_text(json.dumps({"sha256": digest, "longest": LONGEST}) + "\n")
    print(
        f"{file}: {file.stat().st_size / 1e6:.1f} MB, opset {model.opset_import[0].version}, "
        f"{digest}"
    )


if __name__ == "__main__":
    main()
