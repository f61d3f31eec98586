"""Loading and versioning of prompt files, and formatting of evidence for prompts.

Prompts are files under ``prompts/``, not strings in code.  ``<n>-<key>.md`` instructs one section
and holds its limits as TOML between two lines ``+++``.  ``_<name>.md`` is shared by all sections:
an f-string template with the variables in ``SHARED``, which are checked when prompts are loaded.

Source text is untrusted.  Tags around items carry a hash of the whole pack that no item can forge
(``fence``); text that looks like a tag or a passage id is changed by one character and line
breaks become spaces (``neutralise``).
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
"""Shared prompts by name, each with exactly the variables that its file must use."""

JUDGE = "judge.md"
"""The judge's prompt: front matter with its version, then a template with these variables."""
JUDGE_VARIABLES = frozenset({"count", "code", "claims", "outline"})

INSTRUCTION = "instruction.md"
"""Template appended to the task when an editor adds an instruction.  It does not count towards a
section's version, since prompts without an instruction do not contain it."""
INSTRUCTION_VARIABLES = frozenset({"wish"})

BYTES_PER_TOKEN = 3.5
"""UTF-8 bytes per token for ``estimate_tokens``."""

_FILE_NAME = re.compile(r"(?P<order>\d+)-(?P<key>[a-z][a-z0-9_]*)\.md")
_FRONT_MATTER = re.compile(r"\A\+\+\+\n(?P<toml>.*?)^\+\+\+\n(?P<body>.*)\Z", re.S | re.M)

_TAG = re.compile(r"<(?=[/|!?<A-Za-z])")
_BRACKETED = re.compile(r"\[\s*(/?(?:INST|SYS|[A-Za-z]+\d+\.\d+))\s*\]")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # control characters that are not white space
    "\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069"  # zero width, bidirectional overrides
    "\ud800-\udfff\U000e0000-\U000e007f]"  # surrogates, tag characters
)


class SectionPrompt(Model):
    """One section's prompt file.

    Args:
        order: number at the front of the file name.
        text: the instruction, without front matter.
        front_matter: fields of ``sections.Limits``, not yet validated.
        source: the whole file, for the version hash.
    """

    key: str
    order: int
    text: str
    front_matter: Mapping[str, Any]
    source: str


class JudgePrompt(Model):
    """The judge's prompt file: the version in its front matter, and the template."""

    version: int
    text: str


class PromptSet(Model):
    """All prompts of one directory.

    Args:
        shared: templates by name, the names of ``SHARED``.
        sections: instructions by key, in the order of their files.
        judge: the judge's prompt.
        instruction: template around an editor's instruction.
    """

    shared: Mapping[str, str]
    sections: Mapping[str, SectionPrompt]
    judge: JudgePrompt
    instruction: str

    def specs(self) -> tuple[SectionSpec, ...]:
        """Section specs: registry rows with their front matter, in page order.

        Raises:
            PromptError: a section lacks its row or its file, or a front matter is malformed.
        """
        return specs({key: prompt.front_matter for key, prompt in self.sections.items()})

    def version(self, key: str, schema: str) -> str:
        """``<version>-<hash>`` of a section's prompt, the shared prompts and the response schema.

        Args:
            key: the section.
            schema: the response schema as canonical JSON.
        """
        prompt = self.sections[key]
        return f"{prompt.front_matter.get('version')}-{self._hash(prompt.source, schema)}"

    def judge_version(self, schema: str) -> str:
        """``<version>-<hash>`` of the judge's prompt, the shared prompts and the schema."""
        return f"{self.judge.version}-{self._hash(self.judge.text, schema)}"

    def _hash(self, *parts: str) -> str:
        digest = hashlib.sha256()
        for part in (*(self.shared[name] for name in sorted(SHARED)), *parts):
            digest.update(part.encode() + b"\x00")
        return digest.hexdigest()[:10]


def load(directory: Path | None = None) -> PromptSet:
    """Read all prompts.

    Args:
        directory: defaults to the packaged prompts, else the repository's ``prompts/``.

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
        raise PromptError(f"{directory / INSTRUCTION} is missing: editors' instructions need it.")
    instruction = files.pop(INSTRUCTION).strip()
    _check_variables(INSTRUCTION, instruction, INSTRUCTION_VARIABLES)
    sections = sorted((_section(name, text) for name, text in files.items()), key=_place)
    by_key = {prompt.key: prompt for prompt in sections}
    if len(by_key) < len(sections):
        raise PromptError(f"{directory} has two files for one section.")
    return PromptSet(shared=shared, sections=by_key, judge=judge, instruction=instruction)


def fence(pack: EvidencePack) -> str:
    """Code for the tags around items: eight hexadecimal digits of the hash of the pack's text.

    It is deterministic, so that prompt caching works.  An item cannot forge it, since it would
    have to contain the hash of a text that contains that hash.
    """
    digest = hashlib.sha256()
    for passage in pack.passages:
        digest.update(f"{passage.id}\x00{passage.text}\x00".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:8]


def evidence(pack: EvidencePack) -> str:
    """The pack as prompts show it: items between tags, one passage with its id per line.

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
    """Neutralise prompt delimiters in source text; words and quotes stay unchanged.

    ``<`` before a tag or chat marker becomes ``‹``.  Brackets around a passage id or chat marker
    become parentheses.  Invisible characters that hide text or change its direction are removed;
    joiners that emoji and scripts need stay.  Runs of white space become one space.  ``<3``,
    ``x < y`` and ``[sic]`` are unchanged.
    """
    visible = _INVISIBLE.sub("", text)
    spaced = " ".join(visible.split())
    return _BRACKETED.sub(r"(\1)", _TAG.sub("‹", spaced))


def estimate_tokens(text: str) -> int:
    """Estimate the tokens of a text without a tokenizer: UTF-8 bytes / 3.5, rounded up.

    The usual rule is four characters per token for English.  Bytes instead of characters make it
    hold roughly for other scripts; 3.5 instead of 4 overestimates, so that a budget is kept.
    """
    return math.ceil(len(text.encode("utf-8", "surrogatepass")) / BYTES_PER_TOKEN)


def variables(template: str) -> frozenset[str]:
    """Names of the variables in an f-string template.

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
    values = {
        "key": item.key,
        "outlet": item.outlet or item.author or "unknown",
        "platform": item.platform,
        "published": published,
    }
    if item.origin != item.key:
        values["copy-of"] = item.origin
    return " ".join(f'{name}="{_attribute(value)}"' for name, value in values.items())


def _attribute(value: str) -> str:
    return neutralise(value).replace('"', "'").replace(">", "›")
