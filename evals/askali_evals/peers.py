"""Figures published by others, each with its source; other conditions, so only for orientation."""

from __future__ import annotations

PEERS = {
    ("scifact", "nDCG@10"): "BM25 .67 (BEIR), all-MiniLM-L6-v2 alone .645 (MTEB)",
}
"""By set and measure. Only what was checked at its source is entered here."""
