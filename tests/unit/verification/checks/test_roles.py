import pytest

from summarizer.verification.checks import roles
from summarizer.verification.evidence import of_texts
from tests.support.tables import rows

EXCHANGED = rows("""
Ida Vell accused Tom Orlan of taking bribes. | Tom Orlan accused Ida Vell of taking bribes.
Halvane sued Kessel Labs in May. | Kessel Labs sued Halvane in May.
The council fined Halvane over the leak. | Halvane fined the council over the leak.
Halvane was fined by the council over the leak. | Halvane fined the council over the leak.
Tom Orlan beat Ida Vell in the run-off. | Ida Vell beat Tom Orlan in the run-off.
Marlow Rail will buy Tamm Freight. | Tamm Freight will buy Marlow Rail.
The guard shot the thief on Monday. | The thief shot the guard on Monday.
Ada Marsh released a report that found Rolf Dorn broke state law. | Ada Marsh broke state law.
Ada Marsh says Rolf Dorn took the money. | Ada Marsh took the money.
""")
HONEST = rows("""
Halvane was sued by Kessel Labs in May. | Kessel Labs sued Halvane in May.
Halvane met Kessel Labs in May. | Kessel Labs met Halvane in May.
Tom Orlan married Ida Vell in May. | Ida Vell married Tom Orlan in May.
Halvane and Kessel Labs sued the council. | Kessel Labs sued the council.
The council sued Halvane, and Halvane sued the council. | Halvane sued the council.
Halvane's lawyer accused the council of lying. | Halvane accused the council of lying.
Halvane plays Kessel on Friday. | Kessel plays Halvane on Friday.
Ada Marsh and Rolf Dorn broke state law. | Ada Marsh broke state law.
Ada Marsh, with Rolf Dorn, took the money. | Ada Marsh took the money.
Rolf Dorn took the money, and so did Ada Marsh. | Ada Marsh took the money.
""")


@pytest.mark.parametrize(("source", "claim"), EXCHANGED)
def test_a_claim_that_exchanges_who_did_it_fails(source, claim):
    assert roles.check(claim, of_texts([("p1", source)]))


@pytest.mark.parametrize(("source", "claim"), HONEST)
def test_a_claim_that_keeps_who_did_it_passes(source, claim):
    assert roles.check(claim, of_texts([("p1", source)])) == []
