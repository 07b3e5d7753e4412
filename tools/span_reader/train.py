"""Train the reader on two cores: seeded, resumable, its curve as JSON lines.

Usage: python -m span_reader.train RUN_FOLDER --data FOLDER --bench FOLDER --qamr FOLDER
       [--steps N] [--cool N] [--threads N]

RUN_FOLDER keeps `last.pt` (weights, optimiser, step), `log.jsonl` and a `step-N.pt` now and
then. The learning rate warms up and stays, so that a run may end whenever time is up; `--cool N`
then goes on from `last.pt` for N steps with the rate falling to zero and writes `cooled.pt`,
which is the model. Started again, a run goes on where it stopped.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

# Waiting threads sleep: beside a busy neighbour they else burn three quarters of the time.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
os.environ.setdefault("GOMP_SPINCOUNT", "0")

import numpy as np
import torch
from sklearn.metrics import roc_auc_score

from askali.models.weights import minilm_folder
from span_reader.data import Asked, load
from span_reader.model import (
    Codec,
    Encoded,
    SpanReader,
    batch,
    best_span,
    likeness_of,
    loss,
)
from span_reader.near_misses import Example, Pairs

SEED = 22
PAIRS = 16
WARM = 100
RATE = 2e-4
HEAD_RATE = 1e-3
PAIR_WEIGHT = 0.5
DEV_SHARE = 0.02
"""Articles kept from training to draw the curve on; what is reported is measured elsewhere."""


def is_dev(asked: Asked) -> bool:
    return int(sha256(asked.passage.article.encode()).hexdigest()[:6], 16) < DEV_SHARE * 16**6


def batches(pairs: Pairs, codec: Codec, seed: int) -> Iterator[list[Encoded]]:
    """One pass in batches of pairs alike in length: the first of two answers, the second not."""
    rng = random.Random(seed)
    pool: list[tuple[Encoded, Encoded]] = []
    drawn = pairs.draw(seed)
    while True:
        for right, wrong in drawn:
            made = codec.encode(right), codec.encode(wrong)
            if made[0].answered:
                pool.append(made)
            if len(pool) == PAIRS * 40:
                break
        if not pool:
            return
        pool.sort(key=lambda p: max(len(p[0].ids), len(p[1].ids)))
        cut = [pool[i : i + PAIRS] for i in range(0, len(pool), PAIRS)]
        rng.shuffle(cut)
        for some in cut:
            yield [e for pair in some for e in pair]
        pool = []


def evaluate(model: SpanReader, examples: list[tuple[Example, Encoded]]) -> dict[str, float]:
    """On pairs of the kept articles: exact spans, and how well answered is told from not."""
    model.eval()
    exact, odds, margins, truth = [], [], [], []
    kinds: list[str] = []
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for at in range(0, len(examples), 32):
            some = examples[at : at + 32]
            start, end, log_odds = model(*batch([e for _, e in some]))
            for row, (example, e) in enumerate(some):
                first, last, score, null = best_span(start[row], end[row])
                if e.answered:
                    exact.append((first, last) in zip(e.starts, e.ends, strict=True))
                odds.append(float(log_odds[row]))
                margins.append(score - null)
                truth.append(e.answered)
                kinds.append(example.kind)
    model.train()
    right = [o for o, t in zip(odds, truth, strict=True) if t]
    found = {
        "exact": float(np.mean(exact)),
        "auc": float(roc_auc_score(truth, odds)),
        "auc_null": float(roc_auc_score(truth, margins)),
    }
    for kind in sorted(set(kinds) - {"answered"}):
        wrong = [o for o, k in zip(odds, kinds, strict=True) if k == kind]
        if len(wrong) >= 15:
            truths = [1] * len(right) + [0] * len(wrong)
            found[f"auc_{kind}"] = float(roc_auc_score(truths, right + wrong))
    return {k: round(v, 3) for k, v in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--bench", type=Path, required=True)
    parser.add_argument("--qamr", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--cool", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    args.run.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(args.threads)
    torch.manual_seed(SEED)

    found = load(args.data, args.bench, args.qamr, SEED)
    for name in found.missing:
        print(f"missing, so trained without: {name}", flush=True)
    asked = found.asked
    folder = minilm_folder()
    codec, model = Codec(folder), SpanReader(folder)
    pairs = Pairs([a for a in asked if not is_dev(a)], likeness_of(model, codec))
    dev = [
        (e, codec.encode(e))
        for pair in Pairs([a for a in asked if is_dev(a)]).draw(SEED)
        for e in pair
    ]
    dev = sorted(dev[:640], key=lambda d: len(d[1].ids))

    head = [p for n, p in model.named_parameters() if not n.startswith("bert.")]
    body = [p for n, p in model.named_parameters() if n.startswith("bert.") and p.requires_grad]
    optimiser = torch.optim.AdamW(
        [{"params": body, "lr": RATE}, {"params": head, "lr": HEAD_RATE}],
        betas=(0.9, 0.98),
        weight_decay=0.01,
        fused=True,
    )
    step, seconds = 0, 0.0
    last = args.run / "last.pt"
    if last.exists():
        state = torch.load(last, weights_only=True)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        step, seconds = state["step"], state["seconds"]
    end = step + args.cool if args.cool else args.steps
    begun, log = step, (args.run / "log.jsonl").open("a", encoding="utf-8")
    sums: dict[str, float] = {}
    clock = time.monotonic()

    def save(name: str) -> None:
        state: dict[str, Any] = {"model": model.state_dict(), "step": step, "seconds": seconds}
        if name == "last.pt":
            state["optimiser"] = optimiser.state_dict()
        torch.save(state, args.run / (name + ".part"))
        (args.run / (name + ".part")).replace(args.run / name)

    epoch = step  # another order after every start
    while step < end:
        epoch += 1
        for encoded in batches(pairs, codec, SEED * 100_000 + epoch):
            if step >= end:
                break
            factor = min(1.0, (step + 1) / WARM)
            if args.cool:
                factor = max(0.0, 1 - (step - begun) / args.cool)
            for group, rate in zip(optimiser.param_groups, (RATE, HEAD_RATE), strict=True):
                group["lr"] = rate * factor
            with torch.autocast("cpu", torch.bfloat16):
                out = model(*batch(encoded))
            parts = loss(out, encoded, PAIR_WEIGHT)
            sum(parts.values()).backward()  # type: ignore[union-attr]
            torch.nn.utils.clip_grad_norm_(body + head, 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            step += 1
            seconds, clock = seconds + time.monotonic() - clock, time.monotonic()
            for name, part in parts.items():
                sums[name] = sums.get(name, 0.0) + part.item()
            if step % 25 == 0:
                line: dict[str, Any] = {"step": step, "minutes": round(seconds / 60, 1)}
                line |= {k: round(v / 25, 4) for k, v in sums.items()}
                sums = {}
                if step % 300 == 0 or step == end:
                    line |= evaluate(model, dev)
                print(json.dumps(line), file=log, flush=True)
            if step % 50 == 0 and not args.cool:
                save("last.pt")
            if step % 300 == 0 and not args.cool:
                save(f"step-{step}.pt")
    if args.cool:
        save("cooled.pt")
    else:
        save("last.pt")


if __name__ == "__main__":
    main()
