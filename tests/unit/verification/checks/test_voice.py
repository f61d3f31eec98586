"""Voice of claims: a title may lack a finite verb, and nothing else is spared."""

import pytest

from summarizer.verification.checks import voice


@pytest.mark.parametrize(
    ("claim", "headline", "names"),
    [
        ("We have never sold data.", False, "We"),
        ("We have never sold data.", True, "We"),
        ("The end of an episode.", False, "The end of an episode."),
    ],
)
def test_the_reason_names_the_words(claim: str, headline: bool, names: str) -> None:
    (failure,) = voice.check(claim, headline=headline)
    assert failure.reason.startswith(f'"{names}" is ')
    assert claim[failure.start : failure.end] == names


def test_a_title_may_be_a_fragment() -> None:
    assert voice.check("The end of an episode", headline=True) == []
