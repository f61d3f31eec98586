"""Titles that state guilt which the sources only allege."""

import pytest

from summarizer.verification.guilt import states_guilt
from tests.support.builders import a_pack, an_item


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Sven Tolk stole 12,000 euros from a shop",
         "Sven Tolk stole 12,000 euros from a shop.\nPolice arrested Sven Tolk."),
        ("Cashier stole 12,000 euros", "Police arrested the cashier Sven Tolk."),
        ("Ada Lorn defrauded her clients", "Ada Lorn was charged with fraud."),
        ("Killer of shopkeeper caught", "Police arrested Ivo Brandt in Kern."),
        ("Acme hid a flaw in its locks", "Three drivers accused Acme of fraud."),
    ],
)  # fmt: skip
def test_a_title_states_what_is_only_alleged(title: str, text: str) -> None:
    assert states_guilt(title, ("a1.1",), a_pack(an_item("a1", text)))


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Police arrested Sven Tolk over a theft", "Police arrested Sven Tolk."),
        ("Sven Tolk is accused of stealing 12,000 euros", "Sven Tolk is accused of theft."),
        ("Nurses say that Ada Lorn stole grain", "Nurses accused Ada Lorn of theft."),
        ("Sven Tolk stole 12,000 euros", "A court convicted Sven Tolk of theft."),
        ("Acme misled its users", "Users sued Acme.\nAcme admitted that it had misled its users."),
        ("Acme leaked the data of two million users", "Acme leaked the data of two million users."),
        ("Alleged killer appears in court", "Police arrested Ivo Brandt in Kern."),
        ("Rebels attacked Kern and robbed a bank", "Police arrested Ivo Brandt in Odda."),
    ],
)  # fmt: skip
def test_a_title_says_who_says_so_or_what_is_established(title: str, text: str) -> None:
    assert not states_guilt(title, ("a1.1",), a_pack(an_item("a1", text)))
