"""The two streams of the command line: answers go to `out`, everything else to `err`."""

from __future__ import annotations

from rich.console import Console

out = Console(highlight=False)
out.soft_wrap = not out.is_terminal  # a pipe gets whole lines
err = Console(stderr=True, highlight=False)
err.soft_wrap = not err.is_terminal
