"""What is counted of drafts."""

from summarizer.domain.claims import VerdictLabel
from summarizer.domain.drafts import Section, Usage
from summarizer.domain.usage import count_draft
from tests.support.builders import a_draft, a_pack, an_item, checked


def test_a_draft_counts_its_verdicts_and_its_tokens() -> None:
    sections = (
        Section(key="title", shown=(checked("One."), checked("Two."))),
        Section(key="forecast", withheld=(checked("No.", label=VerdictLabel.UNSUPPORTED),)),
    )
    usage = Usage(calls=2, cached_calls=1, input_tokens=70, output_tokens=9)
    pack = a_pack(an_item()).model_copy(update={"tokens": 40})
    draft = a_draft(*sections, usage=usage, evidence=pack)
    assert count_draft(draft) == {
        "verdicts": {"supported": 2, "unsupported": 1},
        "tokens": {"input": 70, "output": 9},
        "calls": 2,
        "cached_calls": 1,
        "evidence_tokens": 40,
    }


def test_nothing_is_not_counted() -> None:
    assert count_draft(a_draft()) == {}
