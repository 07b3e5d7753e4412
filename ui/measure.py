"""Time the page as a reader meets it: ``python ui/measure.py``.

Starts `askali ui` as a process, with the index built, and drives an installed
Chromium. Prints a table: start to a usable page, first evidence, whole answer.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from playwright.sync_api import Page, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
STARTS = 3
QUESTIONS = (
    "Who is the founder of Unitree?",
    "When did NetEase launch Kaola?",
    "How much will Microsoft invest?",
    "What is YMTC?",
    "Who is the CEO of Alibaba Group?",
)


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, "ASKALI_HOME": home}
        subprocess.run([*_askali("index")], env=env, check=True, stdout=subprocess.DEVNULL)
        starts, evidence, whole = [], [], []
        for _ in range(STARTS):
            started, shown, answered = _visit(env)
            starts.append(started)
            evidence += shown
            whole += answered
    _row("start to a question that can be typed, s", starts)
    _row("first evidence after Enter, ms", evidence)
    _row("whole answer after Enter, ms", whole)


def _askali(*words: str) -> list[str]:
    return [sys.executable, "-m", "askali", *words]


def _visit(env: dict[str, str]) -> tuple[float, list[float], list[float]]:
    port = _free_port()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        begun = time.perf_counter()
        process = subprocess.Popen(_askali("ui", "--port", str(port)), env=env)
        try:
            _wait(port)
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{port}/")
            page.wait_for_selector("#question")
            started = time.perf_counter() - begun
            page.wait_for_selector(".starters .suggestion", timeout=60_000)
            return started, *_ask_all(page)
        finally:
            process.terminate()
            process.wait(20)
            browser.close()


def _ask_all(page: Page) -> tuple[list[float], list[float]]:
    shown, answered = [], []
    for number, question in enumerate(QUESTIONS):
        page.fill("#question", question)
        page.keyboard.press("Enter")
        turn = page.locator(".turn[data-ms]").nth(number)
        turn.wait_for(timeout=20_000)
        shown.append(float(turn.get_attribute("data-evidence-ms") or "nan"))
        answered.append(float(turn.get_attribute("data-ms") or "nan"))
    return shown, answered


def _wait(port: int) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api", timeout=1)
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise SystemExit("askali ui did not answer within 30 s")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _row(what: str, values: list[float]) -> None:
    low, middle, high = min(values), statistics.median(values), max(values)
    print(f"{what:44} {low:8.1f} {middle:8.1f} {high:8.1f}   n={len(values)}")  # noqa: T201


if __name__ == "__main__":
    main()
