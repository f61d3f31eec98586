"""Loading and versioning of prompt files, and formatting of evidence for prompts.

Prompts are files under ``prompts/``, not strings in code.  ``<n>-<key>.md`` instructs one section
and holds its limits as TOML between two lines ``+++``.  ``_<name>.md`` is shared by all sections:
an f-string template with the variables in ``SHARED``, which are checked when prompts are loaded.

Source text is untrusted.  Tags around items carry a code that no item contains (``fence``), and
text that looks like a part of the prompt is changed by one character (``neutral_text``).
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
from summarizer.drafting import neutral_text
from summarizer.errors import PromptError
from summarizer.verification.recent_packs import remembered

SHARED: Mapping[str, frozenset[str]] = {
    "rules": frozenset({"sections", "repairs", "judging"}),
    "evidence": frozenset({"fence", "left_out", "items"}),
    "task": frozenset({"count", "outline"}),
    "section": frozenset({"key", "instruction", "claims", "max_words", "kinds"}),
    "repair": frozenset({"fence", "items", "sentences", "outline"}),
    "judge": frozenset({"count", "code", "claims", "page", "last"}),
    "retry": frozenset({"error"}),
}
"""Shared templates by name, each with exactly the variables that its file must use."""

REPAIR = "_repair_rules.md"
"""Rules of a repair, as text."""

JUDGE = "judge.md"
"""Rules of the judge: front matter with its version, then text."""

INSTRUCTION = "instruction.md"
"""Template appended to the task when an editor adds an instruction.  It does not count towards a
section's version, since prompts without an instruction do not contain it."""
INSTRUCTION_VARIABLES = frozenset({"wish"})

LONGEST_TITLE = 200
"""Characters of an item's title in its tag."""

BYTES_PER_TOKEN = 3.5
"""UTF-8 bytes per token for ``estimate_tokens``."""

_FILE_NAME = re.compile(r"(?P<order>\d{1,4})-(?P<key>[a-z][a-z0-9_]*)\.md")
_FRONT_MATTER = re.compile(r"\A\+\+\+\n(?P<toml>.*?)^\+\+\+\n(?P<body>.*)\Z", re.S | re.M)


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
    """The judge's prompt file: the version in its front matter, and the text."""

    version: int
    text: str


class PromptSet(Model):
    """All prompts of one directory.

    Args:
        shared: templates by name, the names of ``SHARED``.
        sections: instructions by key, in the order of their files.
        repairs: the rules of a repair.
        judge: the judge's prompt.
        instruction: template around an editor's instruction.
    """

    shared: Mapping[str, str]
    sections: Mapping[str, SectionPrompt]
    repairs: str
    judge: JudgePrompt
    instruction: str

    def specs(self) -> tuple[SectionSpec, ...]:
        """Section specs: registry rows with their front matter, in page order.

        Raises:
            PromptError: a section lacks its row or its file, or a front matter is malformed.
        """
        return specs({key: prompt.front_matter for key, prompt in self.sections.items()})

    def version(self, key: str) -> str:
        """``<version>-<hash>`` of a section's prompt and the shared prompts."""
        prompt = self.sections[key]
        return f"{prompt.front_matter.get('version')}-{self._hash(prompt.source)}"

    @property
    def judge_version(self) -> str:
        """``<version>-<hash>`` of the judge's prompt and the shared prompts."""
        return f"{self.judge.version}-{self._hash(self.judge.text)}"

    def _hash(self, own: str) -> str:
        digest = hashlib.sha256()
        for part in (*(self.shared[name] for name in sorted(SHARED)), self.repairs, own):
            digest.update(part.encode() + b"\x00")
        return digest.hexdigest()[:10]


def load(directory: Path | None = None) -> PromptSet:
    """Read all prompts.

    Args:
        directory: the shipped prompts if left out.

    Raises:
        PromptError: a file is missing, malformed, unknown, or uses the wrong variables.
    """
    directory = directory or _shipped()
    return _loaded(directory, _files(directory))


def load_over_shipped(directory: Path) -> PromptSet:
    """Read prompts of which the directory holds only some: the others are the shipped ones.

    Raises:
        PromptError: it holds no prompt, or one that is malformed, unknown, or uses the wrong
            variables.
    """
    own = _files(directory)
    if not own:
        raise PromptError(f"{directory} is no folder of prompts: no file in it ends with .md.")
    return _loaded(directory, _files(_shipped()) | own)


def _files(directory: Path) -> dict[str, str]:
    return {path.name: _read(path) for path in sorted(directory.glob("*.md"))}


def _loaded(directory: Path, files: dict[str, str]) -> PromptSet:
    shared = {}
    for name, variables in SHARED.items():
        file = f"_{name}.md"
        if file not in files:
            raise PromptError(f"{directory / file} is missing: every draft needs it.")
        shared[name] = files.pop(file).strip()
        _check_variables(file, shared[name], variables)
    if REPAIR not in files:
        raise PromptError(f"{directory / REPAIR} is missing: every draft needs it.")
    repairs = files.pop(REPAIR).strip()
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
        raise PromptError(
            f"There are two files for one section, with a file of {directory}: a file that takes "
            "the place of a shipped one has its name."
        )
    return PromptSet(
        shared=shared, sections=by_key, repairs=repairs, judge=judge, instruction=instruction
    )


@remembered
def fence(pack: EvidencePack) -> str:
    """Code for the tags around items, which no text of the pack contains."""
    return neutral_text.code(
        (
            *(f"{item.key} {_attributes(item)}" for item in pack.items),
            *(f"{passage.id} {passage.text}" for passage in pack.passages),
        )
    )


def evidence(pack: EvidencePack, code: str | None = None) -> str:
    """The pack as prompts show it: items between tags, one passage with its id per line.

    Args:
        pack: the evidence, or a part of it.
        code: code of the tags; ``fence`` of the pack by default.

    ::

        <item-5f0c2a91 key="a2" outlet="The Daily" platform="news" published="…" title="…">
        [a2.1] Text of the first passage.
        </item-5f0c2a91>
    """
    code = code or fence(pack)
    return "\n\n".join(
        "\n".join(
            (
                f"<item-{code} {_attributes(item)}>",
                *(f"[{p.id}] {neutral_text.neutralise(p.text)}" for p in passages),
                f"</item-{code}>",
            )
        )
        for item, passages in _by_item(pack)
    )


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


def _shipped() -> Path:
    """The packaged prompts, else the repository's ``prompts/``."""
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
    if item.title and not item.text.startswith(item.title):
        values["title"] = item.title[:LONGEST_TITLE]
    return " ".join(f'{name}="{neutral_text.attribute(value)}"' for name, value in values.items())
