"""Owners of bodies."""

import pytest

from summarizer.text.owners import owners


@pytest.mark.parametrize(
    "sentence",
    [
        "Dunmore Group, which owns Sortwell, denied it.",
        "Sortwell is owned by Dunmore Group.",
        "Pickers accused Sortwell, a warehouse operator owned by the Dunmore Group, of theft.",
        "Pickers accused Sortwell, a subsidiary of Dunmore Group, of theft.",
        "Sortwell’s parent company, Dunmore Group, said so.",
        "A spokesman for Dunmore Group, Sortwell's parent company, said so.",
        "Dunmore Group, the owner of the warehouse operator Sortwell, said so.",
        "Sortwell belongs to Dunmore Group.",
        "Dunmore Group, Sortwell's owner, said so.",
    ],
)
def test_an_owner_is_read_with_what_it_owns(sentence: str) -> None:
    assert list(owners(sentence)) == [("Dunmore Group", "Sortwell")]


@pytest.mark.parametrize(
    "sentence",
    [
        "Dunmore Group denied that it owns a share.",
        "Dunmore Group sued Sortwell.",
        "Dunmore Group and Sortwell met their own parents.",
        "Dunmore Group disowned Sortwell.",
    ],
)
def test_nobody_else_owns(sentence: str) -> None:
    assert list(owners(sentence)) == []
