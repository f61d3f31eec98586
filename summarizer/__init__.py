"""Incident summarizer: drafts incident pages and proves each sentence of them.

Each name is loaded when it is first used: ``import summarizer`` alone takes milliseconds.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from summarizer.app import App, open_app
    from summarizer.domain.claims import Claim, Verdict
    from summarizer.domain.drafts import Draft, Section
    from summarizer.domain.incidents import Incident
    from summarizer.domain.items import SourceItem
    from summarizer.domain.page import Page
    from summarizer.errors import SummarizerError
    from summarizer.ports.models import ClaimJudge, Drafter, Embedder, Entailment
    from summarizer.settings import Settings
    from summarizer.stateless import cluster, render, verify

__version__ = "0.2.0"

__all__ = [
    "App",
    "Claim",
    "ClaimJudge",
    "Draft",
    "Drafter",
    "Embedder",
    "Entailment",
    "Incident",
    "Page",
    "Section",
    "Settings",
    "SourceItem",
    "SummarizerError",
    "Verdict",
    "cluster",
    "open_app",
    "render",
    "verify",
]

_MODULES = {
    "summarizer.app": ("App", "open_app"),
    "summarizer.domain.claims": ("Claim", "Verdict"),
    "summarizer.domain.drafts": ("Draft", "Section"),
    "summarizer.domain.incidents": ("Incident",),
    "summarizer.domain.items": ("SourceItem",),
    "summarizer.domain.page": ("Page",),
    "summarizer.errors": ("SummarizerError",),
    "summarizer.ports.models": ("ClaimJudge", "Drafter", "Embedder", "Entailment"),
    "summarizer.settings": ("Settings",),
    "summarizer.stateless": ("cluster", "render", "verify"),
}

if not TYPE_CHECKING:  # a type checker would take any name to be there

    def __getattr__(name: str) -> object:
        for module, names in _MODULES.items():
            if name in names:
                found = globals()[name] = getattr(import_module(module), name)
                return found
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
