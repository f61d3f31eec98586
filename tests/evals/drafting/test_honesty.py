"""Faults of an honest page: relative days, voice, and absences that the sources belie."""

import pytest

from evals.suites.drafting import honesty
from summarizer.domain.absences import Absence, AbsenceReason
from summarizer.domain.sections import Layout
from tests.evals.drafting.drafts import SPECS, a_draft, claim
from tests.support.builders import a_pack, an_item


@pytest.mark.parametrize(
    ("text", "days", "voice"),
    [
        ("The maker recalled 40 lamps on Monday.", 1, 0),
        ("We are sorry for the fires.", 0, 1),
        ('On 1 May 2026 Brightwell wrote: "We met on Monday."', 0, 0),
        ("The maker recalled 40 lamps.", 0, 0),
    ],
)
def test_faults_of_shown_sentences_are_listed(text: str, days: int, voice: int) -> None:
    judged = a_draft(claim(text, "a1.1"))
    assert honesty.undated(judged) == [text] * days
    assert honesty.misvoiced(judged) == [text] * voice
    assert honesty.counted(honesty.undated)(judged) == days


@pytest.mark.parametrize(
    ("text", "reason", "count"),
    [
        ("A hearing is set for 2 June 2026.", AbsenceReason.NOTHING_FOUND, 1),
        ("A hearing is set for 2 June 2026.", AbsenceReason.NOT_PLACED, 0),
        ("The maker recalled 40 lamps.", AbsenceReason.NOTHING_FOUND, 0),
    ],
)
def test_an_absence_is_false_where_the_sources_name_a_day(
    text: str, reason: AbsenceReason, count: int
) -> None:
    judged = a_draft(pack=a_pack(an_item("a1", text)))
    forecast = next(spec.key for spec in SPECS if spec.row.layout is Layout.FORECAST)
    absence = Absence(reason=reason, words="No source names a day.")
    sections = [
        section.model_copy(update={"abstained": absence if section.key == forecast else None})
        for section in judged.draft.sections
    ]
    draft = judged.draft.model_copy(update={"sections": tuple(sections)})
    found = honesty.falsely_absent(honesty.Judged(draft, judged.verifier))
    assert found == [absence.words] * count
