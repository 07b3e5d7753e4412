"""The files of a report: JSON for machines, Markdown for a pull request, a page for people."""

from __future__ import annotations

from pathlib import Path

from askali_evals.reports.html import to_html
from askali_evals.reports.markdown import to_markdown
from askali_evals.reports.report import Report

WRITERS = {"eval.json": Report.to_json, "eval.md": to_markdown, "eval.html": to_html}


def write_reports(report: Report, folder: Path) -> list[Path]:
    """Write every form of a report into a folder; gives the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, write in WRITERS.items():
        (folder / name).write_text(write(report), encoding="utf-8")
    return [folder / name for name in WRITERS]
