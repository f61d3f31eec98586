"""Versions of prompts in the version of a run.  A test finds prompts without an accepted run."""

from __future__ import annotations

from summarizer.drafting import prompts
from summarizer.drafting.response import prompt_versions

PREFIX = "prompt "
"""Prefix of a section's key in the version of a run."""


def of_prompts() -> dict[str, str]:
    """Version of each section's prompt, as stored with a draft."""
    texts = prompts.load()
    found = prompt_versions(texts, texts.sections)
    return {f"{PREFIX}{key}": version for key, version in found.items()}
