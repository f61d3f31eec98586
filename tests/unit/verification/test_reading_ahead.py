"""Reading an evidence before there are claims on it."""

import pytest

from summarizer.domain.claims import Claim
from summarizer.domain.drafts import DraftedSection
from summarizer.drafting import prompts
from summarizer.text import parse
from summarizer.verification.entailment.lexical import LexicalEntailment
from summarizer.verification.evidence import index_of
from summarizer.verification.policy import load_policy
from summarizer.verification.reading_ahead import reading
from summarizer.verification.verify import Verifier
from tests.support.builders import a_pack, an_item

VERIFIER = Verifier(prompts.load().specs(), LexicalEntailment(), load_policy())
LINES = [f"Ferry {n} of Orlen Line ran aground near Pollux on Monday." for n in range(40)]


@pytest.fixture
def parsed(monkeypatch) -> list[str]:
    """Sentences that are parsed, in order."""
    found: list[str] = []
    parse_new = parse._parsed

    def counted(texts):
        found.extend(texts)
        return parse_new(texts)

    monkeypatch.setattr(parse, "_parsed", counted)
    return found


def test_after_it_a_check_parses_nothing_of_the_evidence(parsed):
    pack = a_pack(an_item("a1", "\n".join(LINES)))
    for _ in reading(pack):
        pass
    parsed.clear()
    claim = Claim(text="Ferry 7 of Orlen Line hit the ground near Pollux.", cites=("a1.8",))
    drafted = DraftedSection(key="key_points", claims=(claim,))
    VERIFIER.check(index_of(pack), [drafted])
    assert parsed == [claim.text]


def test_it_can_be_left_after_any_step(parsed):
    lines = [line.replace("Orlen", "Kelso") for line in LINES]
    steps = reading(a_pack(an_item("a1", "\n".join(lines))))
    while not parsed:
        next(steps)
    steps.close()
    assert len(parsed) < len(lines)


def test_an_evidence_without_passages_is_read_at_once():
    assert list(reading(a_pack()))
