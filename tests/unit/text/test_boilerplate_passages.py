import pytest

from summarizer.text.boilerplate_passages import is_boilerplate, marked

BOILERPLATE = {
    "orders": [
        "Subscribe to our newsletter.",
        "Sign up for the Ledger's daily briefing.",
        "Get the latest news in your inbox.",
        "Click here to read the full report.",
        "Follow us on Kessel and Ostrand.",
        "Please share this with your friends.",
        "Download our app",
        "Leave a comment",
    ],
    "links": [
        "Read more: Crane falls at Port Harrow",
        "Read also | Crane falls at Port Harrow",
        "RELATED: Crane falls at Port Harrow",
        "Related story: Crane falls at Port Harrow",
        "See also: Port Harrow",
        "Watch: The crane at Port Harrow",
        "More on Port Harrow: The crane",
        "Learn more about cranes.",
    ],
    "the page": [
        "This story has been updated.",
        "This article was first published on Nov. 20.",
        "This is a developing story.",
        "A version of this article appears in print on Nov. 20, 2026, on page A16.",
        "Updated 5:30 p.m.",
        "Last updated: Nov. 20, 2026 at 5:30 p.m. ET",
        "Published 20 November 2026",
        "© 2026 Ostrand Ledger",
        "Copyright 2026 Ostrand Ledger.",
        "Ostrand Ledger. All rights reserved.",
        "ADVERTISEMENT",
        "We use cookies to improve this site.",
        "By signing up, you agree to our terms.",
        "We may earn a commission from links on this page.",
    ],
    "credits": [
        "Reporting by Jo Ray; Editing by Al Dow",
        "Lena Durst contributed to this report.",
        "(Photo: Jo Ray)",
        "Photo credit: Jo Ray",
        "Photo by Jo Ray.",
        "FILE - In this Nov. 20 photo, the crane stands at Port Harrow.",
        "The crane at Port Harrow. Jo Ray/AFP",
    ],
    "press release": [
        "OSTPORT, Nov. 20, 2026 /PRNewsline/ --",
        "Media contact: Mara Vell, press@veltra.example",
        "For more information, please visit veltra.example.",
        "SOURCE Veltra Inc.",
        "This press release contains forward-looking statements.",
        "Veltra undertakes no obligation to update these statements.",
        "Actual results may differ from those expected.",
        "###",
    ],
    "post": [
        "1/6",
        "(2/5)",
        "🧵",
        "#Veltra #PortHarrow",
        "@ledger @times 😬",
        "https://veltra.example",
    ],
}
NEWS = [
    "The Ledger closed its newsletter and 40,000 readers lost it.",
    "Veltra sued the paper over copyright on Monday.",
    "Copyright by itself protects no idea, the judge said.",
    "The regulator fined Veltra over cookies set without consent.",
    "Subscribers sued Veltra after it raised the price of a subscription.",
    "An advertisement of Veltra showed a crane, the regulator said.",
    "Getty Images sued Veltra over 12 million photos.",
    "Photo agencies asked the court to stop Veltra.",
    "Video by a bystander shows the crane falling.",
    "Reporting by the newspaper found that the crane was overloaded.",
    "Source close to the firm said that it would pay.",
    "This report was published by the regulator on Monday.",
    "This article has been corrected: the crane fell on Monday.",
    "A version of the crane that fell was sold in 2024.",
    "Updated guidance from the agency takes effect on May 5.",
    "Published research shows that 12 cranes fell in 2025.",
    "The suit says that its forward-looking statements were false.",
    "The views expressed by the mayor drew protests.",
    "Sign language is taught at the school, Vell said.",
    "Share prices fell by 5 percent on Monday.",
    "Watch the harbour, Durst told the crew.",
    "Read the room, Durst told the crew.",
    "About 40 people were hurt at Port Harrow.",
    "Contact tracing began on Monday.",
    "Related costs rose to 5 million dollars.",
    "Veltra learned more about the crane in May.",
    "The 1/6 committee met on Monday.",
    "השרת נפל.",
]


@pytest.mark.parametrize("text", [text for kind in BOILERPLATE.values() for text in kind])
def test_what_a_page_says_of_itself_or_to_its_reader_is_boilerplate(text: str) -> None:
    assert is_boilerplate(text)


@pytest.mark.parametrize("text", NEWS)
def test_news_of_newsletters_cookies_and_copyright_is_none(text: str) -> None:
    assert not is_boilerplate(text)


REPORT = ["Veltra closed its plant on Monday.", "Vell said that the crane was safe."]


@pytest.mark.parametrize(
    "section",
    [
        ["About Veltra", "Veltra Inc. makes cranes.", "It has 900 staff."],
        ["About the Harrow Fund:", "The Harrow Fund gives money to harbours."],
        ["About Veltra: Veltra Inc. makes cranes.", "It has 900 staff."],
        ["Forward-Looking Statements", "Veltra expects to sell more cranes."],
        ["Media Contact:", "Mara Vell", "+1 555 0100", "press@veltra.example"],
        ["Related stories", "Crane falls at Port Harrow", "Mayor asks for calm"],
    ],
)
def test_a_section_of_boilerplate_is_marked_as_a_whole(section: list[str]) -> None:
    assert marked([*REPORT, *section]) == (False, False, *(True for _ in section))


def test_a_section_ends_at_the_next_heading_and_a_list_at_the_next_sentence() -> None:
    profile = [
        "About Veltra",
        "Veltra Inc. makes cranes.",
        "What happened",
        "A crane fell on Monday.",
    ]
    assert marked([*REPORT, *profile])[2:] == (True, True, False, False)
    links = ["Related stories", "Crane falls at Port Harrow", "A crane fell on Monday."]
    assert marked([*links, *REPORT])[:3] == (True, True, False)


def test_a_heading_about_an_event_opens_no_section() -> None:
    assert marked([*REPORT, "About the accident", "A crane fell on Monday."])[2:] == (False, False)
