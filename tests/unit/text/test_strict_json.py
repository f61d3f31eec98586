"""One set of rules for JSON from outside."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.strict_json import DEEPEST, MOST_VALUES, JsonError, loads, scan

HALF, MENDED = "\\ud83d", "\ufffd"

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30)
    | st.text(st.characters(codec="utf-8")) | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(PLAIN)
def test_plain_json_is_read_as_the_library_reads_it(value):
    written = json.dumps(value, ensure_ascii=False).encode(errors="replace")
    assert loads(written) == json.loads(written)


@given(st.text(alphabet='{}[]":,\\ud8e01.-+nNaI \n\x00', max_size=60))
def test_any_text_is_read_or_refused_as_a_value_error(text):
    with contextlib.suppress(ValueError):
        json.dumps(loads(text), ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("text", "field", "says"),
    [
        ("[NaN]", None, "NaN"),
        ("[-Infinity]", None, "Infinity"),
        ('{"reach": 1e400}', None, "1e400 is too large"),
        ('{"reach": %s}' % ("9" * 5_000), None, "5,000 digits"),
        ('{"a": 1, "b": 2, "a": 3}', "a", "stands twice"),
        ('{"a": {"b": 1, "b": 2}}', "b", "stands twice"),
        ("[" * (DEEPEST + 2) + "]" * (DEEPEST + 2), None, "nested too deeply"),
        ('{"a":' * 100_000, None, "nested too deeply"),
        ("[" + "1," * MOST_VALUES + "1]", None, "more than 100,000 values"),
        ("[" + "[]," * MOST_VALUES + "1]", None, "more than 100,000 values"),
        (f'{{"id": "a{HALF}"}}', "id", "half a character"),
        (f'{{"sources": [{{"id": "{HALF}"}}]}}', "sources.0.id", "half a character"),
        (f'{{"engagement": {{"li{HALF}": 1}}}}', f"engagement.li{MENDED}", "half a character"),
        (b"\xff\xfe{\0}\0", None, "UTF-16"),
        (b'{"a": "\xff"}', None, "UTF-8 at byte 8"),
        (b'{"a": "\xed\xa0\x80"}', None, "UTF-8"),
    ],
)
def test_what_breaks_a_rule_is_refused_with_its_place(text, field, says):
    with pytest.raises(JsonError, match=says) as caught:
        loads(text)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (f'["a{HALF}", "{HALF}\\ude00"]', [f"a{MENDED}", "\U0001f600"]),
        (f'{{"text": "{HALF}", "n": [1]}}', {"text": MENDED, "n": [1]}),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        ('"\\u0000"', "\0"),
        ("[" * DEEPEST + "]" * DEEPEST, json.loads("[" * DEEPEST + "]" * DEEPEST)),
    ],
)
def test_what_can_be_mended_is_read(text, value):
    assert loads(text) == value


def test_a_value_that_breaks_a_rule_still_has_an_end():
    found = scan('{"a": NaN}, {"b": 1}')
    assert found.end == len('{"a": NaN}')
    assert found.fault is not None


@pytest.mark.parametrize("text", ["", "{", "[1", '{"a" 1}', "tru", '"\\x"', "1 2", "[] []"])
def test_what_is_no_json_is_told_with_its_column(text):
    with pytest.raises(json.JSONDecodeError):
        loads(text)
