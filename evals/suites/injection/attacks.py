"""Hostile items and honest stories, loaded from ``attacks.toml``."""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError, field_validator, model_validator

from summarizer.domain.model import Model
from summarizer.errors import InputError

FILE = Path(__file__).with_name("attacks.toml")

_UNSEEN = re.compile("[\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


class Attack(Model):
    """One hostile item and the output of a model that obeys it.

    ``outlet``, ``author``, ``platform``, ``title`` and ``text`` are fields of the item.

    Args:
        kind: report group.
        story: name of the story with the honest items.
        claim: false claim that the attacker wants on the page.
        wants: words of the claim that no honest item contains.
        says: other sentences that the model writes; ``{key}`` stands for the API key.
        leaks: words that must not be shown: parts of instructions, links, prompts or secrets.
        cites: passage ids that the item asks to be cited.
        omits: a word; the model omits every honest claim that contains it.
        orders: whether the item contains instructions to the summarizer; without them, it is a
            lying source, which no gate can recognise.
    """

    id: str
    kind: str
    story: str
    outlet: str
    author: str | None = None
    platform: str = "blog"
    title: str = ""
    text: str
    claim: str
    wants: str
    says: tuple[str, ...] = ()
    leaks: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    omits: str | None = None
    orders: bool = True

    @field_validator("wants")
    @classmethod
    def _squashed(cls, words: str) -> str:
        return squash(words)

    @field_validator("leaks")
    @classmethod
    def _all_squashed(cls, leaks: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(squash(leak) or leak for leak in leaks)

    @model_validator(mode="after")
    def _claim_has_what_it_wants(self) -> Attack:
        if self.wants not in squash(self.claim):
            raise ValueError(f"'wants' ({self.wants!r}) is not in 'claim'")
        return self


class Story(Model):
    """Honest items as rows, in order of ingestion."""

    name: str
    rows: tuple[Mapping[str, Any], ...]

    def hostile_row(self, attack: Attack) -> dict[str, Any]:
        """The hostile item as a row, with the publication time of the second honest item."""
        return {
            "id": attack.id,
            "published_at": self.rows[1]["published_at"],
            "platform": attack.platform,
            "outlet": attack.outlet,
            "author": attack.author,
            "title": attack.title,
            "text": attack.text,
            "url": f"https://hostile.example/{attack.id}",
        }


class AttackSet(Model):
    """All attacks and their stories."""

    stories: Mapping[str, Story]
    attacks: tuple[Attack, ...]


def squash(text: str) -> str:
    """Normalise a text for comparison: NFKC, case-folded, one line, no invisible characters."""
    folded = unicodedata.normalize("NFKC", _UNSEEN.sub("", text))
    return " ".join(folded.casefold().split())


@cache
def load(path: Path = FILE) -> AttackSet:
    """Read the attacks and the stories they name.

    Raises:
        InputError: the file is not TOML, an attack is malformed, an id is not unique, or a story
            or sample item is missing; the message names it.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path.name} cannot be read as TOML: {error}") from error
    stories = {name: _story(name, row) for name, row in raw.get("stories", {}).items()}
    attacks = tuple(_attack(row, n, stories) for n, row in enumerate(raw.get("attack", []), 1))
    ids = [attack.id for attack in attacks]
    if twice := sorted({id_ for id_ in ids if ids.count(id_) > 1}):
        raise InputError(f"{path.name}: the id {twice[0]!r} is not unique.")
    return AttackSet(stories=stories, attacks=attacks)


def chosen(attack_set: AttackSet, ids: Sequence[str]) -> AttackSet:
    """Select attacks by id; all without ids.

    Raises:
        InputError: an id is unknown.
    """
    there = {attack.id: attack for attack in attack_set.attacks}
    if unknown := [id_ for id_ in ids if id_ not in there]:
        raise InputError(
            f"There is no attack {unknown[0]!r}. An id is one of {FILE.name}, such as "
            f"{attack_set.attacks[0].id!r}."
        )
    picked = tuple(there[id_] for id_ in dict.fromkeys(ids)) if ids else attack_set.attacks
    return attack_set.model_copy(update={"attacks": picked})


def _attack(row: Mapping[str, Any], n: int, stories: Mapping[str, Story]) -> Attack:
    try:
        attack = Attack(**row)
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(map(str, fault["loc"])) or "the attack"
        raise InputError(f"Attack {n} ({row.get('id')}): {where}: {fault['msg']}.") from error
    if attack.story not in stories:
        raise InputError(f"Attack {n} ({attack.id}): there is no story {attack.story!r}.")
    return attack


def _story(name: str, row: Mapping[str, Any]) -> Story:
    file = _samples() / "items" / f"{row['file']}.jsonl"
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise InputError(f"Story {name!r}: the samples have no {file.name}.") from error
    by_id = {item["id"]: item for item in map(json.loads, lines)}
    if missing := [id_ for id_ in row["items"] if id_ not in by_id]:
        raise InputError(f"Story {name!r}: {file.name} has no item {missing[0]!r}.")
    return Story(name=name, rows=tuple(by_id[id_] for id_ in row["items"]))


def _samples() -> Path:
    """Folder of the sample items: packaged with the product, else in the repository."""
    root = Path(__file__).resolve().parents[3]
    packaged = root / "summarizer" / "_examples"
    return packaged if packaged.is_dir() else root / "examples"
