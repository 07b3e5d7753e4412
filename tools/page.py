"""The page from outside: ``python tools/page.py demo | pictures | tasks | times [--llm NAME]``.

Starts `askali ui` as a process of its own and drives an installed Chromium.

- ``demo`` does the demo of `docs/demo.md` at three sizes and prints which steps hold, with seconds
- ``pictures`` does the demo of `docs/demo.md` and writes its pictures into `docs/screenshots`
- ``tasks`` does the demo and the twenty tasks at three sizes and writes the table of clicks and
  the list of steps into `docs/demo.md`
- ``times`` prints start, first evidence and whole answer, as a reader meets them
"""

from __future__ import annotations

import argparse
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from page_steps import DEMO, INVESTED, Hand
from page_tasks import TASKS

ROOT = Path(__file__).parents[1]
PICTURES, TEXT = ROOT / "docs" / "screenshots", ROOT / "docs" / "demo.md"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SIZES: dict[str, dict[str, Any]] = {
    "1440 × 900": {"viewport": {"width": 1440, "height": 900}},
    "1180 × 820, touch": {"viewport": {"width": 1180, "height": 820}, "has_touch": True},
    "390 × 844, touch": {"viewport": {"width": 390, "height": 844}, "has_touch": True},
}
DESKTOP, _, PHONE = SIZES.values()
PATIENCE_MS = 120_000
STARTS = 3
TIMED = (
    "Who is the founder of Unitree?",
    "When did NetEase launch Kaola?",
    "How much will Microsoft invest?",
    "What is YMTC?",
    "Who is the CEO of Alibaba Group?",
)


def main() -> None:
    """Do what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("demo", "pictures", "tasks", "times"))
    parser.add_argument("--llm", default="none")
    asked = parser.parse_args()
    expect.set_options(timeout=PATIENCE_MS)
    {"demo": demo, "pictures": pictures, "tasks": tasks, "times": times}[asked.what](asked.llm)


def demo(llm: str) -> None:
    """Each step of the demo at each size, with the seconds that it took or what it lacked."""
    with _home(llm) as env, sync_playwright() as driver, _served(env, llm) as address:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for size, settings in SIZES.items():
            print(size, flush=True)
            hand = Hand(_open(browser, address, **settings))
            for number, step in enumerate(DEMO, 1):
                start = time.monotonic()
                try:
                    step.do(hand)
                    said = "ok"
                except (AssertionError, PlaywrightError) as error:
                    said = f"FAILED: {error}"
                print(
                    f"{number:>2} {time.monotonic() - start:6.1f} s  {step.title}: {said}",
                    flush=True,
                )


def pictures(llm: str) -> None:
    """The demo's pictures; with a model only that of its answer."""
    with _home(llm) as env, sync_playwright() as driver, _served(env, llm) as address:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        if llm != "none":
            page = _open(browser, address, **DESKTOP)
            Hand(page).ask("When did NetEase launch Kaola?")
            _take(page, llm)
            return
        page = _open(browser, address, **DESKTOP)
        hand = Hand(page)
        for step in DEMO:
            step.do(hand)
            if step.picture:
                _take(page, step.picture)
        page = _open(browser, address, color_scheme="dark", **DESKTOP)
        Hand(page).ask(INVESTED)
        _take(page, "desktop-dark")
        page = _open(browser, address, device_scale_factor=2, **PHONE)
        Hand(page).ask(INVESTED)
        _take(page, "phone")
        Hand(page).click(re.compile("^Citation 1"))
        _take(page, "phone-source")


def _take(page: Page, name: str) -> None:
    page.mouse.move(0, 0)
    page.wait_for_timeout(500)
    page.screenshot(path=PICTURES / f"{name}.png")


def tasks(llm: str) -> None:
    """Tables of the demo's steps and of the clicks that each task took."""
    clicks: dict[str, list[str]] = {}
    with _home(llm) as env, sync_playwright() as driver, _served(env, llm) as address:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for size in SIZES.values():
            page = _open(browser, address, **size)
            hand = Hand(page)
            for task in TASKS:
                hand.clicks = hand.typed = 0
                task.do(hand)
                clicks.setdefault(task.title, []).append(f"{hand.clicks} + {hand.typed}")
    steps = ["| # | do | what is to be seen |", "|---|---|---|"]
    steps += [f"| {n} | {step.title} | {step.says} |" for n, step in enumerate(DEMO, 1)]
    rows = [f"| # | task | {' | '.join(SIZES)} |", f"|---|---|{'---|' * len(SIZES)}"]
    rows += [f"| {n} | {t} | {' | '.join(c)} |" for n, (t, c) in enumerate(clicks.items(), 1)]
    text = _between(TEXT.read_text("utf-8"), "steps", steps)
    TEXT.write_text(_between(text, "tasks", rows), "utf-8")


def _between(text: str, name: str, lines: list[str]) -> str:
    body = "\n".join(lines)
    pattern = rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)"
    return re.sub(pattern, lambda m: f"{m[1]}{body}\n{m[2]}", text, flags=re.S)


def times(llm: str) -> None:
    """Print the table."""
    starts, evidence, whole = [], [], []
    with _home(llm) as env, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for _ in range(STARTS):
            begun = time.perf_counter()
            with _served(env, llm) as address:
                page = browser.new_page()
                page.goto(address)
                page.wait_for_selector("#question")
                starts.append(time.perf_counter() - begun)
                page.wait_for_selector(".starters .suggestion", timeout=PATIENCE_MS)
                for number, question in enumerate(TIMED):
                    Hand(page).ask(question)
                    turn = page.locator(".turn[data-ms]").nth(number)
                    evidence.append(float(turn.get_attribute("data-evidence-ms") or "nan"))
                    whole.append(float(turn.get_attribute("data-ms") or "nan"))
    _row("start to a question that can be typed, s", starts)
    _row("first evidence after Enter, ms", evidence)
    _row("whole answer after Enter, ms", whole)


def _row(what: str, values: list[float]) -> None:
    low, middle, high = min(values), statistics.median(values), max(values)
    print(f"{what:44} {low:8.1f} {middle:8.1f} {high:8.1f}   n={len(values)}")


@contextmanager
def _home(llm: str) -> Iterator[dict[str, str]]:
    """The environment of a home with the index built. A model is where the user has it."""
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, **({"ASKALI_HOME": home} if llm == "none" else {})}
        subprocess.run(_askali("index"), env=env, check=True, stdout=subprocess.DEVNULL)
        yield env


@contextmanager
def _served(env: dict[str, str], llm: str) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(_askali("ui", "--port", str(port), "--llm", llm), env=env)
    try:
        _wait(f"http://127.0.0.1:{port}/api/health")
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(20)


def _askali(*words: str) -> list[str]:
    return [sys.executable, "-m", "askali", *words]


def _wait(address: str) -> None:
    for _ in range(2400):
        try:
            urllib.request.urlopen(address, timeout=1)
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise SystemExit("askali ui did not answer within two minutes")


def _open(browser: Browser, address: str, **context: Any) -> Page:
    rights = ["clipboard-read", "clipboard-write"]
    page = browser.new_context(reduced_motion="reduce", permissions=rights, **context).new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(address)
    page.wait_for_selector(".starters .suggestion")
    return page


if __name__ == "__main__":
    main()
