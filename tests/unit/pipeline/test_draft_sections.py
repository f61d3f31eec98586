"""The path from evidence to sections, with a drafter that reads from a script."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence

import pytest

from summarizer.domain.absences import NOT_SINGLE_INCIDENT
from summarizer.domain.claims import Claim, JudgeVerdict, VerdictLabel
from summarizer.domain.drafts import (
    DraftedSection,
    Drafting,
    Judgement,
    Repair,
    Repairs,
    Section,
    Usage,
)
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.progress import DraftProgress, Stage
from summarizer.domain.sections import SectionSpec
from summarizer.drafting import prompts
from summarizer.errors import ModelError
from summarizer.pipeline.draft_sections import draft_sections
from summarizer.ports.models import ClaimJudge, Drafter
from summarizer.verification import corroboration
from summarizer.verification.entailment.lexical import LexicalEntailment
from summarizer.verification.policy import load_policy
from summarizer.verification.verify import Verifier
from tests.support.builders import a_pack, an_item


def a_spec(key: str, **limits: int) -> SectionSpec:
    spec = next(spec for spec in prompts.load().specs() if spec.key == key)
    return spec.model_copy(update={"limits": spec.limits.model_copy(update=limits)})


POINTS = a_spec("key_points", min_claims=1)
PACK = a_pack(
    an_item("a1", "Halden Line cancelled 14 crossings on 7 May 2026.\nNobody was hurt in Tolby.")
)
TRUE = Claim(text="Halden Line cancelled 14 crossings on 7 May 2026.", cites=("a1.1",))
FALSE = Claim(text="Halden Line cancelled 41 crossings on 7 May 2026.", cites=("a1.1",))
DOUBTED_MENDED = Claim(text="Nobody was hurt in Tolby.", cites=("a1.2",))
COST = Usage(calls=1, input_tokens=100, output_tokens=20)


class ScriptedDrafter:
    """Writes the same claims every time, and repairs them by their text.

    Args:
        claims: of the one section that it is asked for.
        mended: repaired claims by the text of the failed one; the others are given up.
        failure: raised in place of a draft.
    """

    name, model = "scripted", None

    def __init__(
        self,
        *claims: Claim,
        mended: Mapping[str, Claim] | None = None,
        failure: Exception | None = None,
    ) -> None:
        self.claims, self.mended, self.failure = claims, mended or {}, failure
        self.repairs: list[Repair] = []
        self.instructions: list[str | None] = []

    def draft(
        self,
        pack: EvidencePack,
        sections: Sequence[SectionSpec],
        on_section: Callable[[DraftedSection], None],
        instruction: str | None = None,
    ) -> Drafting:
        self.instructions.append(instruction)
        if self.failure:
            raise self.failure
        (spec,) = sections
        abstained = None if self.claims else "Nothing to say."
        drafted = DraftedSection(key=spec.key, claims=self.claims, abstained=abstained)
        on_section(drafted)
        return Drafting(sections=(drafted,), usage=COST)

    def repair(self, pack: EvidencePack, repairs: Sequence[Repair]) -> Repairs:
        self.repairs += repairs
        claims = {
            r.claim.id: self.mended[r.claim.text] for r in repairs if r.claim.text in self.mended
        }
        return Repairs(claims=claims, usage=COST)


def drafted(
    drafter: Drafter, judge: ClaimJudge | None = None, instruction: str | None = None
) -> tuple[Section, Usage, list[DraftProgress]]:
    """The one section, its cost, and what was told of it."""
    told: list[DraftProgress] = []
    verifier = Verifier([POINTS], LexicalEntailment(), load_policy(), judge)
    (section,), usage, _ = draft_sections(
        PACK, drafter, verifier, [POINTS], told.append, instruction
    )
    return section, usage, told


def test_a_supported_claim_is_shown_and_costs_one_draft():
    drafter = ScriptedDrafter(TRUE)
    section, usage, _ = drafted(drafter)
    assert [shown.claim.text for shown in section.shown] == [TRUE.text]
    assert section.shown[0].verdict.label is VerdictLabel.SUPPORTED
    assert section.withheld == ()
    assert drafter.repairs == []
    assert usage == COST


def test_a_failing_claim_is_repaired_once_and_shown_with_its_first_words():
    drafter = ScriptedDrafter(FALSE, mended={FALSE.text: TRUE})
    section, usage, told = drafted(drafter)
    (repair,) = drafter.repairs
    assert (repair.section, repair.claim.text) == (POINTS.key, FALSE.text)
    assert repair.failures
    assert [(c.claim.text, c.repaired_from) for c in section.shown] == [(TRUE.text, FALSE.text)]
    assert usage == COST + COST
    assert "repaired 1 of them" in [event.detail for event in told]


@pytest.mark.parametrize(
    "mended", [{}, {FALSE.text: FALSE.model_copy(update={"text": "It cancelled 90 crossings."})}]
)
def test_a_claim_that_fails_after_its_repair_is_withheld_with_reasons(mended):
    drafter = ScriptedDrafter(TRUE, FALSE, mended=mended)
    section, _, _ = drafted(drafter)
    assert [shown.claim.text for shown in section.shown] == [TRUE.text]
    (withheld,) = section.withheld
    assert withheld.verdict.failures
    assert len(drafter.repairs) == 1


def test_a_wrong_citation_is_mended_without_asking_the_drafter():
    drafter = ScriptedDrafter(TRUE.model_copy(update={"cites": ("a1.2",)}))
    section, usage, _ = drafted(drafter)
    (shown,) = section.shown
    assert shown.claim.cites == ("a1.1",)
    assert shown.recited_from == ("a1.2",)
    assert (drafter.repairs, usage) == ([], COST)


class Judge:
    """A judge that refuses some sentences, and keeps what it was asked."""

    name = "scripted"

    def __init__(self, *refused: str, silent: bool = False) -> None:
        self.refused, self.silent = refused, silent
        self.asked: list[list[str]] = []
        self.questions: list[str] = []

    def judge(
        self,
        pack: EvidencePack,
        claims: Sequence[Claim],
        questions: Mapping[str, Sequence[str]],
        page: Mapping[str, Sequence[str]] | None = None,
    ) -> Judgement:
        self.asked.append([claim.text for claim in claims])
        self.questions += [question for found in questions.values() for question in found]
        verdicts = {
            claim.id: JudgeVerdict(
                label=VerdictLabel.UNSUPPORTED
                if claim.text in self.refused
                else VerdictLabel.SUPPORTED,
                reason="The judge says why.",
            )
            for claim in claims
        }
        return Judgement(verdicts={} if self.silent else verdicts, usage=COST)


def test_a_judge_sees_the_passages_that_the_drafter_chose_and_what_is_doubted_of_them():
    judge = Judge()
    drafter = ScriptedDrafter(TRUE.model_copy(update={"cites": ("a1.2",)}))
    section, _, _ = drafted(drafter, judge)
    (shown,) = section.shown
    assert (shown.claim.cites, shown.recited_from) == (("a1.2",), None)
    assert judge.questions


def test_a_citation_of_no_passage_is_mended_though_a_judge_decides():
    drafter = ScriptedDrafter(TRUE.model_copy(update={"cites": ("a1",)}))
    section, _, _ = drafted(drafter, Judge())
    (shown,) = section.shown
    assert (shown.claim.cites, shown.recited_from) == (("a1.1",), ("a1",))


DOUBTED = Claim(text="Nobody in Tolby came to any harm.", cites=("a1.2",))
UNQUOTED = Claim(text='"We are sorry," Halden Line said.', cites=("a1.1",))


def test_what_the_judge_supports_is_shown_with_the_findings_that_it_overruled():
    judge = Judge()
    section, usage, told = drafted(ScriptedDrafter(TRUE, FALSE), judge)
    assert [c.claim.text for c in section.shown] == [TRUE.text, FALSE.text]
    assert [f.check for f in section.shown[1].verdict.overruled] == ["numbers"]
    assert judge.asked == [[TRUE.text, FALSE.text]]
    assert usage == COST + COST
    assert Stage.JUDGED in [event.stage for event in told]


def test_what_the_judge_refuses_is_repaired_with_its_reason_and_judged_again_alone():
    drafter = ScriptedDrafter(TRUE, DOUBTED, mended={DOUBTED.text: DOUBTED_MENDED})
    judge = Judge(DOUBTED.text)
    section, usage, _ = drafted(drafter, judge)
    assert [f.reason for f in drafter.repairs[0].failures][-1] == "The judge says why."
    assert judge.asked == [[TRUE.text, DOUBTED.text], [DOUBTED_MENDED.text]]
    assert [c.claim.text for c in section.shown] == [TRUE.text, DOUBTED_MENDED.text]
    assert all(c.verdict.judge for c in section.shown)
    assert usage.calls == 4


def test_what_the_judge_refuses_again_or_the_drafter_gives_up_is_withheld():
    for mended in ({}, {DOUBTED.text: DOUBTED}):
        section, _, _ = drafted(ScriptedDrafter(TRUE, DOUBTED, mended=mended), Judge(DOUBTED.text))
        assert [c.claim.text for c in section.shown] == [TRUE.text]
        (withheld,) = section.withheld
        assert [f.check for f in withheld.verdict.failures][-1] == "judge"


def test_the_judge_cannot_save_an_exact_failure():
    judge = Judge()
    section, _, _ = drafted(ScriptedDrafter(TRUE, UNQUOTED), judge)
    assert [c.claim.text for c in section.withheld] == [UNQUOTED.text]
    assert judge.asked == [[TRUE.text]]


def test_a_claim_with_an_overruled_finding_keeps_its_cautions():
    plain = Claim(text="Acme allegedly cancelled 41 crossings on 7 May 2026.", cites=("a1.1",))
    section, _, _ = drafted(ScriptedDrafter(plain), Judge())
    (shown,) = section.shown
    assert shown.verdict.overruled
    assert "It does not say who alleges this." in shown.verdict.warnings


def test_without_a_verdict_of_the_judge_nothing_is_shown():
    judge = Judge(silent=True)
    section, _, _ = drafted(ScriptedDrafter(TRUE), judge)
    assert section.shown == ()
    assert section.withheld[0].verdict.label is VerdictLabel.UNCHECKED
    assert judge.asked[:2] == [[TRUE.text]] * 2


class Slow:
    """Work beside a call, and a call that ends when that work has begun."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.begun, self.fault = threading.Event(), fault

    def steps(self, *_: object) -> Iterator[None]:
        self.begun.set()
        if self.fault:
            raise self.fault
        yield


class Model(ScriptedDrafter):
    """A drafter that answers when the work beside it has begun."""

    name, model = "scripted", "m"  # type: ignore[assignment]

    def __init__(self, *claims: Claim, beside: Slow) -> None:
        super().__init__(*claims)
        self.beside = beside

    def draft(self, pack, sections, on_section, instruction=None):
        assert self.beside.begun.wait(10)
        return super().draft(pack, sections, on_section, instruction)


@pytest.mark.parametrize("fault", [None, ValueError("no")])
def test_while_a_model_writes_its_evidence_is_read_and_a_fault_changes_nothing(monkeypatch, fault):
    slow = Slow(fault)
    monkeypatch.setattr("summarizer.pipeline.draft_sections.reading", slow.steps)
    section, usage, told = drafted(Model(TRUE, FALSE, beside=slow))
    assert (section, usage, told) == drafted(ScriptedDrafter(TRUE, FALSE))


def test_without_a_model_nothing_is_read_ahead(monkeypatch):
    slow = Slow()
    monkeypatch.setattr("summarizer.pipeline.draft_sections.reading", slow.steps)
    drafted(ScriptedDrafter(TRUE))
    assert not slow.begun.is_set()


def test_while_a_judge_decides_it_is_looked_for_who_asserts_the_claims(monkeypatch):
    asked = threading.Event()

    class Noticed(Judge):
        def judge(self, pack, claims, questions, page=None):
            assert asked.wait(10)
            return super().judge(pack, claims, questions, page)

    def tellers(claims, entailment):
        asked.set()
        return found(claims, entailment)

    found = corroboration.tellers
    monkeypatch.setattr(corroboration, "tellers", tellers)
    section, _, _ = drafted(ScriptedDrafter(TRUE), Noticed())
    assert section.shown[0].origins == 1


def test_a_section_without_claims_abstains():
    section, _, told = drafted(ScriptedDrafter())
    assert section.abstained
    assert (section.shown, section.withheld) == ((), ())
    assert told[0].detail == f"drafted {POINTS.key}: abstained"


def test_of_items_that_tell_of_no_single_incident_no_page_is_made():
    drafter = ScriptedDrafter(TRUE)
    bundle = a_pack(an_item("a1", "Halden Line cancelled 14 crossings.", title="Morning Briefing"))
    told: list[DraftProgress] = []
    verifier = Verifier([POINTS], LexicalEntailment(), load_policy())
    sections, usage, _ = draft_sections(bundle, drafter, verifier, [POINTS], told.append)
    assert [section.abstained for section in sections] == [NOT_SINGLE_INCIDENT]
    assert usage.calls == 0
    assert [event.stage for event in told] == [Stage.DRAFTED, Stage.GATED]


def test_steps_are_told_in_order():
    _, _, told = drafted(ScriptedDrafter(TRUE))
    assert [event.stage for event in told] == [Stage.DRAFTED, Stage.VERIFIED, Stage.GATED]
    assert told[0].drafted is not None and told[0].section == POINTS.key
    assert told[-1].detail == "shows 1 claims, withholds 0"


def test_an_editors_wish_reaches_the_drafter():
    drafter = ScriptedDrafter(TRUE)
    drafted(drafter, instruction="Name the ferry.")
    assert drafter.instructions == ["Name the ferry."]


def test_nothing_is_told_when_the_model_fails():
    told: list[DraftProgress] = []
    verifier = Verifier([POINTS], LexicalEntailment(), load_policy())
    drafter = ScriptedDrafter(failure=ModelError("no"))
    with pytest.raises(ModelError):
        draft_sections(PACK, drafter, verifier, [POINTS], told.append)
    assert told == []
