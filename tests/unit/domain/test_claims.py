"""Ids of claims: stable, and never twice in a section."""

from hypothesis import given
from hypothesis import strategies as st

from summarizer.domain.claims import ID_LENGTH, Claim, with_ids
from summarizer.domain.drafts import DraftedSection

sentences = st.lists(st.sampled_from(["A.", "B.", "C."]), max_size=6)


def ids(section: str, *texts: str) -> list[str]:
    return [claim.id for claim in with_ids(section, [Claim(text=text) for text in texts])]


@given(sentences)
def test_every_claim_of_a_section_has_an_id_of_its_own(texts: list[str]) -> None:
    found = ids("sides", *texts)
    assert len(set(found)) == len(texts)
    assert all(len(id_) == ID_LENGTH for id_ in found)
    assert found == ids("sides", *texts)


def test_a_sentence_that_moves_keeps_its_id() -> None:
    assert ids("sides", "A.", "B.") == ids("sides", "B.", "A.")[::-1]


def test_one_sentence_in_two_sections_has_two_ids() -> None:
    assert ids("sides", "A.") != ids("timeline", "A.")


def test_an_id_that_a_claim_has_is_kept_and_one_that_is_taken_is_not_given_again() -> None:
    (first,) = ids("sides", "A.")
    kept, new = with_ids("sides", [Claim(text="Other.", id=first), Claim(text="A.")])
    assert (kept.id, new.id != first) == (first, True)
    (other,) = with_ids("sides", [Claim(text="A.")], taken={first, new.id})
    assert other.id not in {first, new.id}


def test_a_drafted_section_gives_its_claims_their_ids() -> None:
    drafted = DraftedSection(key="sides", claims=(Claim(text="A."), Claim(text="A.")))
    assert [claim.id for claim in drafted.claims] == ids("sides", "A.", "A.")
