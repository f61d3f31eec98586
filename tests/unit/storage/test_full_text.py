"""``TextIndex`` on databases in memory and in a file."""

import pytest

from summarizer.storage.store import Store
from tests.support.builders import NOON
from tests.unit.storage.test_outlines import an_item
from tests.unit.storage.test_standings import a_standing


def keys(store: Store, *terms: str, every: bool = True, limit: int = 10) -> list[str]:
    return [found.key for found in store.full_text.items(terms, limit, every=every)]


def test_every_term_must_be_there_or_any_of_them(store):
    both = an_item(store, "The ferry and the tram were late.")
    one = an_item(store, "The ferry sank in the harbour, where it had lain for a long time.")
    assert keys(store, "ferry", "tram") == [both]
    assert sorted(keys(store, "ferry", "tram", every=False)) == [both, one]
    assert keys(store, "bakery") == []


def test_a_term_of_several_words_is_a_phrase_and_none_of_it_is_syntax(store):
    key = an_item(store, "Halden Line cancelled 14 crossings.")
    assert keys(store, "14 crossings") == [key]
    assert keys(store, "crossings 14") == keys(store, "halden OR bread") == []
    assert keys(store, 'halden" OR "bread') == keys(store, "cross*", "NOT") == []


def test_other_forms_accents_and_capitals_make_no_difference(store):
    key = an_item(store, "Señor Brandvold cancels.", title="The CROSSING", outlet="Tolby Courier")
    for term in ("senor", "cancelled", "crossings", "tolby"):
        assert keys(store, term) == [key], term


@pytest.mark.parametrize(
    ("begun", "finds"),
    [("trib", True), ("tribuna", True), ("TRIBUNAL", True), ("crossin", True), ("tr", False),
     ("ribunal", False), ("tribunate of", False)],
)  # fmt: skip
def test_the_beginning_of_a_word_finds_it(store, begun, finds):
    key = an_item(store, "Crossings were cancelled.", title="The Tribunal sits")
    made = store.create_incident(NOON, items=[key])
    assert (keys(store, begun) == [key]) == finds
    assert (store.full_text.incidents([begun]) == {made.id}) == finds


def test_the_word_that_a_beginning_finds_is_marked_whole(store):
    text = "The tribunal sat."
    an_item(store, text)
    (found,) = store.full_text.items(["tribu"], 1, every=True)
    assert [text[start:end] for start, end in found.text] == ["tribunal"]


def test_a_word_of_the_title_comes_before_one_of_the_text(store):
    an_item(store, "A ferry sank at noon.", title="Something happened")
    titled = an_item(store, "Something happened at noon.", title="A ferry sank")
    assert keys(store, "ferry")[0] == titled
    assert keys(store, "ferry", limit=1) == [titled]


def test_marks_are_where_the_words_stand(store):
    text, title = "😀 Ferries: two ferries.", "Late ferry"
    an_item(store, text, title=title)
    (found,) = store.full_text.items(["ferry"], 1, every=True)
    assert [text[start:end] for start, end in found.text] == ["Ferries", "ferries"]
    assert [title[start:end] for start, end in found.title] == ["ferry"]


def test_an_incident_may_have_the_terms_in_different_items(store):
    apart = [an_item(store, "The ferry was late."), an_item(store, "The tram was late.")]
    made = store.create_incident(NOON, items=apart)
    store.create_incident(NOON, items=[an_item(store, "Another ferry was late.")])
    an_item(store, "The ferry, the tram: in no incident.")
    assert store.full_text.incidents(["ferry", "tram"]) == {made.id}
    assert store.full_text.incidents(["bakery"]) == store.full_text.incidents([]) == frozenset()


def test_what_is_undone_is_not_found(store):
    with pytest.raises(ZeroDivisionError), store.transaction():
        an_item(store, "The ferry was late.")
        raise ZeroDivisionError
    assert keys(store, "ferry") == []


def test_made_anew_the_index_finds_the_same(store):
    key = an_item(store, "The ferry was late.")
    store.full_text.rebuild()
    assert keys(store, "ferry") == [key]


def test_a_part_of_a_word_finds_the_title_of_an_incident(store):
    for _ in range(2):
        store.create_incident(NOON)
    for number, title in ((1, "Livestock sale ends"), (2, "Fährenunglück")):
        standing = a_standing(number, 50).model_copy(update={"title": title})
        store.standings.keep([(standing, 1)])
    found = {part: set(store.full_text.incidents([part])) for part in ("STOCK", "ährenung", "sale")}
    assert found == {"STOCK": {"INC-000001"}, "ährenung": {"INC-000002"}, "sale": {"INC-000001"}}
    assert store.full_text.incidents(["stock", "unglück"]) == frozenset()
