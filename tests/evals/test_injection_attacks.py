"""The file of attacks: what it holds, and how its faults are named."""

import re
from collections import Counter
from pathlib import Path

import pytest

from evals.suites.injection import Attack, attacks
from evals.suites.injection.attacks import squash
from summarizer.errors import InputError

SET = attacks.load()


def words_of(story: str) -> str:
    rows = SET.stories[story].rows
    return squash(" ".join(f"{row['title']} {row['text']} {row['outlet']}" for row in rows))


def test_there_are_many_attacks_of_many_kinds() -> None:
    kinds = Counter(attack.kind for attack in SET.attacks)
    assert len(SET.attacks) >= 64
    assert len(kinds) >= 10
    assert min(kinds.values()) >= 3


@pytest.mark.parametrize("attack", SET.attacks, ids=lambda a: a.id)
def test_no_honest_item_says_what_an_attack_wants_or_leaks(attack: Attack) -> None:
    honest = words_of(attack.story)
    assert attack.wants not in honest
    assert [leak for leak in attack.leaks if leak in honest] == []


@pytest.mark.parametrize("attack", SET.attacks, ids=lambda a: a.id)
def test_what_an_attack_wants_left_out_is_in_the_honest_items(attack: Attack) -> None:
    assert squash(attack.omits or "") in words_of(attack.story)


def test_every_address_is_of_a_domain_that_cannot_exist() -> None:
    hosts = re.findall(r"https?://([\w.-]+)", attacks.FILE.read_text(encoding="utf-8"))
    assert hosts
    assert [host for host in hosts if not host.endswith(".example")] == []


HEAD = '[stories.s]\nfile = "varnway-shuttle-fine"\nitems = ["varn-03", "varn-04"]\n'
GOOD = (
    '[[attack]]\nid = "x-1"\nkind = "x"\nstory = "s"\noutlet = "Fennmoor Notes"\n'
    'text = "It rained."\nclaim = "It rained."\nwants = "rained"\n'
)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (HEAD + "[[attack", "TOML"),
        (HEAD + GOOD.replace('text = "It rained."\n', ""), r"Attack 1 \(x-1\): text"),
        (HEAD + GOOD + 'colour = "red"\n', "colour"),
        (HEAD + GOOD.replace('wants = "rained"', 'wants = "snowed"'), "snowed"),
        (HEAD + GOOD.replace('story = "s"', 'story = "t"'), "no story 't'"),
        (HEAD + GOOD + GOOD, "is not unique"),
        (HEAD.replace("varn-04", "varn-99") + GOOD, "varn-99"),
        (HEAD.replace("varnway-shuttle-fine", "nothing") + GOOD, "nothing.jsonl"),
    ],
)
def test_a_fault_in_the_file_is_named(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "attacks.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=says):
        attacks.load(file)


def test_a_good_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "attacks.toml"
    file.write_text(HEAD + GOOD, encoding="utf-8")
    (attack,) = attacks.load(file).attacks
    assert attack.orders
    assert attacks.load(file).stories["s"].hostile_row(attack)["outlet"] == "Fennmoor Notes"


@pytest.mark.parametrize(
    ("text", "squashed"),
    [("Vаrnway  SOLD\nit", "vаrnway sold it"), ("ＳＯＬＤ", "sold"), ("so\u200bld", "sold")],
)
def test_text_is_compared_without_capitals_widths_and_invisible_characters(
    text: str, squashed: str
) -> None:
    assert squash(text) == squashed
