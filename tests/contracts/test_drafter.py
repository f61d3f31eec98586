"""What every drafter keeps, whatever writes its sentences.

To hold another adapter to it, add a factory to ``DRAFTERS``.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import pytest

from evals.mock_server import MessagesServer, any_answer
from summarizer.adapters.anthropic import AnthropicDrafter
from summarizer.domain.claims import Claim, Failure
from summarizer.domain.drafts import DraftedSection, Repair
from summarizer.domain.evidence import EvidencePack
from summarizer.drafting import prompts
from summarizer.drafting.extractive.drafter import ExtractiveDrafter
from summarizer.drafting.response import Plan
from summarizer.ports.models import Drafter
from tests.support.builders import NOON, a_pack, an_item, hours
from tests.support.clock import ManualClock
from tests.support.model import a_config

SPECS = prompts.load().specs()


def anthropic(plan: Plan) -> Callable[[], AbstractContextManager[Drafter]]:
    """The model's drafter before a server that answers whatever is asked."""

    @contextmanager
    def made() -> Iterator[Drafter]:
        with MessagesServer(any_answer) as server:
            config = a_config(server.url, plan=plan, max_attempts=1)
            drafter = AnthropicDrafter(config, prompts.load(), ManualClock())
            yield drafter
            drafter.close()

    return made


DRAFTERS: dict[str, Callable[[], AbstractContextManager[Drafter]]] = {
    "anthropic-single": anthropic("single"),
    "anthropic-parallel": anthropic("parallel"),
    "extractive": lambda: nullcontext(ExtractiveDrafter()),
}


@pytest.fixture(params=DRAFTERS)
def drafter(request: pytest.FixtureRequest) -> Iterator[Drafter]:
    with DRAFTERS[request.param]() as made:
        yield made


@pytest.fixture
def pack() -> EvidencePack:
    return a_pack(
        an_item(
            "a1",
            "The ferry operator Halden Line cancelled 14 crossings on Friday after a software "
            "update locked its ticket gates.\n"
            '"We tested the update for two days," said Ana Ruiz, a spokesperson for Halden Line.\n'
            "The port authority will publish its report on 12 June 2026.",
        ),
        an_item(
            "a2",
            "Passengers' group Landfall accused Halden Line of ignoring warnings about the gates.\n"
            "Halden Line denied that it had been warned.",
            outlet="Harbour News",
            published_at=NOON + hours(20),
        ),
    )


def ignore(_: DraftedSection) -> None:
    pass


def a_repair(text: str, *cites: str) -> Repair:
    failure = Failure(check="numbers", reason="The passage says 14, not 41.")
    return Repair(
        section=SPECS[2].key, claim=Claim(text=text, id=text, cites=cites), failures=(failure,)
    )


def test_it_has_a_name_and_says_which_model_if_any(drafter):
    assert drafter.name
    assert drafter.model is None or drafter.model


def test_every_section_comes_exactly_once_in_the_order_asked(drafter, pack):
    backwards = SPECS[::-1]
    drafting = drafter.draft(pack, backwards, ignore)
    assert [section.key for section in drafting.sections] == [spec.key for spec in backwards]


def test_sections_are_announced_once_each_as_they_are_returned(drafter, pack):
    announced: list[DraftedSection] = []
    drafting = drafter.draft(pack, SPECS, announced.append)
    assert sorted(announced, key=lambda s: s.key) == sorted(drafting.sections, key=lambda s: s.key)


def test_a_section_has_claims_or_says_why_not(drafter, pack):
    for section in drafter.draft(pack, SPECS, ignore).sections:
        assert bool(section.claims) != bool(section.abstained)


def test_every_claim_is_a_sentence_that_cites_passages_of_the_pack(drafter, pack):
    claims = [c for s in drafter.draft(pack, SPECS, ignore).sections for c in s.claims]
    assert claims
    for claim in claims:
        assert claim.text.strip()
        assert claim.cites
        assert all(pack.passage(cite) for cite in claim.cites)


def test_every_claim_has_an_id_of_its_own(drafter, pack):
    ids = [c.id for s in drafter.draft(pack, SPECS, ignore).sections for c in s.claims]
    assert all(ids)
    assert len(set(ids)) == len(ids)


def test_without_evidence_every_section_abstains(drafter):
    for section in drafter.draft(EvidencePack(items=(), passages=()), SPECS, ignore).sections:
        assert section.claims == ()
        assert section.abstained


def test_no_sections_are_no_work(drafter, pack):
    drafting = drafter.draft(pack, [], ignore)
    assert (drafting.sections, drafting.usage.calls) == ((), 0)


def test_the_same_evidence_gives_the_same_draft(drafter, pack):
    first, second = (drafter.draft(pack, SPECS, ignore) for _ in range(2))
    assert first.sections == second.sections


def test_a_repair_is_answered_by_the_id_of_its_claim_or_given_up(drafter, pack):
    repairs = [
        a_repair("Halden Line cancelled 41 crossings.", "a1.1"),
        a_repair("Halden Line admitted it had been warned.", "a2.2"),
        a_repair("Nobody knows why."),
    ]
    answered = drafter.repair(pack, repairs).claims
    assert set(answered) <= {repair.claim.id for repair in repairs}
    assert all(claim.text.strip() for claim in answered.values())


def test_nothing_to_repair_costs_nothing(drafter, pack):
    repairs = drafter.repair(pack, [])
    assert (repairs.claims, repairs.usage.calls) == ({}, 0)
