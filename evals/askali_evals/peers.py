"""Figures published by others, each with its source; other conditions, so only for orientation."""

from __future__ import annotations

PEERS = {
    ("scifact", "nDCG@10"): "BM25 .67 (BEIR), all-MiniLM-L6-v2 alone .645 (MTEB)",
    ("timeqa", "answer contained"): "FiD .46, people .87, exact match (arXiv 2108.06314)",
    ("ramdocs", "every right answer, no planted one"): (
        "Llama 3.3 70B at most .326, exact match (arXiv 2504.13079)"
    ),
}
"""By set and measure. Only what was checked at its source is entered here."""
