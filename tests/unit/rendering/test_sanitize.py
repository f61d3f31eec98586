import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.domain.claims import VerdictLabel
from summarizer.rendering.sanitize import pieces, safe_url, visible
from summarizer.rendering.schema import Failure


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("two\n\tlines\u2028here", "two lines here"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x9b31mred", "red"),
        ("a\x1b]0;window title\x07b", "ab"),
        ("a\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\b", "alinkb"),
        ("a\x1b]unfinished stays", "aunfinished stays"),
        ("nul\x00bell\x07back\x08", "nulbellback"),
        ("\u202eevil\u202c \u2066x\u2069", "evil x"),
        ("שלום 👩‍🚀 é", "שלום 👩‍🚀 é"),
    ],
)
def test_only_what_can_be_seen_is_shown(text, shown):
    assert visible(text) == shown


@given(st.text())
def test_no_control_character_is_ever_shown(text):
    assert not [c for c in visible(text) if unicodedata.category(c) in ("Cc", "Zl", "Zp")]


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.example/x?y=1&z=%20#f", "https://a.example/x?y=1&z=%20#f"),
        ("HTTP://a.example/", "HTTP://a.example/"),
        (" https://a.example/ü ", "https://a.example/%C3%BC"),
        ('https://a.example/"><b>', "https://a.example/%22%3E%3Cb%3E"),
        ("https://a.example/(x)`'", "https://a.example/%28x%29%60%27"),
        ("javascript:alert(1)", None),
        ("JaVaScRiPt://a.example/%0aalert(1)", None),
        ("java\nscript:alert(1)", None),
        ("https://a.example/\x00", None),
        ("data:text/html,x", None),
        ("//a.example/x", None),
        ("https://", None),
        ("https://[::1", None),
        ("file:///etc/passwd", None),
        ("", None),
        (None, None),
    ],
)
def test_only_http_addresses_are_safe(url, safe):
    assert safe_url(url) == safe


def failure(start: int | None, end: int | None) -> Failure:
    return Failure(
        check="numbers", reason="", label=VerdictLabel.UNSUPPORTED, start=start, end=end,
        better=None, better_number=None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], [("abcdef", False)]),
        ([(None, None)], [("abcdef", False)]),
        ([(2, 4)], [("ab", False), ("cd", True), ("ef", False)]),
        ([(0, 6)], [("abcdef", True)]),
        ([(3, 5), (1, 4)], [("a", False), ("bcd", True), ("e", True), ("f", False)]),
        ([(4, 99)], [("abcd", False), ("ef", True)]),
        ([(5, 2)], [("abcdef", False)]),
    ],
)
def test_failing_words_are_marked(spans, expected):
    assert pieces("abcdef", [failure(*span) for span in spans]) == expected


@given(
    st.text(alphabet="abc ", max_size=40),
    st.lists(st.tuples(st.integers(-5, 50), st.integers(-5, 50))),
)
def test_marking_words_loses_none(text, spans):
    found = pieces(text, [failure(*span) for span in spans])
    assert visible("".join(piece for piece, _ in found)) == visible(text)
