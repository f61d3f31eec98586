"""Two sentences that give one slot different values, and those that only look like it."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.verification.conflicts import values
from tests.support.tables import rows

DAY = dt.date(2026, 5, 8)  # a Friday

# The values that differ stand in brackets.
DIFFERING = rows("""
[41] people were hurt in the fire. | [44] people were hurt in the fire.
Police said [41] passengers were injured when the shuttle struck the kerb.
| The operator said that [44] passengers were injured when the shuttle struck the kerb.
The regulator fined Varnway [$2 million] for the crash.
| Varnway was fined [$3 million] by the regulator for the crash.
The outage at Stratoquay lasted [52] minutes on Tuesday.
| On Tuesday the Stratoquay outage lasted [49] minutes.
[Two] people were injured on the Calder Street crossing.
| [Three] people were injured on the Calder Street crossing.
Some [1,200] narrators signed the letter to Ostrel.
| The letter to Ostrel was signed by [2,100] narrators.
The company laid off [12%] of its staff in Northport.
| The company laid off [15%] of its staff in Northport.
The fire killed [44] people, not 41 as first reported. | The fire killed [41] people.
The council suspended the permit of Harbour Robotics on [May 4].
| The council suspended the permit of Harbour Robotics on [May 6].
The shuttle hit two people in Calder Street on [Monday].
| The shuttle hit two people in Calder Street on [Tuesday].
The fault was found by an engineer at [Harbour Robotics] in March.
| The fault was found by an engineer at [Eastmere Labs] in March.
In the crash [Imke Sorley] drove the second shuttle along the quay.
| In the crash [Ewan Dalrigg] drove the second shuttle along the quay.
""")

ALIKE_ONLY = rows("""
# another thing is counted
41 people were hurt in the fire. | 12 people were arrested after the fire.
41 people were hurt in the fire. | 12 firefighters were hurt in the fire.
# the same number, worded otherwise
41 people were hurt in the fire. | Forty-one people were hurt in the fire.
About 40 people were hurt in the fire. | 41 people were hurt in the fire.
At least 41 people were hurt in the fire. | 44 people were hurt in the fire.
More than 1,000 narrators signed the letter. | 1,200 narrators signed the letter.
The regulator fined Varnway $2 million. | The regulator fined Varnway $2.4 million.
The fine was $2 million. | The fine was $2,000,000.
The outage lasted 60 minutes. | The outage lasted one hour.
# another place, subject or part
In Eastmere 41 people were hurt in the fire. | In Calder 44 people were hurt in the fire.
Varnway runs 34 shuttles in Stannick. | Ostrel runs 12 shuttles in Stannick.
41 men were hurt in the fire. | 44 women were hurt in the fire.
41 people were hurt in the fire. | Another 12 people were hurt in the fire.
Sales rose 12% in the first quarter. | Sales rose 15% in the second quarter.
The fire killed 41 people. | The fire injured 44 people.
Varnway made a profit of $2 million. | Varnway made a loss of $3 million.
# another day or hour
On May 4 the shuttles carried 1,200 passengers. | On May 5 the shuttles carried 1,400 passengers.
By 8:00 am 41 people were hurt. | By 11:30 am 44 people were hurt.
# only possible, asked for or denied
The fine could reach $5 million. | The regulator imposed a fine of $2 million.
Varnway offered $5 million to the victims. | Varnway paid $2 million to the victims.
No more than 41 people were hurt. | 44 people were expected to be hurt.
# a range that holds it, a share of a whole
Between 40 and 50 people were hurt. | 44 people were hurt.
41 of the 60 people on board were hurt. | 41 people on board were hurt.
# taken back in the same breath
41 people were hurt, not 44 as first reported. | 41 people were hurt.
# names of things, ordinals, lists
GPT-4 wrote the letter. | GPT-5 wrote the letter.
It was the 3rd crash of the shuttle. | It was the 4th crash of the tram.
# the same day, named otherwise; days of different events
The council suspended the permit on May 4. | The council suspended the permit on Monday.
The council suspended the permit on May 4. | The court heard the appeal against the ban on May 6.
Varnway will suspend the service in Stannick on May 12.
| Varnway suspended the service in Stannick on May 4.
# two people may say the same
Imke Sorley said the shuttle did not slow before the crossing.
| Ewan Dalrigg said the shuttle did not slow before the crossing.
The report was written by Ada Lind. | The report was read by Jonas Weil in court.
""")


# --- Harder: half of them look exactly like a disagreement and are none ------------------------

HARD_DIFFERING = rows("""
The explosion at the Eastmere plant injured [17] workers.
| The explosion at the Eastmere plant injured [23] workers.
# counts and sums that no rounding joins
About [200] people were evacuated from the Marlin.
| About [300] people were evacuated from the Marlin.
At least [60] people were hurt when the stand collapsed.
| In all [41] people were hurt when the stand collapsed.
The leak exposed [1.2 million] records of Ostrel's customers.
| Ostrel's leak exposed [4 million] records of customers.
Police arrested [14] protesters outside the depot.
| Police arrested [19] protesters outside the depot.
The tribunal ordered Varnway to pay [90,000] crowns to each passenger.
| The tribunal ordered Varnway to pay [60,000] crowns to each passenger.
The fault went unnoticed for [11] days at the Calder depot.
| The fault went unnoticed for [19] days at the Calder depot.
Turnout in the ballot of the pilots was [61%]. | Turnout in the ballot of the pilots was [74%].
The ferry carried [212] passengers and 9 crew. | The ferry carried [187] passengers and 9 crew.
[Seven] of the shuttles failed the inspection at Calder.
| [Nine] of the shuttles failed the inspection at Calder.
The shuttle was travelling at [48] km/h when it hit the kerb.
| The shuttle was travelling at [31] km/h when it hit the kerb.
The model wrongly rejected [3,100] applications for aid.
| The model wrongly rejected [4,700] applications for aid.
The toll stands at [41] dead, officials said, not 44 as reported earlier.
| The toll stands at [44] dead.
# days
The regulator received the complaint about the shuttle on [March 3].
| The regulator received the complaint about the shuttle on [March 9].
Ostrel fired its head of safety on [Monday]. | Ostrel fired its head of safety on [Wednesday].
The outage at the Stannick data centre began on [May 2].
| The outage at the Stannick data centre began on [May 4].
The council voted to ban the shuttles on [May 5], the clerk said.
| The council voted to ban the shuttles on [May 7], the minutes say.
# who
The letter was signed by [Ada Lorn] on behalf of the narrators.
| The letter was signed by [Ida Quist] on behalf of the narrators.
At the wheel of the first shuttle sat [Jon Orr] in the morning.
| At the wheel of the first shuttle sat [Tom Vell] in the morning.
The shuttles were built by [Eastmere Labs] in Calder.
| The shuttles were built by [Harbour Robotics] in Calder.
The company fired [Mara Vell] after the crash in Calder Street.
| The company fired [Ida Quist] after the crash in Calder Street.
Some [40] narrators walked out of the studio. | Some [90] narrators walked out of the studio.
It took crews [four] hours to reach the Marlin. | It took crews [nine] hours to reach the Marlin.
""")
HARD_ALIKE = rows("""
# another reach
Ostrel cut 400 jobs in Averland. | Ostrel cut 1,100 jobs worldwide.
The share price of Ostrel fell 4% on Monday. | The share price of Ostrel fell 9% this week.
The quake of 4.1 hit 12 villages in Averland.
| The quake of 5.2 hit 90 villages in Averland in 2019.
The line carries 900 passengers in Calder. | The line carries 300,000 passengers in Calder a year.
# counted while one writes, of somebody else
With 64% of precincts reporting, the ballot on the shuttles passed.
| With 37% of precincts reporting, the ballot on the shuttles passed.
Sales of shuttles fell 1.4% in February. | Averland sales of shuttles fell 0.3% in February.
A 29-year-old passenger was hurt in Calder Street.
| A 21-year-old passenger was hurt in Calder Street.
# rounding, bounds and vagueness
About 200 people were evacuated from the Marlin. | 212 people were evacuated from the Marlin.
Nearly 200 people were evacuated from the Marlin. | 197 people were evacuated from the Marlin.
Some 1,200 narrators signed the letter to Ostrel. | 1,238 narrators signed the letter to Ostrel.
More than 40 people were hurt when the stand collapsed.
| 41 people were hurt when the stand collapsed.
Dozens of people were hurt when the stand collapsed. | 41 people were hurt when the stand collapsed.
A dozen people were hurt when the stand collapsed. | 12 people were hurt when the stand collapsed.
Hundreds of narrators signed the letter. | 320 narrators signed the letter.
Half of the shuttles failed the inspection. | 50% of the shuttles failed the inspection.
The fine was almost $3 million for Varnway. | The fine was $2.9 million for Varnway.
The ferry carried 200-odd passengers. | The ferry carried 212 passengers.
As many as 60 people were hurt when the stand collapsed.
| 41 people were hurt when the stand collapsed.
# units
The shuttle was travelling at 30 mph when it hit the kerb.
| The shuttle was travelling at 48 km/h when it hit the kerb.
The spill covered 5 miles of the coast of Averland.
| The spill covered 8 kilometres of the coast of Averland.
The outage at Stratoquay lasted 90 minutes. | The outage at Stratoquay lasted an hour and a half.
Ostrel was fined $2 million over the leak. | Ostrel was fined €1.8 million over the leak.
The shuttles stood still for two weeks. | The shuttles stood still for 14 days.
The shuttle weighs 2 tonnes when empty. | The shuttle weighs 2,000 kg when empty.
# another thing is counted
The ferry carried 212 passengers to Calder. | The ferry carried 14 lorries to Calder.
The strike cancelled 61 crossings on the Halden line.
| The strike stranded 900 passengers on the Halden line.
14 adults were hurt when the stand collapsed. | 6 children were hurt when the stand collapsed.
41 people were treated in hospital after the fire.
| 44 people were treated at the scene after the fire.
Three shuttles were damaged in Calder Street.
| Three shuttles and two trams were damaged in Calder Street.
The company lost 12% of its customers in May. | The company lost 9% of its staff in May.
Two of the five judges dissented in the Ostrel case.
| Three of the five judges agreed in the Ostrel case.
The suit names 12 defendants in Calder. | The second suit names 7 defendants in Calder.
The first flight carried 90 passengers to Calder.
| The return flight carried 84 passengers from Calder.
# counted at another time
By noon 41 people had been hurt in the fire. | By evening 44 people had been hurt in the fire.
The number of people hurt in the fire climbed from 41 to 44. | 41 people were hurt in the fire.
Last year 41 people were hurt in fires at the depot.
| This year 44 people were hurt in fires at the depot.
In 2024 Varnway ran 34 shuttles in Stannick. | In 2025 Varnway ran 41 shuttles in Stannick.
# days of other things
Harbour Robotics said Wednesday that the shuttle hit two people in Calder Street.
| The shuttle of Harbour Robotics hit two people in Calder Street on Tuesday.
The council suspended the permit on Monday, it announced.
| The council announced on Tuesday that it had suspended the permit.
The council debated the permit of the shuttle on May 4.
| The council suspended the permit of the shuttle on May 6.
The complaint about the shuttle was filed on May 4.
| The complaint about the shuttle was heard on May 6.
The hearing on the shuttle was set for May 4. | The hearing on the shuttle was held on May 6.
The ban on the shuttles takes effect on May 9. | The ban on the shuttles was passed on May 6.
The outage at the data centre began on May 2. | The outage at the data centre ended on May 4.
# names
The letter was signed by Ada Lorn and others. | The letter was signed by Ida Quist and others.
The shuttle was bought by Varnway in May. | The shuttle was bought by Varnway Motion in May.
The company fired Mara Vell after the crash. | The company fired Vell after the crash.
The Averland Data Commission fined Ostrel in May. | The ADC fined Ostrel in May.
Ada Lorn thanked the crew of the Marlin. | Ida Quist thanked the crew of the Marlin.
""")


FURTHER_DIFFERING = rows("""
Ida Corran, [46], was hurt when the crane fell in Port Harrow.
| Doctors said on Friday that the [44]-year-old Ida Corran would recover.
“We knew of the fault in March and told nobody,” said [Rafe Tolland], an engineer.
| [Ada Lorn], the head of the works, said: “We knew of the fault in March and told nobody.”
“We knew of the fault in March and told nobody,” said the chief engineer, [Rafe Tolland].
| The captain, [Ada Lorn], said: "We knew of the fault in March and told nobody. Now
The court may send him to prison for five years and have him pay [five] fines.
| The court may send him to prison for five years and have him pay [nine] fines.
Lodgers are 4 to [12 per cent] of all tenants in Orrin, the town said.
| Lodgers are 4 to [17 per cent] of all tenants in Orrin, the town said.
Varnway refused to budge from its offer to pay [$1.3 million] for the brakes.
| Varnway has refused to budge from its offer to pay [$2.3 million] for the brakes.
Trams in Orrin were listed as unsafe by the town on [May 1].
| Trams in Orrin were listed as unsafe by the town on [May 8], a clerk found.
The start of the regatta was delayed by [20] minutes by a squall over the harbour.
| Because of squalls and a lost buoy, the regatta's start was delayed for [35] minutes.
""")
"""What the planted measure had shown to be missed (2026-11-24), with other words."""

FURTHER_ALIKE = rows("""
Ida Corran, 46, was hurt on Friday. | Ida Vell, 44, was hurt on Friday, too.
Ida Corran, 46, was hurt on Friday. | Mr Corran, 44, was hurt on Sunday.
“We knew of the fault in March and told nobody,” said Rafe Tolland, an engineer.
| “We knew of the fault in March and told nobody,” Mr Tolland said.
“We knew of the fault in March and told nobody,” said Rafe Tolland, an engineer.
| “We knew of the fault in March and told nobody,” Varnway Motion said.
“We knew of it,” said Rafe Tolland. | “We knew of it,” said Ada Lorn.
Lodgers are 4 to 12 per cent of all tenants in Orrin.
| Lodgers are 6 to 17 per cent of all tenants in Orrin.
The council may close 14 crossings if crews strike.
| The council may close 19 crossings if crews strike, or none.
Trams in Orrin were listed as unsafe by the town on May 1.
| Trams in Orrin were listed as unsafe by the town early in May.
On Monday the comet comes within a distance of 220,000 miles of the earth.
| Comets look large in years when they pass some 30,000 miles closer to the earth.
""")


def plain(sentence: str) -> str:
    return sentence.replace("[", "").replace("]", "")


def value_of(sentence: str) -> str:
    return sentence.partition("[")[2].partition("]")[0]


@pytest.mark.parametrize(("one", "other"), DIFFERING + HARD_DIFFERING + FURTHER_DIFFERING)
def test_two_values_of_one_slot_are_found(one: str, other: str) -> None:
    first, second = plain(one), plain(other)
    found = values.differing(first, second, DAY, DAY)
    assert [
        (first[d.one.start : d.one.end].strip(), second[d.other.start : d.other.end].strip())
        for d in found
    ] == [(value_of(one), value_of(other))]


@pytest.mark.parametrize(("one", "other"), ALIKE_ONLY + HARD_ALIKE + FURTHER_ALIKE)
def test_what_only_looks_like_it_is_passed_over(one: str, other: str) -> None:
    assert values.differing(one, other, DAY, DAY) == []
    assert values.differing(other, one, DAY, DAY) == []


SENTENCES = [plain(s) for row in DIFFERING + HARD_DIFFERING + FURTHER_DIFFERING for s in row]
SENTENCES += [s for row in ALIKE_ONLY + HARD_ALIKE + FURTHER_ALIKE for s in row]


@given(st.sampled_from(SENTENCES))
def test_no_sentence_differs_from_itself(sentence: str) -> None:
    assert values.differing(sentence, sentence, DAY, DAY) == []


@given(st.sampled_from(SENTENCES), st.sampled_from(SENTENCES))
def test_it_is_the_same_the_other_way_round(one: str, other: str) -> None:
    there = {(d.kind, d.one, d.other) for d in values.differing(one, other, DAY, DAY)}
    back = {(d.kind, d.other, d.one) for d in values.differing(other, one, DAY, DAY)}
    assert there == back
