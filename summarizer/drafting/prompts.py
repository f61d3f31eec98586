"""Prompt files: how they are found, read, versioned, and how evidence is laid out for them.

A prompt is words under ``prompts/`` and never a string in code.  ``<n>-<key>.md`` instructs one
section and holds its limits as TOML between two lines ``+++``; ``_<name>.md`` is shared by all
sections and is an f-string template whose variables are fixed in ``SHARED``, so that a missing
or misspelled one fails when the prompts are loaded and not when a model is asked.

Source text is data.  Three things keep it from posing as anything else, see ``neutralise`` and
``fence``: tags around items carry a code that depends on the whole pack, so that no item can
know it; what looks like a tag or a passage id is changed by one character; and line breaks
within a passage become spaces, so that only we start lines.
"""

from __future__ import annotations

import hashlib
import math
import re
import string
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from summarizer.domain.evidence import EvidencePack
from summarizer.domain.items import Passage, SourceItem
from summarizer.domain.model import Model
from summarizer.domain.sections import SectionSpec, specs
from summarizer.errors import PromptError

SHARED: Mapping[str, frozenset[str]] = {
    "rules": frozenset(),
    "evidence": frozenset({"fence", "left_out", "items"}),
    "task": frozenset({"count", "keys", "sections", "outline"}),
    "section": frozenset({"key", "instruction", "min_claims", "max_claims", "max_words", "kinds"}),
    "repair": frozenset({"sentences", "sections", "outline"}),
    "retry": frozenset({"error"}),
}
"""Shared prompts by name, each with the variables its file must use: these and no other."""

JUDGE = "judge.md"
"""The judge's prompt: front matter with its version, then a template with these variables."""
JUDGE_VARIABLES = frozenset({"count", "code", "claims", "outline"})

INSTRUCTION = "instruction.md"
"""What follows the task when an editor has a wish for a section; a template with this variable.
It is no part of a section's version: without a wish a model is told the same as ever."""
INSTRUCTION_VARIABLES = frozenset({"wish"})

BYTES_PER_TOKEN = 3.5
"""UTF-8 bytes of one token, see ``estimate_tokens``."""

_FILE_NAME = re.compile(r"(?P<order>\d+)-(?P<key>[a-z][a-z0-9_]*)\.md")
_FRONT_MATTER = re.compile(r"\A\+\+\+\n(?P<toml>.*?)^\+\+\+\n(?P<body>.*)\Z", re.S | re.M)

_TAG = re.compile(r"<(?=[/|!?<A-Za-z])")
_BRACKETED = re.compile(r"\[\s*(/?(?:INST|SYS|[A-Za-z]+\d+\.\d+))\s*\]")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # control characters that are not white space
    "\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069"  # zero width, turns of direction
    "\ud800-\udfff\U000e0000-\U000e007f]"  # halves of a character, tag characters
)


class SectionPrompt(Model):
    """One section's file.

    Args:
        order: number at the front of the file name.
        text: the instruction, without front matter.
        front_matter: fields of ``sections.Limits``, not yet validated.
        source: the whole file, for the version.
    """

    key: str
    order: int
    text: str
    front_matter: Mapping[str, Any]
    source: str


class JudgePrompt(Model):
    """The judge's file: the version in its front matter, and the template."""

    version: int
    text: str


class PromptSet(Model):
    """All prompts of one directory.

    Args:
        shared: templates by name, the names of ``SHARED``.
        sections: instructions by key, in the order of their files.
        judge: what a judge is asked.
        instruction: template around an editor's wish.
    """

    shared: Mapping[str, str]
    sections: Mapping[str, SectionPrompt]
    judge: JudgePrompt
    instruction: str

    def specs(self) -> tuple[SectionSpec, ...]:
        """The registry joined with the front matter, in the order of the page.

        Raises:
            PromptError: a section lacks its row or its file, or a front matter is malformed.
        """
        return specs({key: prompt.front_matter for key, prompt in self.sections.items()})

    def version(self, key: str, schema: str) -> str:
        """``<version>-<hash>`` of everything that decides what the model is told for a section.

        Args:
            key: the section.
            schema: the response schema as canonical JSON.
        """
        prompt = self.sections[key]
        return f"{prompt.front_matter.get('version')}-{self._hash(prompt.source, schema)}"

    def judge_version(self, schema: str) -> str:
        """The same of what a judge is told."""
        return f"{self.judge.version}-{self._hash(self.judge.text, schema)}"

    def _hash(self, *parts: str) -> str:
        digest = hashlib.sha256()
        for part in (*(self.shared[name] for name in sorted(SHARED)), *parts):
            digest.update(part.encode() + b"\x00")
        return digest.hexdigest()[:10]


def load(directory: Path | None = None) -> PromptSet:
    """Read all prompts.

    Args:
        directory: where they are; by default those packaged with the product, else those of the
            repository.

    Raises:
        PromptError: a file is missing, malformed, unknown, or uses the wrong variables.
    """
    directory = directory or _default_directory()
    files = {path.name: _read(path) for path in sorted(directory.glob("*.md"))}
    shared = {}
    for name, variables in SHARED.items():
        file = f"_{name}.md"
        if file not in files:
            raise PromptError(f"{directory / file} is missing: every draft needs it.")
        shared[name] = files.pop(file).strip()
        _check_variables(file, shared[name], variables)
    if JUDGE not in files:
        raise PromptError(f"{directory / JUDGE} is missing: the judge needs it.")
    judge = _judge(files.pop(JUDGE))
    if INSTRUCTION not in files:
        raise PromptError(f"{directory / INSTRUCTION} is missing: editors' wishes need it.")
    instruction = files.pop(INSTRUCTION).strip()
    _check_variables(INSTRUCTION, instruction, INSTRUCTION_VARIABLES)
    sections = sorted((_section(name, text) for name, text in files.items()), key=_place)
    by_key = {prompt.key: prompt for prompt in sections}
    if len(by_key) < len(sections):
        raise PromptError(f"{directory} has two files for one section.")
    return PromptSet(shared=shared, sections=by_key, judge=judge, instruction=instruction)


def fence(pack: EvidencePack) -> str:
    """The code in the tags around the pack's items: eight hex digits of the hash of all its text.

    The same pack always gives the same code, so that the prefix of every call is the same to the
    byte; and an item that wanted to close its tag would have to hold the hash of a text that
    holds that hash.
    """
    digest = hashlib.sha256()
    for passage in pack.passages:
        digest.update(f"{passage.id}\x00{passage.text}\x00".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:8]


def evidence(pack: EvidencePack) -> str:
    """The pack as prompts show it: items between tags, one numbered passage a line.

    ::

        <item-5f0c2a91 key="a2" outlet="The Daily" platform="news" published="2026-05-01 Friday">
        [a2.1] Text of the first passage.
        </item-5f0c2a91>
    """
    code = fence(pack)
    return "\n\n".join(
        "\n".join(
            (
                f"<item-{code} {_attributes(item)}>",
                *(f"[{p.id}] {neutralise(p.text)}" for p in passages),
                f"</item-{code}>",
            )
        )
        for item, passages in _by_item(pack)
    )


def neutralise(text: str) -> str:
    """Source text that cannot pose as part of the prompt, with words and quotes unchanged.

    ``<`` that opens what looks like a tag or a chat marker becomes ``‹``; brackets around what
    looks like a passage id or a chat marker become parentheses; invisible characters that can
    hide text or turn its direction are dropped (joiners that emoji and scripts need stay);
    white space becomes single spaces.  Prices, ``<3``, ``x < y`` and ``[sic]`` stay as they are.
    """
    visible = _INVISIBLE.sub("", text)
    spaced = " ".join(visible.split())
    return _BRACKETED.sub(r"(\1)", _TAG.sub("‹", spaced))


def estimate_tokens(text: str) -> int:
    """Tokens of a text, without a tokenizer: its UTF-8 bytes divided by 3.5, rounded up.

    The common rule of four characters a token is for English; counting bytes makes it hold
    roughly for other scripts, whose letters take more bytes and more tokens.  3.5 errs on the
    side of too many, so that a budget is kept.
    """
    return math.ceil(len(text.encode("utf-8", "surrogatepass")) / BYTES_PER_TOKEN)


def variables(template: str) -> frozenset[str]:
    """Names of the variables of an f-string template.

    Raises:
        ValueError: braces are not balanced.
    """
    return frozenset(
        name for _, name, _, _ in string.Formatter().parse(template) if name is not None
    )


def _default_directory() -> Path:
    package = Path(__file__).resolve().parents[1]
    packaged = package / "_prompts"
    return packaged if packaged.is_dir() else package.parent / "prompts"


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(f"{path} cannot be read as UTF-8 text: {error}") from error


def _check_variables(file: str, template: str, wanted: frozenset[str]) -> None:
    try:
        found = variables(template)
    except ValueError as error:
        raise PromptError(f"{file}: {error}. Write a literal brace twice.") from error
    if found != wanted:
        raise PromptError(
            f"{file} must use the variables {sorted(wanted)} and no others; it uses "
            f"{sorted(found)}. Write a literal brace twice."
        )


def _section(name: str, source: str) -> SectionPrompt:
    named = _FILE_NAME.fullmatch(name)
    if named is None:
        raise PromptError(f"{name}: a prompt is called <number>-<section key>.md or _<shared>.md.")
    front_matter, text = _parts(name, source)
    return SectionPrompt(
        key=named["key"],
        order=int(named["order"]),
        text=text,
        front_matter=front_matter,
        source=source,
    )


def _judge(source: str) -> JudgePrompt:
    front_matter, text = _parts(JUDGE, source)
    _check_variables(JUDGE, text, JUDGE_VARIABLES)
    version = front_matter.get("version")
    if set(front_matter) != {"version"} or not isinstance(version, int) or version < 1:
        raise PromptError(f"{JUDGE}: its front matter holds 'version', 1 or more, and no more.")
    return JudgePrompt(version=version, text=text)


def _parts(name: str, source: str) -> tuple[dict[str, Any], str]:
    """Front matter and text of a prompt file."""
    parts = _FRONT_MATTER.match(source)
    if parts is None or not parts["body"].strip():
        raise PromptError(f"{name}: expected TOML between two lines '+++', then the instruction.")
    try:
        return tomllib.loads(parts["toml"]), parts["body"].strip()
    except tomllib.TOMLDecodeError as error:
        raise PromptError(f"{name}: the front matter is not TOML: {error}") from error


def _place(prompt: SectionPrompt) -> tuple[int, str]:
    return prompt.order, prompt.key


def _by_item(pack: EvidencePack) -> Iterator[tuple[SourceItem, list[Passage]]]:
    passages: dict[str, list[Passage]] = {}
    for passage in pack.passages:
        passages.setdefault(passage.item_key, []).append(passage)
    for item in pack.items:
        if item.key in passages:
            yield item, passages[item.key]


def _attributes(item: SourceItem) -> str:
    published = item.published_at.strftime("%Y-%m-%d %A") if item.published_at else "unknown"
    said = {
        "key": item.key,
        "outlet": item.outlet or item.author or "unknown",
        "platform": item.platform,
        "published": published,
    }
    if item.origin != item.key:
        said["copy-of"] = item.origin
    return " ".join(f'{name}="{_attribute(value)}"' for name, value in said.items())


def _attribute(value: str) -> str:
    return neutralise(value).replace('"', "'").replace(">", "›")
