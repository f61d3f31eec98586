"""Drafts with a known result for the measures of the drafting suite."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evals.suites.drafting.judged import Judged
from summarizer.domain.claims import CheckedClaim, Claim, Failure, Stance, Verdict, VerdictLabel
from summarizer.domain.drafts import Draft, Section, Usage
from summarizer.domain.evidence import Evidence, EvidencePack
from summarizer.domain.incidents import IncidentId
from summarizer.domain.sections import Rule
from summarizer.drafting import prompts
from summarizer.verification.entailment.lexical import LexicalEntailment
from summarizer.verification.policy import load_policy
from summarizer.verification.verify import Verifier
from tests.support.builders import NOON, a_pack, an_item

SPECS = prompts.load().specs()
FREE = Usage()
PROSE = next(spec.key for spec in SPECS if not spec.row.rules)
OF_RULE = {rule: next(s.key for s in SPECS if rule in s.row.rules) for rule in Rule}

RECALL = "The maker recalled 40 lamps on Monday after two of them caught fire."
SORRY = '"We are sorry for the fires," said Mara Quill, who runs Brightwell.'
CALM = "Odo Fenn said the lamps were safe in every test that he had seen."
TWICE = "Two of the lamps caught fire, and the maker recalled 40 on Monday."
OTHER = "A baker in Stonewick opened her shop at dawn and sold every loaf by noon."
LAMPS = an_item("a1", f"{RECALL}\n{SORRY}\n{CALM}")


def claim(text: str, *cites: str, **fields: Any) -> Claim:
    return Claim(text=text, cites=cites, **fields)


def shown(one: Claim, label: VerdictLabel = VerdictLabel.SUPPORTED, *failed: str) -> CheckedClaim:
    failures = tuple(Failure(check=check, reason="So it is.") for check in failed)
    evidence = (Evidence(source="a1.1", start=0, end=3, text="The"),)
    return CheckedClaim(
        claim=one, verdict=Verdict(label=label, score=1, failures=failures, evidence=evidence)
    )


def withheld(one: Claim, *failed: str) -> CheckedClaim:
    return shown(one, VerdictLabel.UNSUPPORTED, *failed)


def a_draft(
    *claims: Claim | CheckedClaim,
    rule: Rule | None = None,
    pack: EvidencePack | None = None,
    away: Sequence[CheckedClaim] = (),
    usage: Usage = FREE,
) -> Judged:
    """A draft whose one section that is not empty keeps a rule, or none."""
    key = OF_RULE[rule] if rule else PROSE
    checked = tuple(c if isinstance(c, CheckedClaim) else shown(c) for c in claims)
    sections = tuple(
        Section(key=s.key, shown=checked, withheld=tuple(away))
        if s.key == key
        else Section(key=s.key, abstained="There is nothing.")
        for s in SPECS
    )
    draft = Draft(
        incident_id=IncidentId("INC-000001"),
        revision=1,
        created_at=NOON,
        drafter="extractive",
        evidence=pack or a_pack(LAMPS),
        evidence_hash="0",
        sections=sections,
        usage=usage,
    )
    return Judged(draft, Verifier(SPECS, LexicalEntailment(), load_policy()))


def side(actor: str, text: str, *cites: str, stance: Stance = Stance.CRITIC) -> Claim:
    return claim(text, *cites, actor=actor, stance=stance)
