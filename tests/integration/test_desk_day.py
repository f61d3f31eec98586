"""An editor's day at the desk as a film, and how many actions each of its tasks takes.

``FILM=FOLDER pytest -n0 -m slow tests/integration/test_desk_day.py`` saves a screenshot of every
step in that folder, in order.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from evals.mock_server import Recorded, Reply, asked_claims, asked_keys, asked_labels, judges, says
from summarizer.app import App
from summarizer.domain.events import EventKind
from summarizer.domain.reviews import ReviewState
from tests.support import browser as browsing
from tests.support.app import a_modelled_app, take_in
from tests.support.clock import ManualClock

pytestmark = pytest.mark.slow

ID = "INC-000001"
LINES, UNION = "Brackwater Lines", "Harbour Hands"
AGROUND = "The ferry Quince ran aground off Tolby on Monday."
ACCUSED = f"The union {UNION} accused {LINES} of hiding rust in the pump of the ferry Quince."
ASHORE = "Forty passengers of the Quince were taken ashore at Tolby."
ORDERED = "The harbour office ordered an inspection of the pump of the ferry Quince."
HEARING = "The harbour office will hold a hearing on May 12."
STORIES = {
    "own-1": {
        "Tolby Gazette": f"{AGROUND} {ACCUSED} {ASHORE}",
        "Quay Post": f"{ORDERED} {HEARING} Forty passengers had been on board.",
    },
    "own-2": {
        "Coast Wire": "Forty passengers of the ferry Quince were brought to Tolby after it ran "
        "aground on Monday. Divers of the harbour office look at its pump.",
    },
    "own-3": {
        "Tolby Radio": "Divers look at the hull of the ferry Quince, aground off Tolby since "
        "Monday. All forty passengers of the Quince are ashore.",
    },
    "own-4": {
        "The Harbour": "The ferry Quince, which ran aground off Tolby on Monday with forty "
        "passengers, is out of service. The harbour office looks at its pump.",
    },
    "own-5": {
        "Stannick News": "A bakery in the old town of Stannick has won the regional prize for its "
        "rye bread.",
    },
}
WRONG = "Ninety passengers of the Quince were taken ashore at Tolby."
ON = "The ferry Quince ran aground off Tolby on April 27."
FIXED = (
    "The ferry Quince ran aground off Tolby on April 27, with passengers on board.",
    "The harbour office has ordered an inspection of the pump.",
)
POINTS = "key_points"
DRAFT: dict[str, list[dict[str, Any]]] = {
    "title": [{"text": "Ferry Quince ran aground off Tolby", "cites": ["a1.1"]}],
    "why_it_matters": [{"text": ORDERED, "cites": ["a2.1"]}],
    POINTS: [
        {"text": ON, "cites": ["a1.1"]},
        {"text": ACCUSED, "cites": ["a1.2"], "kind": "allegation"},
        {"text": ORDERED, "cites": ["a2.1"]},
        {"text": WRONG, "cites": ["a1.3"]},
    ],
    "explanation": [
        {"text": f"{ON[:-1]}, and its passengers were taken ashore.",
         "cites": ["a1.1", "a1.3"]},
        {"text": ORDERED, "cites": ["a2.1"]},
    ],
    "plain_language": [
        {"text": "A ferry got stuck near Tolby on April 27.", "cites": ["a1.1"]},
        {"text": "The union says that the owner hid rust in a pump.", "cites": ["a1.2"],
         "kind": "allegation"},
        {"text": "It is as if a school hid a crack in the wall.", "cites": [], "kind": "analogy"},
    ],
    "sides": [
        {"text": ACCUSED, "cites": ["a1.2"], "kind": "allegation", "actor": UNION,
         "position": "accuses"},
        {"text": ORDERED, "cites": ["a2.1"], "actor": "harbour office", "position": "decides"},
    ],
    "forecast": [
        {"text": "The harbour office plans to hold a hearing.", "cites": ["a2.2"],
         "kind": "prediction", "date": "2026-05-12",
         "criterion": "The harbour office publishes the minutes of a hearing."},
    ],
    "timeline": [
        {"text": "The ferry Quince ran aground off Tolby.", "cites": ["a1.1"],
         "date": "2026-04-27", "date_basis": "event"},
    ],
}  # fmt: skip


def model(request: Recorded) -> Reply:
    """A drafter that gets one number wrong and repairs nothing, and the judge who sees it."""
    if asked := asked_claims(request):
        return judges([
            {"claim": one["claim"],
             "reason": "The passage says forty." if one["text"] == WRONG else "It says so.",
             "verdict": "contradicted" if one["text"] == WRONG else "supported"}
            for one in asked
        ])  # fmt: skip
    again = {key: [{"text": WRONG, "cites": ["a1.3"]}] for key in asked_labels(request)}
    return says(again or {key: DRAFT[key] for key in asked_keys(request)})


@pytest.fixture
def service(tmp_path: Path, clock: ManualClock) -> Iterator[App]:
    """Four incidents of one story, kept apart by their senders, and another one."""
    with a_modelled_app(model, tmp_path / "data", clock, judge="auto") as (service, _):
        hour = clock.now().replace
        rows = [
            {"title": text.split(". ")[0], "text": text, "outlet": outlet,
             "platform": "news", "incident": label, "published_at": hour(hour=5 + n).isoformat()}
            for label, items in STORIES.items()
            for n, (outlet, text) in enumerate(items.items())
        ]  # fmt: skip
        take_in(service, *rows)
        yield service


class Hand:
    """An editor's hand: counts clicks and keys that command, not words that are typed."""

    def __init__(self, page: Page, film: str) -> None:
        self.page, self.actions = page, Counter[str]()
        self._film, self._task, self._pictures = film, "", 0

    def at(self, task: str) -> None:
        """Count what follows for a task."""
        self._task = task

    def click(self, what: Locator) -> None:
        what.click()
        self.actions[self._task] += 1

    def double(self, what: Locator) -> None:
        """Two clicks."""
        what.dblclick()
        self.actions[self._task] += 2

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.actions[self._task] += 1

    def write(self, words: str, *, over: bool = False) -> None:
        """Type words where the focus is, over those that stand there if told so."""
        if over:
            self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(words)

    def told(self, words: str) -> None:
        """Wait for what the desk says."""
        expect(self.page.locator("#status")).to_contain_text(words)

    def shot(self, name: str) -> None:
        """A picture of what the editor sees now, if a film is wanted."""
        self._pictures += 1
        if folder := os.environ.get("FILM"):
            path = Path(folder) / f"{self._film}-{self._pictures:02d}-{name}.png"
            self.page.screenshot(path=path)


def test_a_day_from_the_list_to_a_correction(page: Page, service: App, tmp_path: Path) -> None:
    hand, site = Hand(page, "day"), tmp_path / "site"
    points = page.locator(f"#{POINTS}")
    page.emulate_media(reduced_motion="reduce")  # no picture of a page that moves
    page.goto("/")
    browsing.listens(page)
    hand.shot("list")

    hand.at("read the sources")
    hand.click(page.locator(".row").filter(has_text=ID).locator(".go"))
    expect(page.get_by_text(HEARING)).to_be_visible()
    expect(page.get_by_text("no sentence rests on it")).to_have_count(0)
    browsing.listens(page)
    hand.shot("sources")

    hand.at("draft")
    hand.click(page.get_by_role("button", name="Draft now"))
    hand.told("The draft is there")
    hand.shot("drafted")

    hand.at("read")
    hand.press("j", "j", "j", "j")
    expect(page.locator("blockquote.lit").first).to_be_visible()
    expect(page.locator(".card.chosen")).to_contain_text("one source found: Tolby Gazette")
    hand.shot("read")

    hand.at("fix two sentences")
    hand.double(points.locator(".sentence", has_text=ON))
    hand.write(FIXED[0], over=True)
    hand.click(points.get_by_label("Key points, sentence 3"))
    hand.write(FIXED[1], over=True)
    expect(points.locator(".beside", has_text="In its own words")).to_be_visible()
    hand.shot("fixing")
    hand.press("ControlOrMeta+Enter")
    hand.told("Saved")
    hand.shot("fixed")
    assert [text for text in shown(service) if text in FIXED] == list(FIXED)

    hand.at("ask for a response")
    hand.click(page.locator("#charges > summary"))
    hand.click(page.locator("#charges").get_by_text("Ask for a response"))
    hand.click(page.get_by_role("button", name="Copy the letter"))
    hand.told("Copied: the letter")
    assert ACCUSED in page.evaluate("navigator.clipboard.readText()")
    hand.shot("letter")
    hand.click(page.get_by_role("button", name="I sent it"))
    hand.told(f"you asked {LINES}")
    hand.shot("asked")

    hand.at("show a withheld sentence")
    hand.click(points.get_by_role("button", name="Show it all the same"))
    hand.write("The harbour master counted them with me.")
    hand.shot("restoring")
    hand.click(page.get_by_role("dialog").get_by_role("button", name="Show it"))
    hand.told("The sentence is shown")
    expect(points).to_be_in_viewport()
    hand.shot("restored")
    assert WRONG in shown(service)

    hand.at("merge four")
    hand.click(page.get_by_role("link", name="3 other incidents look like this story"))
    expect(page.locator("#h-similar")).to_be_in_viewport()
    hand.shot("suggested")
    hand.click(page.get_by_role("button", name="Merge the chosen"))
    hand.told("Merged")
    hand.shot("merged")
    assert len(service.store.incident(ID).item_keys) == 5

    hand.at("approve")
    hand.press("a")
    hand.shot("before-approval")
    expect(page.get_by_label("Reason to approve all the same")).to_be_focused()
    expect(page.locator(".needs")).to_contain_text(f"Key points: {LINES} is accused")
    expect(page.locator(".needs")).to_contain_text("a later source (Tolby Radio): Key points.")
    hand.write("The harbour master told two of us. The owner was asked.")
    hand.press("ControlOrMeta+Enter")
    hand.told("Revision 3: approved")
    hand.shot("approved")
    assert service.decisions.newest(ID).state is ReviewState.APPROVED

    service.public_site.write(site)
    page.goto((site / ID / "index.html").as_uri())
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ferry Quince")
    expect(page.get_by_text(FIXED[0]).first).to_be_visible()
    hand.shot("published")

    hand.at("correct an approved page")
    page.goto(f"/incidents/{ID}")
    browsing.listens(page)
    hand.double(points.locator(".sentence", has_text=WRONG))
    hand.write(ASHORE, over=True)
    hand.press("ControlOrMeta+Enter")
    hand.told("Saved")
    hand.press("a")
    hand.shot("before-correction")
    hand.write("We had counted the crew.")
    hand.click(page.get_by_label("A correction: readers are told"))
    hand.click(page.get_by_label("Reason to approve all the same"))
    hand.write("The owner was asked.")
    hand.shot("correcting")
    hand.press("ControlOrMeta+Enter")
    hand.told("Revision 4: approved")
    hand.shot("corrected")

    service.public_site.write(site)
    for path in (f"{ID}/index.html", "corrections/index.html"):
        page.goto((site / path).as_uri())
        expect(page.get_by_text("We had counted the crew.").first).to_be_visible()
        expect(page.get_by_text(WRONG).first).to_be_visible()
        hand.shot(path.split("/")[0])

    assert EventKind.RESPONSE_ASKED in {entry.kind for entry in service.reviews.history(ID)}
    assert hand.actions == {
        "read the sources": 1,
        "draft": 1,
        "read": 4,
        "fix two sentences": 4,
        "ask for a response": 4,
        "show a withheld sentence": 2,
        "merge four": 2,
        "approve": 2,
        "correct an approved page": 7,
    }


IS_UNCOVERED = """(field) => {
  const at = field.getBoundingClientRect();
  return document.elementFromPoint(at.x + at.width / 2, at.y + at.height / 2) === field;
}"""


def test_the_same_on_a_phone_in_the_dark_with_the_keyboard_alone(
    browser: Browser, address: str, service: App
) -> None:
    looks = browsing.looks("dark", 400) | {"reduced_motion": "reduce"}
    with browsing.tab(browser, address, **looks) as page:
        hand = Hand(page, "phone")
        page.goto("/?q=1")
        browsing.listens(page)
        hand.shot("list")

        hand.at("read the sources")
        hand.press("j", "Enter")
        page.wait_for_url(f"**/incidents/{ID}")
        browsing.listens(page)
        expect(page.get_by_text(HEARING)).to_be_visible()
        hand.shot("sources")

        hand.at("draft")
        hand.press("d")
        hand.shot("draft")
        hand.press("Enter")
        hand.told("The draft is there")
        hand.shot("drafted")

        hand.at("read")
        hand.press("n")
        hand.shot("to-decide")
        hand.press("j", "j", "j")
        expect(page.locator("blockquote.lit").first).to_be_in_viewport()
        hand.shot("read")

        hand.at("approve")
        hand.press("a")
        hand.shot("before-approval")
        assert page.locator(":focus").evaluate(IS_UNCOVERED)
        hand.write("The owner was asked.")
        hand.press("ControlOrMeta+Enter")
        hand.told("Revision 1: approved")
        hand.shot("approved")
    assert service.decisions.newest(ID).state is ReviewState.APPROVED
    assert hand.actions == {"read the sources": 2, "draft": 2, "read": 4, "approve": 2}


ANYWHERE = {
    "at the top": "main",
    "in a sentence": f"#{POINTS} .sentence",
    "in the evidence": ".evidence",
    "on a panel": "#charges > summary",
    "in a letter": "#charges textarea",
    "in the address of a source": "#source-form [name=url]",
    "in a wish": f"#{POINTS} [name=instruction]",
    "in an edit": f"#{POINTS} textarea",
    "in the note of the sheet": "#review-sheet [name=note]",
}


def test_an_approval_is_two_keys_away_from_anywhere_on_the_page(page: Page, service: App) -> None:
    service.pipeline.draft(ID)
    page.goto(f"/incidents/{ID}")
    browsing.listens(page)
    why = page.get_by_label("Reason to approve all the same")
    for name, place in ANYWHERE.items():
        page.keyboard.press("Escape")
        page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
        if name in ("in a wish", "in an edit"):
            button = "Redraft Key points" if name == "in a wish" else "Edit Key points"
            page.get_by_role("button", name=button).click()
        elif name == "in the note of the sheet":
            page.keyboard.press("r")
        page.locator(place).first.focus()
        keys = ("Escape", "a") if page.locator(":is(input, textarea):focus").count() else ("a",)
        for key in keys:
            page.keyboard.press(key)
        expect(why, name).to_be_focused()


def test_a_decision_waits_for_an_edit_that_is_not_saved(page: Page, service: App) -> None:
    service.pipeline.draft(ID)
    page.goto(f"/incidents/{ID}")
    browsing.listens(page)
    page.get_by_role("button", name="Edit Key points").click()
    page.get_by_label("Key points, sentence 1").fill(FIXED[0])
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.get_by_label("Reason to approve all the same").fill("The owner was asked.")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(page.locator("#status")).to_contain_text("Save or cancel your edit first")
    expect(page.get_by_label("Key points, sentence 1")).to_have_value(FIXED[0])
    assert service.decisions.newest(ID).state is ReviewState.UNREVIEWED
    page.get_by_role("button", name="Cancel").first.click()


def shown(service: App) -> list[str]:
    return [c.claim.text for c in service.reviews.newest(ID).section(POINTS).shown]
