"""Search by words and by meaning on real indexes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.app import App
from summarizer.domain.holds import HoldKind
from summarizer.incidents import search
from summarizer.incidents.listing import Filters
from summarizer.storage import full_text
from tests.support.app import an_app, take_in

ITEMS = [
    {
        "title": "Ferries late at Tolmouth",
        "text": "The weather was mild. Halden Line cancelled 14 crossings on Thursday, 3 < 4. "
        "Passengers waited for hours.",
        "outlet": "Tolby Courier",
        "incident": "ferry",
    },
    {
        "title": "A reply",
        "text": "The operator, Señor Brandvold said, apologises to all travellers.",
        "incident": "ferry",
    },
    {"title": "Bakery prize", "text": "Rye bread won a prize in Oslo.", "incident": "bread"},
]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with an_app(tmp_path_factory.mktemp("search")) as service:
        take_in(service, *ITEMS)
        yield service


@pytest.mark.parametrize(
    ("q", "items", "incidents"),
    [
        ("crossing cancel", ["a1"], ["a1"]),  # other forms of the words
        ("senor BRANDVOLD", ["a2"], ["a2"]),
        ('"14 crossings"', ["a1"], ["a1"]),
        ('"crossings 14"', [], []),
        ("tolby", ["a1"], ["a1"]),  # the outlet
        ("crossings travellers", [], ["a2"]),  # in two items of one incident
        ("crossings bread", [], []),
        ("?! ...", [], []),
    ],
)
def test_every_word_must_be_there(service, q, items, incidents):
    assert [h.item.key for h in service.search.find(q, "items", "text")] == items
    assert [h.item.key for h in service.search.find(q, "incidents", "text")][:1] == incidents


@pytest.mark.parametrize("q", ["1", "INC-1", "inc-000001", " INC-000001 "])
def test_an_incident_is_found_by_its_number(service, q):
    assert [one.id for one in service.incidents.page(Filters(q=q)).incidents] == ["INC-000001"]


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("erries", True),  # the middle of a word of the headline
        ("LMOUT", True),
        ("erries late", True),
        ('"es late"', True),
        ("erries señor", True),  # the other word stands in an item
        ("ossing", False),  # of the text, not of the headline
        ("erries bread", False),
        ("ie", False),  # too short
        ("e%s", False),  # no sign of a pattern means anything
    ],
)
def test_parts_of_words_are_found_in_headlines_of_incidents(service, q, found):
    service.standings.catch_up()
    listed = service.incidents.page(Filters(q=q)).incidents
    assert [one.id for one in listed] == (["INC-000001"] if found else [])


def test_parts_of_words_are_looked_for_in_the_headlines_of_a_bounded_number_of_incidents(
    service, monkeypatch
):
    service.standings.catch_up()
    monkeypatch.setattr(full_text, "TITLES", 0)
    assert service.incidents.page(Filters(q="erries")).incidents == ()
    assert service.incidents.page(Filters(q="ferr")).total == 1


@pytest.mark.parametrize("held", [False, True], ids=["reader", "editor"])
def test_a_headline_that_is_withheld_is_found_by_editors_alone(tmp_path, held):
    with an_app(tmp_path) as service:
        take_in(service, *ITEMS)
        service.standings.catch_up()
        service.holds.put("INC-000001", HoldKind.LEGAL_HOLD, "Kim", "A judge said so.")
        found = service.incidents.page(Filters(q="erries"), held=held)
        assert found.total == (1 if held else 0)


def test_a_hit_is_verbatim_with_its_place_and_what_matched(service):
    (hit,) = service.search.find("crossing cancels", mode="text")

    assert hit.text == hit.item.text[hit.start : hit.end]
    assert hit.text.startswith("Halden Line cancelled")
    assert [hit.text[start:end] for start, end in hit.marks] == ["cancelled", "crossings"]
    assert hit.incident == "INC-000001"


def test_a_word_of_the_title_alone_shows_the_title(service):
    (hit,) = service.search.find("reply", mode="text")
    assert (hit.field, hit.passage, hit.text) == ("title", None, "A reply")
    assert [hit.text[start:end] for start, end in hit.marks] == ["reply"]


def test_what_says_something_alike_is_found_without_its_words(service):
    assert service.search.find("boat trips called off", mode="text") == []
    hit = service.search.find("boat trips called off", mode="meaning")[0]
    assert (hit.item.key, hit.marks) == ("a1", ())
    assert service.search.find("boat trips called off", "incidents")[0].incident == "INC-000001"


def test_ranks_are_fused_as_in_the_paper():
    fused = search.fused([["a", "b"], ["b", "c"]])
    assert fused == [("b", 1 / 62 + 1 / 61), ("a", 1 / 61), ("c", 1 / 62)]


@given(q=st.text(max_size=30) | st.text(alphabet='"*^:(){}+-ANDORNEAR a1', max_size=30))
def test_nothing_that_anybody_types_is_syntax(service, q):
    for kind in ("items", "incidents"):
        found = service.search.find(q, kind, "text")
        assert all(service.store.incident(hit.incident) for hit in found if hit.incident)


def test_the_service_answers_with_the_passage(client):
    found = client.get("/v1/search", params={"q": "crossings", "mode": "text"}).json()["results"]
    assert [(r["item"], r["incident"], r["outlet"]) for r in found] == [
        ("a1", "INC-000001", "Tolby Courier")
    ]
    assert client.get("/v1/search").status_code == 422


def test_the_desk_marks_what_was_found_and_escapes_it(client):
    html = client.get("/?q=crossings").text
    assert "14 <mark>crossings</mark> on Thursday, 3 &lt; 4." in html
    assert "Bakery" not in html


def test_a_damaged_index_of_words_is_made_anew(service):
    with service.store._database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO item_texts (item_texts) VALUES ('delete-all')")
    assert service.search.find("crossings", mode="text") == []
    service.search.rebuild()
    assert len(service.search.find("crossings", mode="text")) == 1
