"""Words of a page that no form changes."""

import pytest

from summarizer.rendering.phrases import actor_words
from summarizer.rendering.schema import Actor


@pytest.mark.parametrize(
    ("answered", "told"),
    [
        (True, "accused; answers"),
        (False, "accused; no answer found in sources"),
        (None, "accused"),  # somebody speaks who may speak for the accused
    ],
)
def test_no_answer_is_told_only_where_that_is_clear(answered: bool | None, told: str) -> None:
    actor = Actor.model_construct(roles=(), stances=(), aliases=(), accused=True, answered=answered)
    assert actor_words(actor) == told
