import pytest

from summarizer.domain.claims import Failure, Kind, VerdictLabel
from summarizer.domain.drafts import Section
from summarizer.domain.sections import Layout
from summarizer.rendering import layout, render_html, render_json, render_markdown
from summarizer.rendering.document import document
from summarizer.rendering.layout import for_readers
from tests.support.builders import checked
from tests.support.pages import SPECS, a_page, article, key_of, newsroom_page, pack
from tests.unit.rendering.test_terminal import printed, words

READERS = {
    "html": lambda page: render_html(page, SPECS),
    "markdown": lambda page: render_markdown(page, SPECS),
    "terminal": lambda page: words(printed(page, width=100)),
}
each_reader = pytest.mark.parametrize("form", READERS.values(), ids=READERS)

SECRET = "I have seen the contract."
HELD = "Four people were hurt."
FIRST = "A first wording that failed."


def with_newsroom_matter(**restored):
    """A page on which an editor restored one sentence, and another is withheld."""
    failure = Failure(check="numbers", reason="The passage says three.")
    held = checked(HELD, "a1.2", label=VerdictLabel.CONTRADICTED, failures=(failure,))
    shown = checked("Three were hurt.", "a1.1", repaired_from=FIRST)
    shown = shown.model_copy(update={"restored_because": SECRET, **restored})
    section = Section(key=key_of("points"), shown=(shown,), withheld=(held,))
    return a_page((section,), pack(article("a1", "Three were hurt. Nobody died. It rained.")))


@each_reader
@pytest.mark.parametrize("private", [HELD, FIRST, SECRET, "The passage says three.", "[2]", "p-2"])
def test_what_is_the_newsrooms_is_on_no_readers_page(form, private):
    assert private not in form(with_newsroom_matter())


@each_reader
def test_that_an_editor_decided_is_said_and_why_only_where_it_is_marked_public(form):
    decided = "Failed a check; shown by an editor's decision"
    assert f"{decided}." in form(with_newsroom_matter()).replace("&#39;", "'")
    shown = form(with_newsroom_matter(reason_is_public=True)).replace("&#39;", "'")
    assert f"{decided}: {SECRET}" in shown


@pytest.mark.parametrize("private", [HELD, FIRST, SECRET, "The passage says three."])
def test_the_json_of_the_newsroom_has_all_of_it(private):
    assert private in render_json(with_newsroom_matter(), SPECS)


def test_points_come_first_and_empty_sections_are_left_out():
    page = for_readers(document(newsroom_page(), SPECS))
    assert [s.layout for s in page.headlines] == [Layout.HEADLINE]
    assert [s.layout for s in page.body][:2] == [Layout.POINTS, Layout.PROSE]
    empty = for_readers(document(a_page(), SPECS))
    assert (len(empty.body), len(empty.left_out)) == (0, len(SPECS))


def cautioned(*warnings):
    shown = tuple(checked(f"Sentence {n}.", "a1.1", warnings=w) for n, w in enumerate(warnings))
    page = a_page((Section(key=key_of("points"), shown=shown),), pack(article("a1", "One.")))
    return for_readers(document(page, SPECS))


def test_a_warning_of_most_sentences_is_said_once_and_marks_none():
    page = cautioned(("Usual.",), ("Usual.", "Rare."), ("Usual.",), ())
    assert page.cautions == (("Usual.", 3),)
    assert page.sentences == 4
    assert [c.verdict.warnings for c in page.body[0].claims] == [(), ("Rare.",), (), ()]


def test_a_warning_of_half_the_sentences_or_of_the_only_one_marks_them():
    for warnings in [(("Rare.",), ()), (("Rare.",),)]:
        page = cautioned(*warnings)
        assert page.cautions == ()
        assert page.body[0].claims[0].verdict.warnings == ("Rare.",)


@each_reader
def test_the_usual_warning_stands_once_on_the_page(form):
    shown = tuple(checked(f"Sentence {n}.", "a1.1", warnings=("One origin.",)) for n in range(9))
    page = a_page((Section(key=key_of("points"), shown=shown),), pack(article("a1", "One.")))
    assert form(page).count("One origin.") == 1
    assert "(9 of 9 sentences)" in form(page)


def test_only_stances_with_claims_have_a_column():
    sides = next(s for s in document(newsroom_page(), SPECS).sections if s.layout is Layout.SIDES)
    assert [name for name, _ in layout.columns(sides.claims)] == ["Critics", "Defenders"]
    placed = sides.claims[0].model_copy(update={"stance": None, "kind": Kind.FACT})
    assert [name for name, _ in layout.columns([placed])] == ["No stance given"]


def test_sources_of_one_outlet_stand_together_in_the_order_of_the_first():
    sources = document(newsroom_page(), SPECS).sources
    again = [sources[0], sources[1], sources[0].model_copy(update={"key": "a9"})]
    grouped = layout.by_outlet(again)
    assert list(grouped) == [sources[0].name, sources[1].name]
    assert [s.key for s in grouped[sources[0].name]] == [sources[0].key, "a9"]
