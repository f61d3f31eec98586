import pytest

from summarizer.domain.claims import VerdictLabel
from summarizer.verification.checks import numbers
from summarizer.verification.evidence import of_texts

SUPPORTED = [
    ("Acme sold 1.2 million units.", "Acme sold 1,200,000 units."),
    ("Acme sold 1.2m units.", "Acme sold 1.2 million units."),
    ("Acme sold 1.2 million units.", "Acme sold 1,234,567 units."),
    ("About 3,000 people came.", "The police counted 2,950 people."),
    ("More than 100 users were hit.", "It hit 117 users."),
    ("The fine is $5 million.", "It was fined 5 million dollars."),
    ("The fine is half a million dollars.", "The fine is $500,000."),
    ("Twenty-five staff left.", "25 staff left."),
    ("A dozen flights were cancelled.", "12 flights were cancelled."),
    ("Two hundred and fifty cars were recalled.", "They recalled 250 cars."),
    ("One of the firms closed.", "A firm closed."),
    ("GPT-4 answered first.", "The model, GPT-4, answered first."),
    ("The Boeing 737 landed.", "A Boeing 737 landed."),
    ("1. The board met.", "The board met."),
    ("It took two weeks.", "It took 14 days."),
    ("Shares fell 40-50%.", "Shares fell between 40% and 50%."),
    ("It was the third outage.", "The 3rd outage this year."),
    ("The 3rd outage lasted an hour.", "The third outage lasted an hour."),
    ("It opened at 4:30 pm.", "It opened at 16:30."),
    ("Three people named Kim, Lee and Park left.", "Kim, Lee and Park left."),
    ("A 92-year-old man was hurt.", "The man, 92, was hurt."),
    ("The rate is 3 per cent.", "The rate is 3%."),
    ("Losses reached €1.5bn.", "Losses reached €1.5 billion."),
    ("It happened in 2019.", "The 2019 crash."),
    ("26,000 users signed.", "26 ,000 users signed."),
    ("A total of 15 robots failed.", "7 robots failed in Ostia and 8 robots failed in Tolby."),
    ("Together the fines are $7 million.", "It paid $3 million in May and $4 million in June."),
    ("Acme sold 300 more robots.", "Acme sold 1,200 robots, then 1,500 robots."),
    ("The share rose by 4 percentage points.", "The share was 21% and is now 25%."),
    ("Nearly 3,000 people came.", "The police counted 2,950 people."),
    ("Almost five months passed.", "It took almost five months."),
    ("Almost 100 staff left.", "It lost 95 staff."),
    ("It took three months.", "It took 91 days."),
    ("Between 40 and 50 robots failed.", "40 to 50 robots failed."),
    ("It cost 1.5 billion euros.", "It cost €1,500 million."),
    ("The trial took 48 hours.", "The trial took two days."),
    ("The company has 2,000 employees.", "The company's 2,000-strong staff."),
    ("The twentieth robot failed.", "The 20th robot failed."),
    ("A quarter of users left.", "Many users left: a quarter."),
    ("All 25 machines failed.", "All twenty - five machines failed."),
    ("Deliveries rose in 4Q.", "Deliveries rose in the fourth quarter."),
]

FAILED = [
    ("Acme sold 1.3 million units.", "Acme sold 1,200,000 units.", "1.3 million"),
    ("Shares rose 3 percentage points.", "Shares rose 3 percent.", "3 percentage points"),
    ("The fine is $5 million.", "The fine is €5 million.", "$5 million"),
    ("The fine is $5 million.", "The fine is $5 billion.", "$5 million"),
    ("Three people died.", "Four people died.", "Three"),
    ("It took three weeks.", "It took three days.", "three"),
    ("12 deaths and 40 injuries were counted.", "40 deaths and 12 injuries were counted.", "12"),
    ("Some 90 staff left.", "Some staff left.", "90"),
    ("It cut 15% of jobs.", "It cut 1,500 jobs, 12% of all.", "15%"),
    ("More than 100 users were hit.", "It hit 80 users.", "100"),
    ("The park has 1,200 trees.", "The park has 12,000 trees.", "1,200"),
    ("It opened at 5:30 pm.", "It opened at 16:30.", "5:30 pm"),
    ("Twenty-six staff left.", "25 staff left.", "Twenty-six"),
    ("It was the 4th outage.", "It was the 5th outage.", "4th"),
    ("Exactly 4 engineers resigned.", "The GPT-4 engineers resigned.", "4"),
    ("The suit asks for 3.5 million pounds.", "The suit asks for £3.4 million.", "3.5 million"),
    (
        "A total of 16 robots failed.",
        "7 robots failed in Ostia and 8 robots failed in Tolby.",
        "16",
    ),
    ("In total 15 people left.", "7 robots failed and 8 people left.", "15"),
    ("The share rose by 5 percentage points.", "The share was 21% and is now 25%.", None),
    ("Acme sold 400 more robots.", "Acme sold 1,200 robots, then 1,500 robots.", "400"),
    ("It cost €15 billion.", "It cost €1.5 billion.", "€15 billion"),
    ("The trial took 48 days.", "The trial took 48 hours.", "48"),
    ("It was the 12th recall.", "It was the second recall.", "12th"),
    ("Some 40 to 60 robots failed.", "40 to 50 robots failed.", "60"),
    ("Almost six months passed.", "Almost five months passed.", "six"),
    ("Nearly 3,000 people came.", "The police counted 2,100 people.", "3,000"),
    ("Keys change every 91 days.", "Keys change every 90 days.", "91"),
]


@pytest.mark.parametrize(("claim", "source"), SUPPORTED)
def test_a_number_that_the_source_gives_in_any_form_passes(claim, source):
    assert numbers.check(claim, of_texts([("s", source)])) == []


@pytest.mark.parametrize(("claim", "source", "words"), FAILED)
def test_a_number_that_the_source_lacks_fails_where_it_stands(claim, source, words):
    failures = numbers.check(claim, of_texts([("s", source)]))
    assert failures
    assert words in (None, claim[failures[0].start : failures[0].end].strip())
    assert {f.check for f in failures} == {"numbers"}


def test_a_different_number_of_the_same_thing_is_a_contradiction():
    (failure,) = numbers.check("Seven robots failed.", of_texts([("s", "Nine robots failed.")]))
    assert failure.label is VerdictLabel.CONTRADICTED
    assert "9" in failure.reason
