"""Numbers and durations as a report prints them."""

from __future__ import annotations

import math
from typing import TypeGuard


def known(value: float | None) -> TypeGuard[float]:
    """Whether a value is a finite number."""
    return value is not None and math.isfinite(value)


def number(value: float | None) -> str:
    """A number for people: ``0.842``, ``0.00042``, ``1,204``; ``—`` for none."""
    if not known(value):
        return "—"
    size = abs(value)
    if value == int(value) and size >= 1:
        text = f"{size:,.0f}"
    elif size >= 100:
        text = f"{size:,.1f}" if size < 1000 else f"{size:,.0f}"
    elif 0 < size < 0.01:
        text = f"{size:.2g}"
    else:
        text = f"{size:.3f}"
    return f"−{text}" if value < 0 else text


def duration(seconds: float) -> str:
    """``41.5 s``, ``3 min 20 s`` or ``2 h 5 min``."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"
