"""What a page says of itself rather than of the incident: subscriptions, credits, notices."""

import re

_BOILERPLATE = re.compile(
    r"newsletter|sign up|subscri(?:be|ption|bers? only)|this (?:story|article|post|"
    r"page) (?:has been|"
    r"was|will be|is being) (?:updated|corrected|published|developing)|all rights reserved|"
    r"copyright|cookie|terms of (?:use|service) apply|click here|advertis(?:ement|ing partner)|"
    r"follow us|read more|read the full|watch (?:the video|live|below|more)|"
    r"(?:photo|image|picture|video|file)(?: credit| by|:)|getty images|/(?:ap|afp|reuters)\b|"
    r"contributed to this (?:report|story)|(?:reporting|editing|writing) by\b|"
    r"this is a (?:breaking|developing)|more (?:details|information) to follow|"
    r"share this|leave a comment|affiliate (?:link|commission)|our privacy policy|"
    r"download (?:the|our) app|find out more|learn more|listen to (?:the|our) (?:podcast|episode)",
    re.IGNORECASE,
)


def is_boilerplate(text: str) -> bool:
    """Whether a passage speaks of the page that it stands on."""
    return _BOILERPLATE.search(text) is not None
