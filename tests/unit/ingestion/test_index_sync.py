import pytest

from summarizer.ingestion.index_sync import LEAD_CHARACTERS, heading


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("Title", "Text.", "Title. Text."),
        ("Title", "", "Title"),
        ("", "A post.", "A post."),
        ("Same", "Same", "Same"),
        ("Ferry aground", "Ferry aground\n\nIt sank.", "Ferry aground It sank."),
        ("", "word " * 200, ("word " * 40).strip()),
        ("", "x" * 500, "x" * LEAD_CHARACTERS),
    ],
)
def test_a_heading_is_the_title_and_the_start_of_the_text(
    title: str, text: str, expected: str
) -> None:
    assert heading(title, text) == expected
