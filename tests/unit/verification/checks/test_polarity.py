import pytest

from summarizer.domain.claims import VerdictLabel
from summarizer.verification.checks import polarity
from summarizer.verification.evidence import of_texts
from tests.support.tables import rows

PASSES = rows("""
Acme recalled the robots. | Acme recalled the robots.
Acme did not recall the robots. | Acme did not recall the robots.
Acme didn't recall the robots. | Acme has never recalled the robots.
Acme not only recalled the robots but paid. | Acme recalled the robots and paid.
Acme denied the report. | Acme did not confirm the report.
Acme bought Kestrel from Hale. | Hale sold Kestrel to Acme.
No one was hurt in the crash. | The crash hurt no one.
Acme failed to recall the robots. | Acme did not recall the robots.
The court will not hear the case in May. | Will the court hear the case in May?
The new law is not likely to pass this year. | The new law is unlikely to pass this year.
Acme never recalled the robots. | Acme did not recall the robots.
Acme has no plan to leave Ostia. | Acme does not plan to leave Ostia.
Hale is not guilty, the Ostia jury said. | Hale is innocent, the Ostia jury said.
The court approved the plan. | The court approved the plan that it rejected in May.
The plant is open again. | The plant, closed in May, is open again.
Acme recalled the robots. | Acme recalled the robots, not the drones.
The union supports the plan. | The union supports the plan that Acme opposes.
The law is legal, the court says. | The law is not illegal, the court says.
Acme denied that robots failed. | Acme says that no robots failed.
Acme doesn't sell robots in Ostia. | Robots of Acme aren't sold in Ostia.
Ruiz, not Hale, runs the plant. | Ruiz runs the plant; Hale does not.
Deals that raise questions were cut at Acme in May.
| Deals that not only raise questions were cut at Acme in May.
Acme was sued for firing a nurse. | A suit against Acme says that it fired a nurse.
Hale was jailed for a fraud against banks in Ostia.
| In a victory against fraud, Hale was jailed in Ostia for a fraud against banks.
Acme denied that the robots had failed. | Acme said that the robots had not failed.
The Ostia robots aren't sold in parks. | The Ostia robots are not sold in parks.
Was the Ostia plant closed in May? | Was the Ostia plant not closed in May?
Hale left before the vote in Ostia. | Hale left before, not after, the vote in Ostia.
The bridge is not unsafe to use now. | The bridge is not unsafe to use now, said Hale.
Acme agreed to pay the Ostia fine.
| Acme, which refused in May, agreed to pay the Ostia fine in June.
""")

TURNED = rows("""
Acme recalled the faulty robots. | Acme never recalled the faulty robots. | recalled
The court rejected the Ostia plan. | The court approved the Ostia plan. | rejected
The Ostia ban is illegal, the court says. | The Ostia ban is legal, the court says. | illegal
The ministry will allow the robots in Ostia. | The ministry will ban the robots in Ostia. | allow
The union supports the Ostia plan. | The union opposes the Ostia plan. | supports
Acme expects a profit this year in Ostia. | Acme expects a loss this year in Ostia. | profit
A vote on the Ostia plan is likely. | A vote on the Ostia plan is unlikely. | likely
The hospital can't open the new ward. | The hospital can open the new ward. | can't
Acme hired the Ostia engineers. | Acme fired the Ostia engineers. | hired
The old Ostia bridge is safe to use. | The old Ostia bridge is unsafe to use. | safe
Ruiz praised the Ostia plan in May. | Ruiz criticised the Ostia plan in May. | praised
The Ostia trial starts this week. | The Ostia trial ends this week. | starts
The launch of the Tolby robot failed. | The launch of the Tolby robot succeeded. | failed
Hale confirmed the Ostia deal. | Hale denied the Ostia deal. | confirmed
Acme will not pay the Ostia staff. | Acme will pay the Ostia staff. | not
Acme pays the Ostia drivers a bonus. | Acme never pays the Ostia drivers a bonus. | pays
Hale agreed with the Ostia report. | Hale disagreed with the Ostia report. | agreed
The Ostia price includes the tax. | The Ostia price excludes the tax. | includes
Robots are permitted in Ostia parks. | Robots are prohibited in Ostia parks. | permitted
The lab did not publish the data, and its account could be confirmed.
| The lab did not publish the data, and its account could not be confirmed. | be
None of the accounts had not ever made a link. | None of the accounts had ever made a link. | not
It had been switched off in May and was switched on again.
| It had been switched off in May and was not switched on again. | switched
Hale admitted the Ostia claim in May. | Hale denied the Ostia claim in May. | admitted
Acme has refused to pay the 3,140 drivers. | Acme has agreed to pay the 3,140 drivers. | refused
The picture was not made in May but altered after it was posted.
| The picture was not made in May but altered before it was posted. | after
Naming a culprit was easier than counting requests, Hale said.
| Naming a culprit was harder than counting requests, Hale said. | easier
The group is weighing illegal steps but has not decided.
| The group is weighing legal steps but has not decided. | illegal
Payments are to end before the end of the year in Ostia.
| Payments are to begin before the end of the year in Ostia. | end
Hale said he won't leave the Ostia board. | Hale said he will leave the Ostia board. | won't
""")


@pytest.mark.parametrize(("claim", "source"), PASSES)
def test_the_same_polarity_passes(claim, source):
    assert polarity.check(claim, of_texts([("s", source)])) == []


@pytest.mark.parametrize(("claim", "source", "words"), TURNED)
def test_a_claim_that_turns_its_passage_around_is_contradicted(claim, source, words):
    (failure,) = polarity.check(claim, of_texts([("s", source)]))
    assert failure.label is VerdictLabel.CONTRADICTED
    assert claim[failure.start : failure.end] == words
