import sys

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.invisible import IGNORABLE, without_invisible

IGNORABLE_OF_UNICODE = regex.compile(r"\p{Default_Ignorable_Code_Point}")
ALL = [chr(n) for n in range(sys.maxunicode + 1) if IGNORABLE_OF_UNICODE.match(chr(n))]


def test_the_class_is_that_of_unicode_and_marks_of_annotations() -> None:
    ours = {chr(n) for n in range(sys.maxunicode + 1) if IGNORABLE.match(chr(n))}
    assert ours == {*ALL, *"\ufff9\ufffa\ufffb"}


def test_no_invisible_character_stays_in_latin_text() -> None:
    blanks = "\u115f\u1160\u2800\u3164\uffa0"
    shown = {without_invisible(f"pass{c}word") for c in {*ALL, *blanks}}
    assert shown == {"password", "pass word"}
    assert without_invisible(f"pay{blanks}now") == "pay now"


@pytest.mark.parametrize(
    "text",
    [
        "क्‍ष और र्‌क",  # Hindi, with joiner and non-joiner
        "می\u200cخواهم کتاب\u200cها",  # Persian
        "ශ්\u200dරී ලංකා",  # Sinhala
        "ভাষা র\u200d্যাব",  # Bengali
        "ന\u200d",  # Malayalam, a final consonant in the old spelling
        "ภาษาไทยไม่มีช่องว่าง",  # Thai
        "ប្រទេសកម្ពុជា",  # Khmer
        "ᠮᠣᠩᠭᠣᠯ\u180eᠠ ᠨ\u180bᠠ",  # Mongolian
        "שלום \u200fעולם \u2067abc\u2069",  # Hebrew, with direction marks
        "👨‍👩‍👧‍👦 👩🏽‍🚀 🏳️‍🌈 🏴‍☠️ ❤️‍🔥 👁️‍🗨️",  # families, professions, joined flags
        "🇺🇦 🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f 1️⃣ ©️ ☎︎",
        "葛\U000e0100城市 ≨\ufe00",  # variants of Han and of mathematics
        "한국어 日本語 中文 Ελληνικά Русский",
    ],
)
def test_what_scripts_and_emoji_need_stays(text: str) -> None:
    assert without_invisible(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("❤\ufe0f\ufe0f\ufe0f", "❤\ufe0f"),
        ("h\ufe01i\ufe0f", "hi"),
        ("👩\u200d\u200d\u200d🚀", "👩\u200d🚀"),
        ("می\u200c\u200c\u200cخواهم", "می\u200cخواهم"),
        ("left\u200eright\u2066x\u2069", "leftrightx"),
        ("flag \U0001f3f4\U000e0067", "flag \U0001f3f4"),
        ("note" + "".join(chr(0xE0000 + ord(c)) for c in "obey"), "note"),
    ],
)
def test_what_has_no_effect_where_it_stands_is_removed(text: str, shown: str) -> None:
    assert without_invisible(text) == shown


@pytest.mark.parametrize("piece", ["\u200d", "👩\u200d", "\u3164a", "\U0001f3f4\U000e0067"])
def test_long_runs_take_linear_time(piece: str) -> None:
    assert len(without_invisible(piece * 50_000)) <= len(piece) * 50_000


@given(st.text(st.sampled_from([*ALL[:60], *"aक्م👩❤葛 1"])))
def test_a_second_time_changes_nothing(text: str) -> None:
    once = without_invisible(text)
    assert without_invisible(once) == once
