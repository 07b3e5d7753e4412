"""The local model's own process: JSON lines in, JSON lines out; the only importer of the engine.

``python -m askali.models.engine FOLDER`` loads a converted model, says ``{"ready": true}``, and
serves:

    → {"id": 1, "yes": [prompt, …]}
    ← {"id": 1, "step": true}, …, {"id": 1, "yes": [0.97, …]}
    → {"id": 2, "complete": [prompt, …], "max_tokens": 40, "stop": ["."]}
    ← {"id": 2, "step": true}, …, {"id": 2, "complete": [["The sum", -0.1], …]}
    → {"cancel": 2}                  ends request 2 with what it has

A "step" says that the engine works, each second at most. A request that fails is answered
``{"id": …, "error": …}``. The process ends when its input does, whatever it is doing: it never
outlives the one who asks.

``python -m askali.models.engine --convert FILE.gguf`` writes the converted model beside the file.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

CHUNK_TOKENS = 512
"""Prompt tokens read in one step: so long a cancellation waits, and a sign of life."""

STEP_S = 1.0
"""A working engine says so this often, or after each step where those take longer."""

SHARED_CHARS = 400
"""Prompts of a batch that begin alike for so long are not read side by side before their
beginning is in the cache: eight cold prompts took the worked examples eight times."""


def main() -> None:
    """Convert or serve; what the engine prints goes to standard error."""
    say = _private_output()
    asked = _arguments()
    try:
        if asked.convert:
            _convert(asked.model)
            return
        model = Model(asked)
    except Exception as exc:  # the engine raises RuntimeError and much else
        say({"error": _words(exc)})
        sys.exit(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the front end
    requests = Requests(sys.stdin.buffer)
    say({"ready": True})
    for request in requests:
        say(_served(model, request, requests, say))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m askali.models.engine")
    parser.add_argument("model", type=Path)
    parser.add_argument("--convert", action="store_true")
    parser.add_argument("--cache-gb", type=int, default=1)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--kv", choices=["u8", "f16", "f32"], default=None)
    return parser.parse_args()


def _convert(gguf: Path) -> None:
    genai = _engine()
    genai.LLMPipeline(
        str(gguf), "CPU", scheduler_config=_scheduler(genai, 1), enable_save_ov_model=True
    )


def _engine() -> Any:
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]  # nothing calls home
    import openvino_genai

    return openvino_genai


def _scheduler(genai: Any, cache_gb: int) -> Any:
    scheduler = genai.SchedulerConfig()
    scheduler.enable_prefix_caching = True
    scheduler.cache_size = cache_gb
    scheduler.max_num_batched_tokens = CHUNK_TOKENS
    return scheduler


class Model:
    """The loaded model, driven step by step so that a cancellation waits for one step only."""

    def __init__(self, asked: argparse.Namespace) -> None:
        self._genai = _engine()
        properties: dict[str, Any] = {}
        if asked.threads:
            properties["INFERENCE_NUM_THREADS"] = asked.threads
        if asked.kv:
            properties["KV_CACHE_PRECISION"] = asked.kv
        self._pipeline = self._genai.ContinuousBatchingPipeline(
            str(asked.model), _scheduler(self._genai, asked.cache_gb), "CPU", properties
        )
        self._tokenizer = self._pipeline.get_tokenizer()
        self._requests = 0
        self._known = ""
        # The first step of all compiles and takes seconds: it is part of loading.
        self._written(["One."], self._config(1, []), lambda: False)

    def yes(
        self,
        prompts: list[str],
        is_cancelled: Callable[[], bool],
        on_step: Callable[[], None] = lambda: None,
    ) -> list[float]:
        """The probability of yes for each prompt."""
        config = self._config(1, [])
        shared = os.path.commonprefix(prompts)
        written = []
        known = os.path.commonprefix([self._known, shared])
        if len(prompts) > 1 and len(shared) - len(known) > SHARED_CHARS:
            written = self._written(prompts[:1], config, is_cancelled, on_step)
            self._known = prompts[0]
        written += self._written(prompts[len(written) :], config, is_cancelled, on_step)
        return [
            probability_of_yes(self._tokenizer.decode(tokens), sum(scores))
            for tokens, scores in written
        ]

    def complete(
        self,
        prompts: list[str],
        max_tokens: int,
        stop: list[str],
        *,
        is_cancelled: Callable[[], bool],
        on_step: Callable[[], None] = lambda: None,
    ) -> list[tuple[str, float]]:
        """Each text and its mean log-probability; what there is where it was cancelled. Written
        side by side: a token of two texts takes as long as one of a single text."""
        written = self._written(prompts, self._config(max_tokens, stop), is_cancelled, on_step)
        return [
            (_before(stop, self._tokenizer.decode(tokens)), sum(scores) / max(1, len(tokens)))
            for tokens, scores in written
        ]

    def _config(self, max_tokens: int, stop: list[str]) -> Any:
        config = self._genai.GenerationConfig(max_new_tokens=max_tokens, logprobs=1)
        config.apply_chat_template = False
        config.stop_strings = set(stop)
        return config

    def _written(
        self,
        prompts: list[str],
        config: Any,
        is_cancelled: Callable[[], bool],
        on_step: Callable[[], None] = lambda: None,
    ) -> list[tuple[list[int], list[float]]]:
        """The tokens that follow each prompt and their log-probabilities."""
        handles = [self._added(prompt, config) for prompt in prompts]
        written: list[tuple[list[int], list[float]]] = [([], []) for _ in prompts]
        while self._pipeline.has_non_finished_requests():
            if is_cancelled():
                for handle in handles:
                    handle.cancel()
            self._pipeline.step()
            on_step()
            for handle, (tokens, scores) in zip(handles, written, strict=True):
                if handle.can_read():
                    for output in handle.read().values():
                        tokens += output.generated_ids
                        scores += output.generated_log_probs
        if not is_cancelled() and not all(tokens for tokens, _ in written):
            raise ValueError("a prompt is too long for the cache")
        return written

    def _added(self, prompt: str, config: Any) -> Any:
        self._requests += 1
        return self._pipeline.add_request(self._requests, prompt, config)


class Requests:
    """Requests in the order in which they came; a cancellation overtakes them."""

    def __init__(self, lines: Iterator[bytes] | Any) -> None:
        self._waiting: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._cancelled: set[int] = set()
        self._is_over = False
        threading.Thread(target=self._read, args=(lines,), daemon=True).start()

    def __iter__(self) -> Iterator[dict[str, Any]]:
        while (request := self._waiting.get()) is not None:
            yield request

    def is_cancelled(self, id: int) -> bool:
        """True too when nobody is left to answer."""
        return self._is_over or id in self._cancelled

    def _read(self, lines: Any) -> None:
        for line in lines:
            request = json.loads(line)
            if "cancel" in request:
                self._cancelled.add(request["cancel"])
            else:
                self._waiting.put(request)
        self._is_over = True
        self._waiting.put(None)


def _served(
    model: Model, request: dict[str, Any], requests: Requests, say: Callable[[dict[str, Any]], None]
) -> dict[str, Any]:
    id = request["id"]

    def is_cancelled() -> bool:
        return requests.is_cancelled(id)

    on_step = _each_second(lambda: say({"id": id, "step": True}))
    try:
        if "yes" in request:
            return {"id": id, "yes": model.yes(request["yes"], is_cancelled, on_step)}
        said = model.complete(
            request["complete"],
            request["max_tokens"],
            request["stop"],
            is_cancelled=is_cancelled,
            on_step=on_step,
        )
        return {"id": id, "complete": said}
    except Exception as exc:  # one request fails, the model stays
        return {"id": id, "error": _words(exc)}


def _before(stop: list[str], text: str) -> str:
    """The text up to the first thing that ends it."""
    return text[: min((at for one in stop if (at := text.find(one)) >= 0), default=None)]


def _each_second(say: Callable[[], None]) -> Callable[[], None]:
    """Says so when a second has passed since the last time."""
    said = time.monotonic()

    def on_step() -> None:
        nonlocal said
        if time.monotonic() - said >= STEP_S:
            said = time.monotonic()
            say()

    return on_step


def _words(exc: Exception) -> str:
    return " ".join(str(exc).split())[:500] or type(exc).__name__


def probability_of_yes(token: str, log_probability: float) -> float:
    """P(yes) from the likeliest token; 0.5 where that is neither yes nor no.

    What is not "yes" is taken for "no", so the value is right where the two
    share all the probability.
    """
    said = token.strip().lower()
    likely = math.exp(min(0.0, log_probability))
    return {"yes": likely, "no": 1.0 - likely}.get(said, 0.5)


def _private_output() -> Callable[[dict[str, Any]], None]:
    """Standard output for us alone: whatever else prints, prints to standard error."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.stdout = sys.stderr

    def say(message: dict[str, Any]) -> None:
        out.write(json.dumps(message) + "\n")
        out.flush()

    return say


if __name__ == "__main__":
    main()
