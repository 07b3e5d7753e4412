"""A GGUF file of half a megabyte whose every probability is known.

The shape is Qwen2's, so the real engine converts and runs it. Attention and feed-forward
weights are zero and embeddings are one-hot: what follows a token depends on that token
alone, and the output matrix is the table of log-probabilities.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

END = "<|im_end|>"
WIDTH, LAYERS, HEADS = 320, 1, 5
NEVER = -20.0

CHAIN = {
    "?": {"yes": 0.9, "no": 0.1},
    "!": {"no": 0.8, "yes": 0.2},
    ".": {"a": 0.5, "yes": 0.3, "no": 0.2},
    **{
        one: {following: 0.75, "#": 0.25} for one, following in zip("abcdef", "bcdefg", strict=True)
    },
    "g": {END: 1.0},
    **{str(n): {str((n + 1) % 10): 1.0} for n in range(10)},
    ":": {"\u00c3": 1.0},  # the two bytes of é, as the vocabulary spells them
    "\u00c3": {"\u00a9": 1.0},
    "\u00a9": {END: 1.0},
}
"""After a token, the next ones with their probabilities."""


def write_tiny(path: Path) -> Path:
    """Write the file and return its path."""
    from gguf import GGUFWriter

    tokens = [*_byte_tokens(), "ye", "yes", "no", "<|endoftext|>", "<|im_start|>", END]
    writer = GGUFWriter(path, "qwen2")
    writer.add_block_count(LAYERS)
    writer.add_context_length(32768)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(64)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(1)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(10000.0)
    writer.add_file_type(1)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokens)
    writer.add_token_types([1] * (len(tokens) - 3) + [3] * 3)
    writer.add_token_merges(["y e", "ye s", "n o"])
    writer.add_eos_token_id(len(tokens) - 1)
    writer.add_bos_token_id(len(tokens) - 3)
    writer.add_pad_token_id(len(tokens) - 3)
    writer.add_add_bos_token(False)
    writer.add_chat_template("{% for m in messages %}{{ m['content'] }}{% endfor %}")
    for name, weights in _tensors(tokens).items():
        # Norms and biases are whole numbers there, matrices half ones.
        writer.add_tensor(name, weights.astype(np.float16 if weights.ndim > 1 else np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _tensors(tokens: list[str]) -> dict[str, np.ndarray]:
    head = WIDTH // HEADS
    tensors = {
        "token_embd.weight": np.eye(len(tokens), WIDTH),
        "output_norm.weight": np.ones(WIDTH),
        "output.weight": _log_probabilities(tokens) / math.sqrt(WIDTH),  # the norm's factor
    }
    for layer in range(LAYERS):
        shapes = {
            "attn_q.weight": (WIDTH, WIDTH),
            "attn_k.weight": (head, WIDTH),
            "attn_v.weight": (head, WIDTH),
            "attn_output.weight": (WIDTH, WIDTH),
            "attn_q.bias": (WIDTH,),
            "attn_k.bias": (head,),
            "attn_v.bias": (head,),
            "ffn_gate.weight": (64, WIDTH),
            "ffn_up.weight": (64, WIDTH),
            "ffn_down.weight": (WIDTH, 64),
        }
        tensors |= {f"blk.{layer}.{name}": np.zeros(shape) for name, shape in shapes.items()}
        for norm in ("attn_norm", "ffn_norm"):
            tensors[f"blk.{layer}.{norm}.weight"] = np.ones(WIDTH)
    return tensors


def _log_probabilities(tokens: list[str]) -> np.ndarray:
    table = np.full((len(tokens), WIDTH), NEVER)
    for before, following in CHAIN.items():
        for after, probability in following.items():
            table[tokens.index(after), tokens.index(before)] = math.log(probability)
    return table


def _byte_tokens() -> list[str]:
    """GPT-2's spelling of the 256 bytes: a printable character for each."""
    plain = {*range(33, 127), *range(161, 173), *range(174, 256)}
    others = iter(range(256, 512))
    return [chr(byte) if byte in plain else chr(next(others)) for byte in range(256)]
