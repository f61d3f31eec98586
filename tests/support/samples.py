"""Where the samples of the repository lie."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"

ITEMS = EXAMPLES / "items" / "aldermoor-extraction-claims.jsonl"
"""Three items of one incident."""
