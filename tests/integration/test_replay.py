"""Recorded answers through the real wire, checks, judge and gate: what stands on the pages."""

import json
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from evals.mock_server import MessagesServer
from evals.recordings import Player, Recording, Variant, planted, read
from scripts import unrecorded
from summarizer import settings
from summarizer.app import App, open_app
from summarizer.cli.demo import replaying, samples
from summarizer.domain.drafts import RECORDED, Draft
from summarizer.errors import ModelError
from summarizer.rendering import render_html
from tests.support.app import take_in
from tests.support.samples import EXAMPLES, ITEMS

CASES = Path(__file__).parents[1] / "cases"
SHORT = CASES / "replay" / "aldermoor-in-short.json"
FULL = sorted((EXAMPLES / "recordings").glob("*.json"))

FIGURES: dict[str, tuple[int, int]] = {
    "aldermoor-extraction-claims": (39, 0),
    "mossgrove-insurer-rumour": (47, 0),
    "ostrel-narrators-lawsuit": (45, 0),
    "quillhaven-private-memos": (48, 0),
    "stratoquay-outage": (46, 0),
    "varnway-shuttle-fine": (48, 0),
}
"""Sentences shown and withheld by recording of ``examples/recordings``, as the pages have them."""


def variants(name: str) -> list[Variant]:
    file = CASES / "planted" / f"{name}.json"
    return TypeAdapter(list[Variant]).validate_json(file.read_bytes())


def drafted(recording: Recording, *files: Path) -> tuple[Draft, str]:
    """The draft of the recording's incident, and its page."""
    player = Player({"recording": recording})
    with MessagesServer(player) as server:
        chosen = replaying(settings.load(), server.url)
        with open_app(chosen, in_memory=True) as app:
            for file in files:
                take_in(app, file)
            draft = app.pipeline.draft(_incident(app, recording))
            return draft, render_html(app.pages.of(draft.incident_id), app.pipeline.specs)


def _incident(app: App, recording: Recording) -> str:
    (found,) = (i for i in app.pipeline.incidents() if set(recording.items) & set(i.item_keys))
    return found.id


def shown(draft: Draft) -> list[str]:
    return [claim.claim.text for section in draft.sections for claim in section.shown]


def withheld(draft: Draft) -> dict[str, set[str]]:
    """Names of the failed checks, the judge among them, by withheld sentence."""
    claims = [claim for section in draft.sections for claim in section.withheld]
    return {c.claim.text: {f.check for f in c.verdict.failures} for c in claims}


@pytest.fixture(scope="module")
def short() -> tuple[Recording, Draft, str]:
    recording = read(SHORT)
    return recording, *drafted(recording, ITEMS)


def test_honest_sentences_stand_and_a_failed_one_stands_as_repaired(short):
    recording, draft, _ = short
    wanted = [claim["text"] for claims in recording.draft.values() for claim in claims]
    (repair,) = recording.repairs
    assert repair.claim is not None
    assert shown(draft) == [repair.claim["text"] if t == repair.sentence else t for t in wanted]


def test_the_page_says_that_it_is_replayed_and_that_no_model_was_asked(short):
    _, draft, html = short
    assert {(s.drafter, s.model) for s in draft.sections} == {("anthropic", RECORDED)}
    assert "Replayed: the answers were recorded once, and no model was asked" in html
    assert "Drafted from recorded answers. Checked by recorded verdicts and by rules." in html


def test_planted_faults_are_caught(short):
    recording, _, _ = short
    faults = variants(SHORT.stem)
    draft, _ = drafted(planted(recording, faults), ITEMS)
    found = withheld(draft)
    assert {variant.faulty for variant in faults} <= found.keys()
    assert not {variant.faulty for variant in faults} & set(shown(draft))


@pytest.mark.parametrize(
    ("without", "said"),
    [
        ({"draft": {}}, "'recording' has no answer for: title; why_it_matters; key_points;"),
        ({"repairs": ()}, "'recording' has no repair for: The lab did not publish the evidence on"),
        ({"verdicts": ()}, "'recording' has no verdict for: Aldermoor AI accused two rivals of"),
        ({"items": ("a2", "a3", "a99")}, None),
    ],
)
def test_an_answer_that_is_not_recorded_is_named(without, said):
    recording = read(SHORT).model_copy(update=without)
    if said is None:
        assert shown(drafted(recording, ITEMS)[0])
        return
    with pytest.raises(ModelError, match=said):
        drafted(recording, ITEMS)


def test_an_incident_without_a_recording_is_named():
    player = Player({"other": read(SHORT).model_copy(update={"items": ("a99",)})})
    with (
        MessagesServer(player) as server,
        open_app(replaying(settings.load(), server.url), in_memory=True) as app,
    ):
        take_in(app, ITEMS)
        (incident,) = app.pipeline.incidents()
        with pytest.raises(ModelError, match="No recording is of the incident with the items a1"):
            app.pipeline.draft(incident.id)
    assert [(m.recording, m.purpose) for m in player.missing] == [(None, "draft")]
    assert "[a1.2] Between 11 August and 27 September" in player.missing[0].request


@pytest.mark.slow
def test_the_script_writes_each_request_without_an_answer_for_its_writer(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(unrecorded, "samples", lambda: [ITEMS])
    (tmp_path / "in").mkdir()
    given = json.loads(SHORT.read_text(encoding="utf-8"))
    file = tmp_path / "in" / "short.json"
    file.write_text(json.dumps(given | {"repairs": []}), encoding="utf-8")
    told = [str(tmp_path / "out"), "--recordings", str(tmp_path / "in")]
    assert unrecorded.main(told) == 1
    request = (tmp_path / "out" / "1-short-repair.txt").read_text(encoding="utf-8")
    assert f"- {given['repairs'][0]['sentence']}\n" in request
    assert "[a2.7] The lab did not publish" in request

    file.write_text(json.dumps(given), encoding="utf-8")
    assert unrecorded.main(told) == 0
    assert "5 sentences shown, 0 withheld" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize("file", FULL, ids=lambda file: file.stem)
def test_the_replayed_pages_have_these_figures(file):
    draft, _ = drafted(read(file), *samples())
    assert (len(shown(draft)), len(withheld(draft))) == FIGURES[file.stem]


@pytest.mark.slow
@pytest.mark.parametrize("file", FULL, ids=lambda file: file.stem)
def test_faults_planted_into_the_replayed_pages_are_caught(file):
    faults = variants(file.stem)
    draft, _ = drafted(planted(read(file), faults), *samples())
    assert [v.fault for v in faults if v.faulty in shown(draft)] == []


def test_every_recording_has_planted_faults_and_figures():
    names = {file.stem for file in FULL}
    assert names == FIGURES.keys()
    assert names <= {file.stem for file in (CASES / "planted").glob("*.json")}


def test_a_recording_is_plain_json_without_empty_fields():
    for file in (SHORT, *FULL):
        written = json.loads(file.read_text(encoding="utf-8"))
        claims = [claim for section in written["draft"].values() for claim in section]
        assert not [claim for claim in claims if None in claim.values()]
