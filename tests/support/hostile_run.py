"""One series of hostile inputs through the whole path, with what must hold after each step."""

from __future__ import annotations

import json
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO, StringIO
from types import FrameType
from typing import Any

from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from rich.console import Console

from api import create_app
from summarizer import factories, rendering
from summarizer.app import App
from summarizer.domain.items import ItemKey
from summarizer.errors import InputError
from summarizer.ingestion.ingest import report
from summarizer.rendering.sanitize import UNSEEN
from summarizer.verification.rows import verify_row
from tests.support.app import HERE, an_app
from tests.support.hostile import claim_rows, feed, item_rows, json_lines, texts

DRAFTED = 3
"""Most incidents that are drafted and shown after a bundle."""

BUNDLE = st.fixed_dictionaries(
    {
        "rows": st.lists(item_rows(), min_size=8, max_size=16),
        "feed": st.lists(st.tuples(texts(1), texts()), max_size=6),
        "claims": st.lists(claim_rows(), min_size=14, max_size=24),
        "body": st.one_of(st.binary(max_size=40), st.builds(json.dumps, claim_rows())),
        "query": texts(2),
    }
)


class Attack:
    """Hostile inputs, tried one bundle after another.

    Args:
        limit_s: seconds after which a step counts as a hang.
    """

    def __init__(self, limit_s: int) -> None:
        self.tried = Counter[str]()
        self._limit_s = limit_s

    def series(self, number: int, bundles: int) -> None:
        """Try that many bundles.

        Raises:
            Exception: of the smallest bundle that breaks something.
        """
        entailment = factories.entailment()

        @seed(number)
        @settings(
            max_examples=bundles,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        )
        @given(BUNDLE)
        def holds(bundle: dict[str, Any]) -> None:
            for row in bundle["claims"]:
                with self._step("rows to verify"):
                    _verified(row, entailment)
            with an_app() as app:
                self._stored(app, bundle)
                with self._step("HTTP requests", 3):
                    _answered(TestClient(create_app(app), HERE), bundle)

        holds()

    def _stored(self, app: App, bundle: dict[str, Any]) -> None:
        for kind, data, count in (
            ("item rows", json_lines(bundle["rows"]), len(bundle["rows"])),
            ("feed entries", feed(bundle["feed"]), len(bundle["feed"])),
        ):
            if count:
                with self._step(kind, count):
                    _ingested(app, data)
        with self._step("pages", 0):
            app.pipeline.settle()
            for id_ in app.pipeline.due()[:DRAFTED]:
                _drafted(app, id_)

    @contextmanager
    def _step(self, kind: str, inputs: int = 1) -> Iterator[None]:
        """Count inputs, and raise ``TimeoutError`` if the block takes too long."""

        def hangs(_number: int, _frame: FrameType | None) -> None:
            raise TimeoutError(f"{kind}: over {self._limit_s} s")

        before = signal.signal(signal.SIGALRM, hangs)
        signal.alarm(self._limit_s)
        try:
            yield
        finally:
            signal.alarm(0)
            signal.signal(signal.SIGALRM, before)
        self.tried[kind] += inputs


def _verified(row: dict[str, Any], entailment: Any) -> None:
    try:
        answer = verify_row(row, entailment)
    except InputError:
        return
    texts_of = [s if isinstance(s, str) else s["text"] for s in row["sources"]]
    for evidence in answer["evidence"]:
        cut = {text[evidence["start"] : evidence["end"]] for text in texts_of}
        assert evidence["text"] in cut, "evidence is not verbatim"
    assert 0 <= answer["score"] <= 1
    json.dumps(answer, ensure_ascii=True)


def _ingested(app: App, data: bytes) -> None:
    found = report(app.pipeline.ingest(BytesIO(data)))
    for item in app.store.items(found.keys):
        for passage in app.store.passages([item.key]):
            assert item.text[passage.start : passage.end] == passage.text, "an offset is wrong"


def _drafted(app: App, incident_id: str) -> None:
    draft = app.pipeline.draft(incident_id)
    stored = {item.key: item.text for item in draft.evidence.items}
    for section in draft.sections:
        for shown in section.shown:
            assert shown.verdict.evidence, "a sentence is shown without evidence"
            for evidence in shown.verdict.evidence:
                text = stored[ItemKey(evidence.source.split(".")[0])]
                assert text[evidence.start : evidence.end] == evidence.text, "not verbatim"
    page, specs = app.pages.of(incident_id), factories.prompts().specs()
    json.loads(rendering.render_json(page, specs))
    html = rendering.render_html(page, specs)
    assert "<script>alert" not in html and 'onerror="' not in html, "source HTML is unescaped"
    console = Console(file=StringIO(), width=80)
    rendering.render_terminal(page, specs, console)
    seen = console.file.getvalue()  # type: ignore[attr-defined]
    for text in (seen, rendering.render_markdown(page, specs)):
        assert not UNSEEN.search(text.replace("\n", "")), "a control character is shown"


def _answered(client: TestClient, bundle: dict[str, Any]) -> None:
    answers = [
        client.post(
            "/v1/verify", content=bundle["body"], headers={"Content-Type": "application/json"}
        ),
        client.post("/v1/items", content=json_lines(bundle["rows"])),
        client.get("/v1/search", params={"q": bundle["query"].encode("utf-8", "replace")}),
    ]
    for answer in answers:
        assert answer.status_code < 500, f"{answer.status_code}: {answer.text[:300]}"
