"""A scripted engine: a real process that speaks the local model's lines, well or badly.

``python engine_script.py HOW [FOLDER]``; with a folder it counts its starts there.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path
from queue import Queue
from typing import Any

HOW = sys.argv[1]
CANCELLED: set[int] = set()


def say(**message: Any) -> None:
    print(json.dumps(message), flush=True)


def read(requests: Queue[dict[str, Any]]) -> None:
    for line in sys.stdin:
        request = json.loads(line)
        if "cancel" in request:
            CANCELLED.add(request["cancel"])
        else:
            requests.put(request)
    os._exit(0)


def write_slowly(id: int) -> None:
    """A step every 20 ms until cancelled, for ten seconds."""
    for _ in range(500):
        if id in CANCELLED:
            break
        say(id=id, step=True)
        time.sleep(0.02)
    say(id=id, complete=[["slow", -0.5]])


def serve(request: dict[str, Any], is_first: bool) -> None:
    id = request["id"]
    if HOW == "dies" or (HOW == "dies-once" and is_first):
        print("out of memory, says the engine", file=sys.stderr, flush=True)
        os._exit(9)
    if HOW == "hangs":
        time.sleep(60)
    if HOW == "plods":
        for _ in range(8):
            time.sleep(0.3)
            say(id=id, step=True)
    if HOW == "babbles":
        print("Segmentation fault (core dumped)", flush=True)
    if HOW == "refuses":
        say(id=id, error="a prompt is too long for the cache")
    elif HOW == "miscounts":
        say(id=id, yes=[0.5])
    elif "yes" in request:
        say(id=id, yes=[1.0 if "sun" in prompt else 0.0 for prompt in request["yes"]])
    elif HOW == "slow":
        write_slowly(id)
    elif HOW == "misspells":
        say(id=id, complete="Hello there")
    else:
        say(id=id, complete=[[f"after {prompt}", -0.25] for prompt in request["complete"]])


def main() -> None:
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    is_first = not (folder and list(folder.glob("start-*")))
    if folder:
        (folder / f"start-{os.getpid()}").touch()
    if HOW == "never-ready":
        time.sleep(60)
    if HOW == "cannot-load":
        say(error="cannot read openvino_model.xml")
        sys.exit(1)
    if HOW == "loads-slowly":
        time.sleep(1.5)
    say(ready=True)
    if HOW == "reads-nothing":
        time.sleep(60)
    requests: Queue[dict[str, Any]] = Queue()
    threading.Thread(target=read, args=(requests,), daemon=True).start()
    while True:
        serve(requests.get(), is_first)


if __name__ == "__main__":
    main()
