"""Which prompts a run was made with, so that a changed prompt is seen to have no accepted eval."""

from __future__ import annotations

from summarizer.drafting import prompts
from summarizer.drafting.response import prompt_versions

PREFIX = "prompt "
"""Before the key of a section, in the version of a run that asks a model."""


def of_prompts() -> dict[str, str]:
    """The version of each section's prompt, as it is stored with every draft."""
    texts = prompts.load()
    found = prompt_versions(texts, texts.sections)
    return {f"{PREFIX}{key}": version for key, version in found.items()}
