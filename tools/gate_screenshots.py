"""Pictures of a gate's page: ``python tools/gate_screenshots.py REPORT.html [FOLDER]``.

Opens the file as anyone would, without a network, in an installed Chromium: desktop and
phone, light and dark, and a case that failed. Any request to elsewhere is an error.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Request, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2}
WHOLE = {("desktop", "light"), ("phone", "dark")}
"""Where the figures and a case are taken as well."""


def main(report: Path, folder: Path) -> None:
    """All pictures into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for size, context in (("desktop", DESKTOP), ("phone", PHONE)):
            for scheme in ("light", "dark"):
                page = _open(browser, report, {**context, "color_scheme": scheme})
                page.screenshot(path=folder / f"gate-{size}-{scheme}.png")
                if (size, scheme) in WHOLE:
                    page.evaluate("document.querySelector('.tiles').scrollIntoView()")
                    page.screenshot(path=folder / f"gate-{size}-{scheme}-figures.png")
                    _to_failed_case(page)
                    page.screenshot(path=folder / f"gate-{size}-{scheme}-case.png")
                page.context.close()
        browser.close()


def _open(browser: Browser, report: Path, context: dict[str, Any]) -> Page:
    page = browser.new_context(offline=True, **context).new_page()
    page.on("request", _refuse_elsewhere)
    page.on("pageerror", _raise)
    page.goto(report.resolve().as_uri())
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    if wide:
        raise SystemExit("the page is wider than the window")
    return page


def _to_failed_case(page: Page) -> None:
    """The first case that failed though the evidence was found, opened."""
    page.locator("#state").select_option("ranking")
    case = page.locator("details.case:not([hidden])").first
    case.locator("summary").click()
    page.evaluate("document.querySelector('#cases').scrollIntoView()")


def _refuse_elsewhere(request: Request) -> None:
    if not request.url.startswith(("file:", "data:")):
        raise SystemExit(f"the page asks the network: {request.url}")


def _raise(error: Exception) -> None:
    raise SystemExit(f"the page's script failed: {error}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else "docs/screenshots"))
