"""Boilerplate passages: text about its own page or reader, and not about events.

They stay in the stored text and are no evidence.  The patterns are anchored at what such sentences
start with, so that news of newsletters, cookies, copyright or subscribers is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.text.boilerplate import ICON, STAMP, strip_dateline, trimmed_start

_NAMED = r"(?-i:[A-ZÀ-Þ])[\w.'’-]*+\s(?-i:[A-ZÀ-Þ])[\w.'’-]*+"
_ORDERS = (
    r"(?:please\s)?(?:(?:subscribe|sign up|register)(?:\s(?:to|for|here|now|today|with)\b|[.!:]?$)"
    r"|(?:click|tap)\s(?:here|below|the (?:link|button))\b|follow\s(?:us|@|our)\b|leave a comment\b"
    r"|share (?:this|on|via)\b|join (?:the conversation|our)\b"
    r"|download (?:the|our) (?:free )?app\b"
    r"|get (?:the|our|your) (?:latest|best|daily|top|free)\b[^.]{0,60}\b(?:inbox|email|newsletter)"
    r"|(?:listen to|watch) (?:the|our) (?:full |latest )?(?:podcast|episode|video)\b"
    r"|skip to\b|continue reading\b|view comments\b|check back for\b)"
)
_LINKED = (
    r"(?:read(?: more| also| next| the full \w+)?|also read|see(?: also)?|watch(?: live| more)?"
    r"|listen|related(?: \w+)?|more (?:from|on|in)\b[^:]{0,40}|don['’]t miss|you may also like"
    r"|recommended(?: for you)?|most (?:read|popular)|trending(?: now)?)\s?(?:[:|»>→]|$)"
    r"|(?:learn|find out|read|see) more(?: (?:about|at|on|here|in our)\b|[.!]?$)"
)
_OF_ITSELF = (
    r"this (?:story|article|post|page) (?:has been |was |will be |is being )"
    r"(?:last |first |originally )?(?:updated|published|produced|edited|paid for|sponsored)\b"
    r"|an? (?:\w+ )?version of this (?:story|article|post|column|report|review) "
    r"(?:appear\w*|ran|was|first)\b"
    r"|this is a (?:breaking|developing)(?: news)? story\b"
    r"|more (?:details|information|updates) to follow\b"
    r"|(?:all|some) rights reserved\b|©|\(c\)\s?(?:19|20)\d\d"
    r"|copyright\s(?:©|\(c\)|(?:19|20)\d\d)"
    r"|advertise?ments?[.:]?$|sponsored content\b|already a (?:subscriber|member)\b"
    r"|for subscribers only\b|you have \w+ free articles?\b"
    r"|(?:we|(?:this|our|the) (?:site|website)) uses? cookies\b|accept (?:all )?cookies\b"
    r"|by (?:signing up|subscribing|continuing|submitting)\b[^.]{0,60}\byou (?:agree|consent)\b"
    r"|we may (?:earn|receive) (?:a |an )?(?:\w+ )?commissions?\b"
    r"|the (?:views|opinions) expressed (?:here|in this|are those)\b"
)
_FRAMES = (
    r"(?:good (?:morning|afternoon|evening)[,.]? |hello,? )?(?:and )?welcome (?:back )?to "
    r"(?:our|the)\b[^.]{0,40}\b(?:live|rolling|coverage|blog|briefing|newsletter|round-?up)\b"
    r"|good (?:morning|afternoon|evening)[,.!]?$"
    r"|that(?:['’]s| is) (?:all|it) (?:from|for) (?:us|me|now|today|tonight|this)\b"
    r"|thank(?:s| you) for (?:reading|following|joining|listening|watching)\b"
    r"|(?:we are|we['’]re|we will be|i am|i['’]m) (?:now )?(?:closing|pausing|wrapping up) "
    r"(?:this|our|the)\b"
)
"""What opens and closes a live blog, a newsletter or a programme."""
_CREDITS = (
    rf"(?:additional )?(?:reporting|editing|writing) by {_NAMED}(?:[;,.)]|\s(?:and|in)\b|$)"
    r"|(?:photo|image|picture|video|illustration|graphic|file photo)s?"
    rf"(?:\s(?:credit|courtesy|copyright)s?\b|\sby {_NAMED}\W*$|\s?[:/]|\W*$)"
    r"|FILE\s[-–—]|view (?:source|original) (?:version|content)\b"
    r"|(?-i:SOURCE)\s[\w.,&’' -]{1,60}$|source:\s[^.]{1,60}$"
)
_CONTACTS = (
    r"(?:media|press|investors?)\s(?:contacts?|inquir\w+|enquir\w+|relations contacts?)\b"
    r"|contacts?:|(?:tel|phone|fax|e-?mail)[.:]\s"
    r"|for (?:more|further) information,?\s(?:please\s)?(?:visit|contact|see|go to)\b"
    r"|to learn more,?\s(?:please\s)?(?:visit|go to)\b"
)
_STARTS = re.compile(
    f"(?:{_ORDERS}|{_LINKED}|{_OF_ITSELF}|{_FRAMES}|{_CREDITS}|{_CONTACTS})", re.IGNORECASE
)
_ANYWHERE = re.compile(
    r"\ball rights reserved\b|\bcontributed to this (?:report|story|article)\b"
    r"|(?:/|\bvia )(?:Getty Images|AFP|AP|Reuters|EPA|PA|UPI|Shutterstock|Alamy)\b[^a-z]{0,20}$"
    r"|\bour (?:privacy policy|terms of (?:use|service))\b"
    r"|\bdelivered (?:straight |directly )?to your inbox\b"
    r"|\bundertakes? no (?:obligation|duty) to (?:publicly )?(?:update|revise)\b"
    r"|\bwithin the meaning of (?:the (?:U\.S\. )?Private Securities|Section 2[17][AE])\b"
    r"|\bactual results (?:may|could|might|to) differ\b|\bto differ materially from\b"
    r"|\brelease (?:contains|includes)\b[^.]{0,40}\bforward-looking statements\b"
    r"|\bforward-looking statements\b(?=[^.]{0,80}\b(?:involve|risks and uncertain|speak only))",
    re.IGNORECASE,
)
_OPENER = re.compile(r"\A(?:#++\s|[\[(\s])++")  # of a heading or a note in brackets
_NO_WORDS = re.compile(rf"#\w+|@\w+|https?://\S+|www\.\S+|{ICON}")
_LETTER = re.compile(r"[^\W\d_]")


def is_boilerplate(text: str) -> bool:
    """Whether a sentence is about its own page, or its reader, and not about events.

    Such are links to other pages, orders to the reader, credits, contacts, notices, and sentences
    of which nothing is left without dateline, hashtags and icons.
    """
    bare = _OPENER.sub("", trimmed_start(text), count=1).rstrip()
    if _STARTS.match(bare) or _ANYWHERE.search(bare) or STAMP.fullmatch(bare):
        return True
    return strip_dateline(f"{bare} X") == "X" or not _LETTER.search(_NO_WORDS.sub("", bare))


_ABOUT = re.compile(r"About (?:the )?(?!Us\b)[A-Z][\w.,&’'()-]*+(?: [\w.,&’'()-]++){0,6}+:?")
_ABOUT_ONE = re.compile(
    r"About (?:the )?([A-Z][\w&’'-]++)[^:.]{0,60}?(?::|\.| [–—-]) ?(?:the )?\1\b"
)
_NOTICE = re.compile(
    r"(?:forward[- ]looking statements?|safe harbou?r(?: statement)?|disclaimer|about us"
    r"|cautionary (?:note|statement)[^.]{0,80})[:.]?",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"(?:(?:media|press|investor)s? (?:contacts?|(?:in|en)quiries)|contacts?)[:.]?", re.IGNORECASE
)
_LINKS = re.compile(
    r"(?:related(?: \w+)?|read (?:more|also|next)|more (?:from|on|stories|news)\b.{0,40}"
    r"|most (?:read|popular)|trending(?: now)?|you may also like|recommended(?: for you)?"
    r"|share this(?: \w+)?|follow us)[:.]?",
    re.IGNORECASE,
)
_STOPS = re.compile(r"[.!?…][\"'”’)]*$")
HEADING = 8
"""Most words of a heading or of an entry of a list."""

SECTION = 12
"""Most sentences of a section of boilerplate: company profiles and notices are short."""


def marked(sentences: Sequence[str]) -> tuple[bool, ...]:
    """For each sentence of one item, in order, whether it is boilerplate.

    Beside the sentences that ``is_boilerplate`` recognises, these are company profiles and notices
    in the second half of an item, contacts, and lists of links.
    """
    found: list[bool] = []
    prose = entries = 0  # sentences for which the section at most goes on
    for n, text in enumerate(sentences):
        bare = text.strip()
        late = n > 0 and (2 * n >= len(sentences) or len(sentences) <= SECTION)
        short = len(bare.split()) <= HEADING and not _STOPS.search(bare)
        if late and short and (_NOTICE.fullmatch(bare) or _ABOUT.fullmatch(bare)):
            prose, entries = SECTION + 1, 0
        elif _LINKS.fullmatch(bare) or (late and _CONTACT.fullmatch(bare)):
            prose, entries = 0, SECTION + 1
        elif short:
            prose = 0
        else:
            entries = 0
        prose, entries = max(0, prose - 1), max(0, entries - 1)
        about = late and _ABOUT_ONE.match(bare) is not None
        prose = SECTION if about else prose
        found.append(bool(prose or entries or about or is_boilerplate(text)))
    return tuple(found)
