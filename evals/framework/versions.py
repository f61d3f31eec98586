"""What made a run: hashes of code, weights, thresholds and prompts."""

from __future__ import annotations

import hashlib
import importlib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from summarizer.drafting import prompts
from summarizer.drafting.response import prompt_versions
from summarizer.ports.models import Entailment
from summarizer.verification.policy import Policy

PREFIX = "prompt "
"""Prefix of a section's key in the version of a run."""

VERIFIER = (
    "summarizer.domain",
    "summarizer.text",
    "summarizer.verification",
    "summarizer.adapters.onnx",
)
"""Packages whose code and data decide on a verdict."""

DRAFTER = (
    "summarizer.adapters.anthropic",
    "summarizer.adapters.chroma",
    "summarizer.drafting",
    "summarizer.ingestion",
    "summarizer.pipeline",
)
"""Packages, beside those of the verifier, whose code decides on a draft."""

DIGITS = 10


def code(*names: str) -> str:
    """Hash of the Python files of packages or modules."""
    return _hash(names, weights=False)


def weights(*names: str) -> str:
    """Hash of the other files of packages: networks, word lists, rules."""
    return _hash(names, weights=True)


def of_verifier(entailment: Entailment, policy: Policy | None = None) -> dict[str, str]:
    """Code, weights, entailment, and the gate with its thresholds.

    Args:
        entailment: the entailment model, which names itself with its own hash.
        policy: the gate's; ``None`` where no gate is asked, as for ``summarizer verify``.
    """
    found = {
        "verifier code": code(*VERIFIER),
        "weights": weights(*VERIFIER),
        "entailment": entailment.name,
    }
    if policy is not None:
        rules = hashlib.sha256(_canonical(policy).encode()).hexdigest()[:DIGITS]
        found |= {"gate": policy.name, "thresholds": rules}
    return found


def of_prompts(drafters: prompts.PromptSet | None = None) -> dict[str, str]:
    """Version of each section's prompt, as stored with a draft, and of the judge's.

    Args:
        drafters: prompts of the drafter, in place of the shipped ones; the judge keeps those.
    """
    shipped = prompts.load()
    texts = drafters or shipped
    found = prompt_versions(texts, texts.sections)
    found["judge"] = shipped.judge_version
    return {f"{PREFIX}{key}": version for key, version in found.items()}


def differences(runs: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Versions by part and name of the run, of the parts that differ; ``–`` where it is not said.

    Args:
        runs: version of each run, by the name of the run.
    """
    parts = dict.fromkeys(part for version in runs.values() for part in version)
    found = {
        part: {name: version.get(part, "–") for name, version in runs.items()} for part in parts
    }
    return {part: by_run for part, by_run in found.items() if len(set(by_run.values())) > 1}


def _canonical(policy: Policy) -> str:
    fields = policy.model_dump(mode="json", exclude={"about"})
    return json.dumps(fields | {"shown_partly": sorted(policy.shown_partly)}, sort_keys=True)


@cache
def _hash(names: tuple[str, ...], *, weights: bool) -> str:
    digest = hashlib.sha256()
    for name in names:
        for place, path in _files(name):
            if (path.suffix != ".py") is weights:
                digest.update(place.encode() + b"\x00" + path.read_bytes() + b"\x00")
    return digest.hexdigest()[:DIGITS]


def _files(name: str) -> Iterator[tuple[str, Path]]:
    """Files of a package or module, in order, each with its place below it."""
    module = importlib.import_module(name)
    if not hasattr(module, "__path__"):
        yield name, Path(str(module.__file__))
        return
    for folder in module.__path__:
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield f"{name}/{path.relative_to(folder).as_posix()}", path
