import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.domain.absences import UNRECORDED, AbsenceReason
from summarizer.domain.claims import Failure
from summarizer.domain.drafts import Section
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.incidents import State
from summarizer.domain.items import Passage
from summarizer.rendering import render_json, schema
from summarizer.rendering.document import document
from summarizer.rendering.schema import Document, Source
from tests.support.builders import checked
from tests.support.pages import (
    MAY_27,
    SPECS,
    a_page,
    article,
    hostile_page,
    key_of,
    newsroom_page,
    noise,
    pack,
    sentences,
)

DOCS = Path(__file__).parents[3] / "docs"


def test_the_published_schema_is_the_one_that_is_written():
    published = (DOCS / "incident.schema.json").read_text(encoding="utf-8")
    assert published == schema.schema_text(), (
        "stale: run python -m summarizer.rendering > docs/incident.schema.json"
    )


def test_the_published_schema_allows_fields_that_a_version_may_gain():
    models = [schema.json_schema(), *schema.json_schema()["$defs"].values()]
    assert not [m["title"] for m in models if m.get("additionalProperties") is False]


def test_every_key_of_the_schema_is_always_written():
    written = json.loads(render_json(a_page(), SPECS))
    assert list(written) == list(schema.json_schema()["properties"])
    assert set(written) == set(schema.json_schema()["required"])


@pytest.mark.parametrize("page", [newsroom_page(), hostile_page(), a_page()])
def test_json_reads_back_as_the_same_document(page):
    assert Document.model_validate_json(render_json(page, SPECS)) == document(page, SPECS)


def test_the_same_page_is_written_to_the_same_bytes():
    assert render_json(newsroom_page(), SPECS) == render_json(newsroom_page(), SPECS)


def test_times_are_written_in_utc():
    tokyo = dt.timezone(dt.timedelta(hours=9))
    page = a_page(created_at=dt.datetime(2026, 5, 28, 1, 0, tzinfo=tokyo))
    assert json.loads(render_json(page, SPECS))["provenance"]["created_at"] == (
        "2026-05-27T16:00:00Z"
    )


def test_passages_are_numbered_as_a_reader_meets_them_points_first_and_withheld_ones_come_last():
    item = article("a1", "One. Two. Three. Four.")
    first, second = SPECS[1].key, SPECS[2].key
    better = Failure(check="numbers", reason="Wrong number.", better="a1.4")
    held = checked("Held.", "a1.1", failures=(better,))
    page = a_page(
        (
            Section(key=second, shown=(checked("B.", "a1.3"),)),
            Section(key=first, shown=(checked("A.", "a1.2", "a1.3"),), withheld=(held,)),
        ),
        pack(item),
    )
    (source,) = document(page, SPECS).sources
    assert [(p.number, p.id) for p in source.passages] == [
        (1, "a1.3"), (2, "a1.2"), (3, "a1.1"), (4, "a1.4"),
    ]  # fmt: skip


def test_a_citation_of_an_unknown_passage_has_no_number():
    page = a_page(
        (Section(key=SPECS[1].key, withheld=(checked("A.", "a9.9", "a1.1"),)),),
        pack(article("a1", "One.")),
    )
    (claim,) = document(page, SPECS).sections[1].withheld
    assert [(c.number, c.passage) for c in claim.citations] == [(1, "a1.1"), (None, "a9.9")]


def test_cited_items_come_first_by_their_lowest_number():
    keys = [source.key for source in document(newsroom_page(), SPECS).sources]
    assert keys == ["a1", "a3", "a5", "a2", "a4", "a6"]


def test_a_copy_names_the_item_it_copies():
    copies = {s.key: s.copy_of for s in document(newsroom_page(), SPECS).sources if s.copy_of}
    assert copies == {"a2": "Northport Wire"}


def test_an_address_that_is_not_http_is_left_out():
    addresses = {s.key: s.url for s in document(hostile_page(), SPECS).sources}
    assert addresses["b1"] is None


def test_source_text_stays_verbatim():
    page = hostile_page()
    written = json.loads(render_json(page, SPECS))
    passages = {p["id"]: p["text"] for s in written["sources"] for p in s["passages"]}
    assert passages == {p.id: p.text for p in page.draft.evidence.passages if p.item_key == "b1"}


def test_sections_stand_in_the_order_of_the_specs_even_when_a_draft_lacks_one():
    page = a_page()
    draft = page.draft.model_copy(update={"sections": page.draft.sections[:1]})
    doc = document(page.model_copy(update={"draft": draft}), SPECS[::-1])
    assert [s.key for s in doc.sections] == [s.key for s in SPECS[::-1]]


def test_a_section_that_shows_nothing_claims_no_absence_that_nobody_recorded():
    for section in document(a_page(), SPECS).sections:
        assert section.abstained == UNRECORDED.words
        assert section.absence is AbsenceReason.UNRECORDED


def test_faithfulness_counts_as_the_domain_does():
    page = newsroom_page()
    found = document(page, SPECS).provenance.faithfulness
    assert (found.supported, found.drafted, found.withheld, found.repaired) == (18, 21, 2, 1)
    assert found.supported_in_all == 19
    assert (found.share, found.share_in_all) == (18 / 21, 19 / 21)
    assert (page.draft.faithfulness_as_drafted, page.draft.faithfulness) == (18 / 21, 19 / 21)


def test_a_draft_without_claims_has_no_faithfulness():
    assert document(a_page(), SPECS).provenance.faithfulness.share is None
    assert document(a_page(), SPECS).provenance.faithfulness.share_in_all is None


@pytest.mark.parametrize("state", list(State))
def test_the_answer_speaks_of_attention_only(state):
    text = document(a_page(measured=noise(state)), SPECS).answer.text.lower()
    for part in ("noise 38/100", "state: ", "0 source items", "peaked at 43/100 on may 28, 2026"):
        assert part in text
    assert not [word for word in ("guilt", "yes", "true", "innocent", "resolved") if word in text]


def test_case_closed_says_since_when_and_that_it_is_no_legal_finding():
    page = a_page(evidence=pack(article("a1", "One.")), measured=noise(State.CLOSED, 2))
    doc = document(page, SPECS)
    assert "state: Case Closed · 1 source item across 1 platform" in doc.answer.text
    assert doc.answer.caveats[0] == (
        "Case Closed means no new coverage since May 27, 2026; it is not a legal finding."
    )


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("claude-x", "AI-drafted: drafted by claude-x. "),
        (None, "Assembled from source sentences without a model (extractive). "),
    ],
)
def test_the_disclosure_says_who_drafted_and_that_nobody_reviewed(model, expected):
    disclosure = document(a_page(model=model), SPECS).disclosure
    assert (
        disclosure == f"{expected}Checked by rules only. Revision 3, not reviewed by an editor yet."
    )


def source_of(text: str, start: int, end: int, *neighbours: Passage) -> Source:
    """The source of one cited passage ``a1.2`` of a text."""
    item = article("a1", text)
    passage = Passage(item_key="a1", n=2, start=start, end=end, text=text[start:end])
    page = a_page(
        (Section(key=key_of("prose"), shown=(checked("A.", "a1.2"),)),),
        EvidencePack(items=(item,), passages=(passage, *neighbours)),
    )
    return document(page, SPECS).sources[0]


@given(st.text(max_size=900), st.integers(0, 900), st.integers(0, 900))
def test_a_passage_stands_verbatim_in_its_surroundings(text, one, two):
    start, end = sorted((min(one, len(text)), min(two, len(text))))
    (passage,) = source_of(text, start, end).passages
    whole = passage.before + passage.text + passage.after
    at = start - len(passage.before)
    assert text[at : at + len(whole)] == whole
    assert passage.more_before == bool(text[:at].strip())
    assert passage.more_after == bool(text[at + len(whole) :].strip())


def test_surroundings_are_the_neighbouring_sentences_where_the_evidence_has_them():
    text = "First one. Second one. Third one. Fourth one. Fifth one."
    found = sentences(article("a1", text))
    page = a_page(
        (Section(key=key_of("prose"), shown=(checked("A.", "a1.3"),)),),
        EvidencePack(items=(article("a1", text),), passages=tuple(found)),
    )
    (passage,) = document(page, SPECS).sources[0].passages
    assert (passage.before, passage.after) == ("Second one. ", " Fourth one.")
    assert passage.more_before
    assert passage.more_after


def test_surroundings_without_neighbours_are_cut_between_words():
    text = f"{'before ' * 100}Here. {'behind ' * 100}"
    (passage,) = source_of(text, 700, 705).passages
    assert set(passage.before.split()) == {"before"}
    assert set(passage.after.split()) == {"behind"}
    assert 200 < len(passage.before) <= 240
    assert 200 < len(passage.after) <= 240


def test_an_item_without_a_date_keeps_the_time_it_was_received():
    source = document(newsroom_page(), SPECS).sources[-1]
    assert source.published_at is None
    assert source.ingested_at == MAY_27 + dt.timedelta(hours=60)


@pytest.mark.parametrize(
    ("origins", "rule", "marked"),
    [
        ((1, 1), "One source was found for each sentence.", [None, None]),
        (
            (1, 1, 3),
            "One source was found for each sentence, except where marked.",
            [None, None, "told by 3 independent sources"],
        ),
        (
            (2, 3, 1),
            "Each sentence is told by two independent sources or more, except where marked.",
            [None, None, "one source found: Post"],
        ),
    ],
)
def test_a_page_says_once_who_tells_its_sentences_and_marks_the_exceptions(origins, rule, marked):
    claims = tuple(
        checked(f"It happened {n} times.", "a1.1", origins=n, told_by=("Post",) if n == 1 else ())
        for n in origins
    )
    found = document(a_page((Section(key=SPECS[1].key, shown=claims),)), SPECS)
    assert found.sourcing == rule
    assert [claim.sourcing for claim in found.sections[1].claims] == marked
