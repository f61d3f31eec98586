import pytest

from summarizer.text.boilerplate import label, strip_dateline, trim


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("LONDON (Wire) — Acme closed.", "Acme closed."),
        ("PORT HARROW, April 14 - Acme closed.", "Acme closed."),
        ("WASHINGTON ― Acme closed.", "Acme closed."),
        ("DANVALE, Ky. –- Acme closed.", "Acme closed."),
        ("(CNN) Acme closed.", "Acme closed."),
        ("Why it matters: Acme employs 900 people.", "Acme employs 900 people."),
        ("But Acme closed its doors.", "Acme closed its doors."),
        ("Meanwhile, workers at Acme left.", "Workers at Acme left."),
        ("@press Acme closed. #acme #robots https://acme.example/x", "Acme closed."),
        ("🚨 Acme closed. 😬", "Acme closed."),
        ("Acme closed. (Reporting by Jo Ray)", "Acme closed."),
        ("(Photo: Jo Ray) Acme closed.", "Acme closed."),
        ("3. Acme closed.", "Acme closed."),
        ("IV. Acme closed.", "Acme closed."),
        ("(a) Acme closed.", "Acme closed."),
        ("J. K. Rowe closed Acme.", "J. K. Rowe closed Acme."),
        ("1/6 Acme closed.", "Acme closed."),
        ("🧵 (2/5) Acme closed.", "Acme closed."),
        ("Acme closed. 3/5", "Acme closed."),
        ("Acme closed. #acme (4/5) 😬", "Acme closed."),
        ("Updated 5:30 p.m. Acme closed.", "Acme closed."),
        ("OSTPORT, Nov. 20, 2026 /PRNewsline/ -- Acme closed.", "Acme closed."),
        ("Updated rules closed Acme.", "Updated rules closed Acme."),
        ("9/11 Memorial staff left Acme.", "9/11 Memorial staff left Acme."),
        ("1/6 Committee members met.", "1/6 Committee members met."),
        ("So far Acme has paid nothing.", "So far Acme has paid nothing."),
        ("UK regulators closed Acme.", "UK regulators closed Acme."),
    ],
)
def test_only_what_surrounds_a_sentence_is_trimmed(text: str, kept: str) -> None:
    assert trim(text) == kept


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Why it matters: Acme employs 900 people.", "why it matters"),
        ("LONDON (Wire) — UPDATED: Acme closed.", "updated"),
        ("Acme closed.", ""),
    ],
)
def test_a_label_is_read_behind_a_dateline(text: str, found: str) -> None:
    assert label(text) == found


DATELINES = [
    "OSTPORT, Nov. 20, 2026 /PRNewsline/ -- ",
    "OSTPORT, Calif., Nov. 20, 2026 (GLOBE NEWSLINE) -- ",
    "OSTPORT--(BUSINESS LINE)--",
    "OSTPORT (AP) — ",
    "OSTPORT, West Harrow, Jan 1 (Reuters) - ",
    "OSTPORT/KESSEL, 4 May 2026 (Wire) - ",
    "ST. IVES, May 4 – ",
    "OSTPORT, Monday, Nov. 3 — ",
    "OSTPORT, Colo.—",
    "Ostport (Kessel Wire) - ",
    "Ostport, Nov. 20, 2026 – ",
    "2026-11-20 (Wire) -- ",
    "(Wire) — ",
    "(KNN) ",
]


@pytest.mark.parametrize("dateline", DATELINES)
def test_a_dateline_is_no_part_of_the_sentence(dateline: str) -> None:
    assert strip_dateline(f"{dateline}Veltra closed.") == "Veltra closed."
    assert strip_dateline(f"Veltra closes\n{dateline}Veltra closed.") == (
        "Veltra closes\nVeltra closed."
    )


@pytest.mark.parametrize(
    "text",
    [
        "Ostport Harbour (OPH) Chief Lena Durst said no.",
        "Veltra Robotics (VEL) - Shares of the firm fell.",
        "IBM — Veltra's rival — said no.",
        "On Tuesday, May 4 - Veltra closed.",
        "Mara Vell (Ostport) Said no.",
        "(Veltra denied this.) Bolt agreed.",
        "UK regulators - and others - left.",
        "Veltra said on Nov. 20 – a Thursday – that it closed.",
        "FALSE - The mayor took bribes.",
        "NOT TRUE — Ostrel Bank is bankrupt.",
        "(Not) A reactor leaked in Orl.",
        "DENIED (Kessel Press) - Ostrel Bank closed.",
        "SATIRE, Nov. 12 - A cat ran for mayor.",
        "EXERCISE EXERCISE - A ship sank off Orl.",
    ],
)
def test_a_sentence_with_brackets_or_dashes_has_no_dateline(text: str) -> None:
    assert strip_dateline(text) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("10:42 — Firefighters are here.", "Firefighters are here."),
        ("14.05 Uhr: Bei Harden brennt es.", "Bei Harden brennt es."),
        ("9.15am: Police arrive.", "Police arrive."),
        ("[10:42] Police arrive.", "Police arrive."),
        ("+++ 14:05 Uhr +++ Bei Harden brennt es.", "Bei Harden brennt es."),
        ("5 pm - He said so.", "He said so."),
        ("10:42 was the time.", "10:42 was the time."),
        ("9 a.m. Tuesday was the deadline.", "9 a.m. Tuesday was the deadline."),
        ("10:42 Tuesday was the time.", "10:42 Tuesday was the time."),
        ("3.5 million were sold.", "3.5 million were sold."),
        ("7.30 Report host quits.", "7.30 Report host quits."),
    ],
)
def test_the_clock_stamp_of_a_live_blog_goes(text: str, kept: str) -> None:
    assert trim(text) == kept
