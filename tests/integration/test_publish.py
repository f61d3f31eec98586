"""The public site: what approved pages become in a folder, and what never reaches it."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import feedparser
import pytest
from playwright.sync_api import Browser, expect

from summarizer.app import App
from summarizer.cli.publish import check_url
from summarizer.domain.corrections import ApprovedChange
from summarizer.domain.holds import HoldKind
from summarizer.errors import ConflictError, InputError
from summarizer.incidents.site_folder import OWN, Changes, opened
from summarizer.review.edits import Edit
from tests.integration.test_living import FIRST, RETRACTION
from tests.support.app import a_client, an_app, take_in
from tests.support.browser import against_wcag, looks
from tests.support.cli import done, refused, started
from tests.support.clock import ManualClock

FERRY, JAM, TRAM = "INC-000001", "INC-000002", "INC-000003"
DAY = 24 * 3600


@pytest.fixture(scope="module")
def unapproved(due: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three incidents with drafts, of which none is approved."""
    folder = tmp_path_factory.mktemp("unapproved")
    shutil.copytree(due, folder, dirs_exist_ok=True)
    with an_app(folder, ManualClock()) as service:
        for id_ in (FERRY, JAM, TRAM):
            service.pipeline.draft(id_)
    return folder


@pytest.fixture
def service(unapproved: Path, tmp_path: Path, clock: ManualClock) -> Iterator[App]:
    with an_app(shutil.copytree(unapproved, tmp_path / "data"), clock) as service:
        yield service


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return tmp_path / "site"


def approve(service: App, *ids: str, change: ApprovedChange | None = None) -> None:
    for id_ in ids:
        revision = service.reviews.newest(id_).revision
        service.decisions.decide(
            id_, "approve", "Kim", revision=revision, override="OVERRIDE known.",
            note="NOTE read.", change=change,
        )  # fmt: skip


def decide(service: App, id_: str, decision: str) -> None:
    revision = service.reviews.newest(id_).revision
    service.decisions.decide(id_, decision, "Kim", revision=revision, note="NOTE why.")


def add(service: App, id_: str, text: str, because: str | None = None, **edit: bool) -> None:
    """Add a sentence of an editor's; it fails the check, and stands only for a reason."""
    section = next(s for s in service.reviews.newest(id_).sections if s.shown)
    claim = section.shown[0].claim.model_copy(update={"text": text})
    kept = [Edit(id=claim.id) for claim in section.shown]
    new = Edit(claim=claim, restore=because, **edit)
    service.reviews.edit(id_, section.key, [new, *kept], "Kim")


def read(site: Path, path: str) -> str:
    return (site / path).read_text("utf-8")


def page(site: Path, id_: str) -> str:
    return read(site, f"{id_}/index.html")


def everything(site: Path) -> str:
    return "\n".join(path.read_text("utf-8") for path in site.rglob("*") if path.is_file())


def names(site: Path) -> set[str]:
    found = (path.relative_to(site) for path in site.rglob("*") if path.is_file())
    return {str(path) for path in found if OWN not in path.parts}


# --- What is public ----------------------------------------------------------------------------


def test_only_approved_pages_are_there_with_index_feeds_corrections_and_method(service, site):
    approve(service, FERRY, TRAM)
    assert service.public_site.write(site) == Changes(written=7)
    assert names(site) == {
        "index.html", "corrections/index.html", "method/index.html", "feed.atom", "feed.json",
        f"{FERRY}/index.html", f"{TRAM}/index.html",
    }  # fmt: skip
    assert "jam" not in everything(site).lower()
    index = read(site, "index.html")
    assert index.index(TRAM) < index.index(FERRY)  # the newest first
    assert index.count('datetime="2026-05-01"') == 1  # one day
    assert "approved by Kim on May 1, 2026" in page(site, FERRY)


def test_what_is_the_newsrooms_never_reaches_the_site(service, site):
    add(service, FERRY, "PLANTED-RESTORED ferry sank.", "SECRET reason of the desk.")
    add(service, FERRY, "PLANTED-PUBLIC ferry burnt.", "TOLD reason for readers.", public=True)
    add(service, FERRY, "PLANTED-WITHHELD ferry flew in 1905.")
    approve(service, FERRY)
    add(service, FERRY, "PLANTED-LATER ferry dived.", "SECRET of a later revision.")
    decide(service, FERRY, "request_changes")
    service.public_site.write(site, "https://news.example")

    held = service.store.draft(FERRY, 4)
    assert any("PLANTED-WITHHELD" in c.claim.text for s in held.sections for c in s.withheld)
    text = everything(site)
    assert "PLANTED-RESTORED" in page(site, FERRY)
    assert "TOLD reason for readers." in page(site, FERRY)
    for word in ("SECRET", "NOTE", "OVERRIDE", "PLANTED-WITHHELD", "PLANTED-LATER"):
        assert word not in text, word


def test_a_page_stays_as_it_was_approved_until_the_next_approval_and_then_says_so(service, site):
    approve(service, FERRY)
    add(service, FERRY, "PLANTED ferry dived.", "It did.")
    service.public_site.write(site)
    assert "PLANTED" not in page(site, FERRY)
    assert "approved by Kim" in page(site, FERRY)
    service.clock.advance(DAY)
    approve(service, FERRY, change=ApprovedChange(why="There is news."))
    service.public_site.write(site)
    assert "PLANTED" in page(site, FERRY)
    assert "changed on May 2, 2026" in read(site, "index.html")
    assert "No public page has been corrected" in read(site, "corrections/index.html")


def test_a_correction_is_told_on_the_page_and_among_all_corrections(service, site):
    approve(service, FERRY)
    add(service, FERRY, "The ferry dived.", "It did.")
    added = service.reviews.newest(FERRY)
    (new,) = (c.id for s in added.sections for c in s.shown if c.claim.text == "The ferry dived.")
    approve(service, FERRY, change=ApprovedChange(why="We left <it> out.", corrects=(new,)))
    service.public_site.write(site)
    for text in (page(site, FERRY), read(site, "corrections/index.html")):
        assert "We left &lt;it&gt; out." in text
        assert "It was missing: <bdi>The ferry dived.</bdi>" in text


def test_what_later_items_say_waits_for_an_editor(service, site):
    (incident,) = service.store.incidents_of(take_in(service, FIRST).keys).values()
    service.pipeline.draft(incident)
    approve(service, incident)
    service.public_site.write(site)
    take_in(service, RETRACTION)
    assert any("retracts" in finding.text for finding in service.pages.of(incident).findings)
    service.public_site.write(site)
    assert "retracts" not in everything(site)


@pytest.mark.parametrize("decision", ["withdraw", "reject", "request_changes"])
def test_a_page_that_is_no_longer_approved_becomes_a_note_without_its_words(
    service, site, decision
):
    approve(service, FERRY, TRAM)
    service.public_site.write(site)
    service.clock.advance(DAY)
    decide(service, FERRY, decision)
    service.public_site.write(site)
    assert "withdrawn on May 2, 2026" in page(site, FERRY)
    assert "withdrawn" in read(site, "corrections/index.html")
    assert "Halden" not in everything(site)
    for path in ("index.html", "feed.atom", "feed.json"):
        assert FERRY not in read(site, path)
    approve(service, FERRY)
    service.public_site.write(site)
    assert "Halden" in page(site, FERRY)


def test_an_older_approval_can_be_withdrawn_after_a_newer_revision_was_sent_back(service, site):
    approve(service, FERRY)
    add(service, FERRY, "PLANTED.", "So it is.")
    decide(service, FERRY, "request_changes")
    service.public_site.write(site)
    assert "Halden" in page(site, FERRY)
    decide(service, FERRY, "withdraw")
    service.public_site.write(site)
    assert "Halden" not in everything(site)
    with pytest.raises(ConflictError, match="not approved"):
        decide(service, FERRY, "withdraw")


def test_the_desk_says_which_revision_readers_have_and_offers_to_withdraw_it(service):
    client = a_client(service)
    withdraw = 'value="withdraw">Withdraw'
    assert withdraw not in client.get(f"/incidents/{FERRY}").text
    approve(service, FERRY)
    page = client.get(f"/incidents/{FERRY}").text
    assert f"{withdraw}<" in page and "Approved for readers is" not in page
    add(service, FERRY, "PLANTED.", "So it is.")
    decide(service, FERRY, "reject")
    page = client.get(f"/incidents/{FERRY}").text
    assert "Approved for readers is" in page and f"{withdraw} revision 1<" in page
    decide(service, FERRY, "withdraw")
    page = client.get(f"/incidents/{FERRY}").text
    assert withdraw not in page and "Approved for readers is" not in page


def test_a_merged_incident_leads_to_the_other_one_while_that_is_public(service, site):
    approve(service, FERRY, TRAM)
    service.curation.merge(FERRY, TRAM, "Kim")
    service.public_site.write(site)
    assert f'href="../{TRAM}/index.html"' in page(site, FERRY)
    assert FERRY not in read(site, "feed.json")
    decide(service, TRAM, "withdraw")
    service.public_site.write(site)
    assert f'href="../{TRAM}/index.html"' not in page(site, FERRY)
    assert "not public at present" in page(site, FERRY)
    service.curation.undo_merge(FERRY, "Kim")
    service.public_site.write(site)
    assert "Halden" in page(site, FERRY)


@pytest.mark.slow
def test_an_incident_that_was_never_public_leaves_no_trace_when_it_is_merged(service, site):
    approve(service, TRAM)
    service.curation.merge(FERRY, TRAM, "Kim")
    service.public_site.write(site)
    assert not (site / FERRY).exists()


def test_a_page_that_lost_a_sentence_with_a_deleted_source_waits_for_an_editor(service, site):
    approve(service, FERRY)
    service.public_site.write(site)
    cited = next(c for s in service.store.draft(FERRY, 1).sections for c in s.shown).claim.cites[0]
    plan = service.deletion.of_item(cited.partition(".")[0])
    service.deletion.delete(plan, "Kim", "A court ordered it.")
    service.public_site.write(site)
    assert "not public at present" in page(site, FERRY)
    assert "court" not in everything(site)
    approve(service, FERRY)
    service.public_site.write(site)
    assert "approved by Kim" in page(site, FERRY)


def test_an_embargo_that_was_approved_ahead_is_not_named_before_its_time(service, site):
    until = service.clock.now() + dt.timedelta(hours=6)
    service.holds.put(FERRY, HoldKind.EMBARGO, "Kim", "The ministry speaks at six.", until)
    approve(service, FERRY, TRAM)
    service.public_site.write(site)
    assert FERRY not in everything(site)
    service.clock.advance(6 * 3600)
    service.public_site.write(site)
    assert "approved by Kim" in page(site, FERRY)
    assert FERRY in read(site, "index.html")


def test_a_legal_hold_takes_an_approved_page_down_until_it_is_lifted(service, site):
    approve(service, FERRY)
    service.public_site.write(site)
    service.holds.put(FERRY, HoldKind.LEGAL_HOLD, "Kim", "A court asked.")
    service.public_site.write(site)
    assert FERRY not in everything(site)
    assert f"{FERRY}/index.html" not in names(site)
    service.holds.lift(FERRY, HoldKind.LEGAL_HOLD, "Sam", "The court agreed.", senior=True)
    service.public_site.write(site)
    assert "approved by Kim" in page(site, FERRY)


def test_a_deleted_incident_leaves_no_file(service, site):
    approve(service, FERRY)
    service.public_site.write(site)
    service.deletion.delete(service.deletion.of_incident(FERRY), "Kim", "A court ordered it.")
    changes = service.public_site.write(site)
    assert (changes.removed, FERRY in everything(site)) == (1, False)


# --- Runs ---------------------------------------------------------------------------------------


def test_a_run_with_nothing_changed_writes_nothing_that_day_and_only_pages_the_next(service, site):
    approve(service, FERRY, TRAM)
    service.public_site.write(site)
    service.clock.advance(600)
    before = {path: path.stat().st_mtime_ns for path in site.rglob("*.*") if path.is_file()}
    assert service.public_site.write(site) == Changes(unchanged=7)
    assert {path: path.stat().st_mtime_ns for path in before} == before
    service.clock.advance(DAY)
    assert service.public_site.write(site) == Changes(written=2, unchanged=5)
    assert "as of May 2, 2026" in page(site, FERRY)


def test_a_base_url_makes_feeds_absolute_and_a_sitemap(service, site):
    approve(service, FERRY)
    service.public_site.write(site)
    assert json.loads(read(site, "feed.json"))["items"][0]["url"] == f"{FERRY}/index.html"
    service.public_site.write(site, "https://news.example/incidents/")
    at = "https://news.example/incidents"
    atom = feedparser.parse(site / "feed.atom")
    assert [entry.link for entry in atom.entries] == [f"{at}/{FERRY}"]
    assert {link.href for link in atom.feed.links} == {f"{at}/", f"{at}/feed.atom"}
    assert json.loads(read(site, "feed.json"))["feed_url"] == f"{at}/feed.json"
    assert f"<loc>{at}/{FERRY}/</loc>" in read(site, "sitemap.xml")
    service.public_site.write(site)
    assert "sitemap.xml" not in names(site)


def test_the_command_says_what_it_did_and_refuses_what_it_must(due_data, elsewhere, site):
    with an_app(due_data) as service:
        service.pipeline.draft(FERRY)
        approve(service, FERRY)
    assert done("publish", site) == f"{site}: 6 written, 0 removed, 0 unchanged.\n"
    told = done("publish", site, SUMMARIZER_PUBLIC_URL="https://news.example")
    assert told == f"{site}: 4 written, 0 removed, 3 unchanged.\n"  # the cite string has it too
    with opened(site):
        assert isinstance(refused("publish", site), ConflictError)
    assert isinstance(refused("publish", site, "--base-url", "news.example"), InputError)
    assert isinstance(refused("publish", due_data), InputError)


@pytest.mark.parametrize(
    "url",
    [
        "news.example",
        "ftp://news.example",
        "https://kim:secret@news.example",
        "https://news.example/?page=1",
        "https://news.example/#top",
        "https://news example",
        "https://news.example\n",
        "",
    ],
)
def test_a_base_url_below_which_no_page_can_be_linked_is_refused(url):
    with pytest.raises(InputError):
        check_url(url)


def test_a_base_url_may_have_a_port_and_a_path(due_data, site):
    for url in ("http://news.example:8080", "https://news.example/a/"):
        done("publish", site, "--base-url", url)
        assert f"<loc>{url.rstrip('/')}/</loc>" in read(site, "sitemap.xml")


@pytest.mark.slow
def test_a_killed_run_leaves_whole_pages_and_the_next_run_finishes(due_data, tmp_path, site):
    with an_app(due_data) as service:
        for id_ in (FERRY, JAM, TRAM):
            service.pipeline.draft(id_)
        approve(service, FERRY, JAM, TRAM)
    env = {"SUMMARIZER_DATA_DIR": str(due_data)}
    run = started("publish", site, env=env)
    while not (site / TRAM / "index.html").exists():
        assert run.poll() is None
    run.send_signal(signal.SIGKILL)
    run.wait()
    for path in site.rglob("*.html"):
        assert path.read_text("utf-8").endswith("</html>\n")
    assert started("publish", site, env=env).wait() == 0
    assert len(names(site)) == 8


# --- Readers ------------------------------------------------------------------------------------


def test_every_link_is_relative_and_leads_to_a_file_and_nothing_is_loaded(service, site):
    approve(service, FERRY, TRAM)
    decide(service, TRAM, "withdraw")
    service.public_site.write(site)
    for path in names(site):
        if not path.endswith(".html"):
            continue
        text = read(site, path)
        assert not re.search(r"<(?:img|iframe|object|embed)|\bsrc=|@import|url\(", text), path
        for link in re.findall(r'href="([^"#]+)"', text):
            if not urlsplit(link).scheme:
                found = urlsplit(urljoin(f"/{path}", link)).path.lstrip("/")
                assert (site / found).is_file(), (path, link)


@pytest.mark.slow
def test_a_reader_without_script_goes_from_the_index_to_a_page_and_back(
    service, site, browser: Browser
):
    approve(service, FERRY, TRAM)
    service.public_site.write(site)
    context = browser.new_context(java_script_enabled=False)
    reader = context.new_page()
    asked: list[str] = []
    reader.on("request", lambda request: asked.append(urlsplit(request.url).scheme))
    reader.goto((site / "index.html").as_uri())
    reader.locator(f'a[href="{FERRY}/index.html"]').click()
    expect(reader.locator("h1")).to_contain_text("Halden Line")
    expect(reader.locator("blockquote mark").first).to_be_attached()
    reader.get_by_role("link", name="All incidents").click()
    reader.get_by_role("link", name="Corrections").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Corrections")
    assert set(asked) == {"file"}
    context.close()


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1280])
def test_every_kind_of_page_passes_axe(service, site, browser, scheme, width):
    approve(service, FERRY, JAM, TRAM)
    service.curation.merge(JAM, TRAM, "Kim")
    decide(service, FERRY, "withdraw")
    service.public_site.write(site)
    context = browser.new_context(**looks(scheme, width))
    reader = context.new_page()
    for path in sorted(path for path in names(site) if path.endswith(".html")):
        reader.goto((site / path).as_uri())
        assert against_wcag(reader) == [], path
    context.close()
