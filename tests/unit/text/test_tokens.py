from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from summarizer.text import cache, tokens


@given(st.text(max_size=200))
def test_tokens_stand_where_they_say(text: str) -> None:
    assert all(text[t.start : t.end] == t.text for t in tokens.tokens(text))


@given(st.text(min_size=1, max_size=40))
def test_folding_and_stemming_never_fail(word: str) -> None:
    assert isinstance(tokens.stem(tokens.fold(word)), str)


def test_folding_drops_case_diacritics_and_possessives() -> None:
    assert [tokens.fold(w) for w in ("Zoë's", "RUIZ’S", "don't")] == ["zoe", "ruiz", "dont"]


def test_forms_of_one_word_share_a_stem() -> None:
    for forms in (
        ["recall", "recalls", "recalled", "recalling"],
        ["rise", "rose", "risen", "rises"],
        ["company", "companies"],
        ["robot", "robots"],
        ["settle", "settled", "settling"],
        ["stop", "stopped", "stopping"],
        ["win", "won"],
        ["investigate", "investigation", "investigator"],
        ["organise", "organized", "organisation"],
    ):
        assert len({tokens.stem(form) for form in forms}) == 1, forms


def test_different_words_keep_different_stems() -> None:
    assert len({tokens.stem(w) for w in ("rise", "fall", "union", "unit", "police", "policy")}) == 6


def test_threads_that_stem_at_once_get_their_own_stems() -> None:
    words = [f"{'abcdefghij'[n % 10] * 3}{'klmnopqrst'[n // 10 % 10]}ings" for n in range(100)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(tokens.stem.__wrapped__, words * 20))
    assert found == [tokens.stem(word) for word in words] * 20


def test_an_analysis_is_made_once_and_forgotten_when_memory_is_full() -> None:
    calls: list[str] = []

    @cache.cached_by_text
    def length(text: str) -> int:
        calls.append(text)
        return len(text)

    big = "x" * (cache.REMEMBERED_CHARACTERS // 2)
    assert [length("a"), length("a"), length(big), length(big + "y"), length("a")] == [
        1,
        1,
        len(big),
        len(big) + 1,
        1,
    ]
    assert calls.count("a") == 2


def test_recall_counts_the_claims_words() -> None:
    claim, source = frozenset({"a", "b"}), frozenset({"b", "c", "d"})
    assert tokens.coverage(claim, source) == 0.5
    assert tokens.coverage(frozenset(), source) == 0.0
