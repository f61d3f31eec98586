import pytest

from summarizer.verification.checks import quantifiers
from summarizer.verification.evidence import of_texts
from tests.support.tables import rows

WIDENED = rows("""
Some of the 40 flats failed the inspection. | All of the 40 flats failed the inspection.
Most of the 40 flats failed the inspection. | The 40 flats failed the inspection.
Half of the flats failed the inspection. | Every flat failed the inspection.
Nearly all buses in Tolby were late on Monday. | All buses in Tolby were late on Monday.
Two of the pumps in Tolby failed. | Both pumps in Tolby failed.
""")
HONEST = rows("""
All 40 flats failed the test, some of the flats twice. | All of the 40 flats failed the test.
Two men were hurt in the fire. | The two men were hurt in the fire.
The council said some 40 flats failed the inspection. | The 40 flats failed the inspection.
Most of the 40 flats failed the inspection. | Most of the flats failed the inspection.
Some of the flats failed the inspection, and every lift did. | Every lift failed the inspection.
Half of the 60 flats failed the inspection. | 50 percent of the 60 flats failed the inspection.
Nearly all buses in Tolby were late on Monday. | Not all buses in Tolby were on time on Monday.
""")


@pytest.mark.parametrize(("source", "claim"), WIDENED)
def test_a_claim_of_all_fails_where_the_source_speaks_of_a_part(source, claim):
    assert quantifiers.check(claim, of_texts([("p1", source)]))


@pytest.mark.parametrize(("source", "claim"), HONEST)
def test_a_claim_that_says_no_more_passes(source, claim):
    assert quantifiers.check(claim, of_texts([("p1", source)])) == []
