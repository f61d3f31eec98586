"""Every module has a test: ``tests/unit/<package>/test_<module>.py``, or a row below."""

from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.support.samples import ROOT

PACKAGE, TESTS = ROOT / "summarizer", ROOT / "tests"

DECLARES = (
    "ports/*",
    "domain/*",
    "storage/tables.py",
    "storage/migrations/*",
    "rendering/schema.py",
    "rendering/jinja.py",
    "drafting/extractive/claim_kinds.py",
)
"""Modules of types, tables and words: whatever uses them tests them."""

ELSEWHERE = {
    # Commands and the whole application, as a user runs them.
    "app.py": "integration/test_startup.py",
    "factories.py": "integration/test_startup.py",
    "stateless.py": "integration/test_python_api.py",
    "errors.py": "integration/test_docs.py",
    "telemetry.py": "integration/test_tracing.py",
    "paging.py": "integration/test_listing.py",
    "webhooks.py": "integration/test_webhooks.py",
    "cli/mcp.py": "integration/test_mcp.py",
    "cli/*": "integration/test_*cli.py",
    "integrations/langchain.py": "integration/test_langchain.py",
    # Adapters, against the servers that they speak to.
    "adapters/anthropic/*": "integration/test_anthropic_*.py",
    "adapters/chroma/*": "contracts/test_passage_index.py",
    "adapters/web/*": "integration/test_web_fetcher.py",
    "adapters/clock.py": "integration/test_*.py",
    # What is only itself with a store, a pipeline and threads.
    "pipeline/*": "integration/test_pipeline.py",
    "clustering/service.py": "integration/test_grouping.py",
    "feeds/collect.py": "integration/test_adding_by_url.py",
    "feeds/poller.py": "integration/test_polling*.py",
    "incidents/listing.py": "integration/test_listing.py",
    "incidents/digest.py": "integration/test_digest_cli.py",
    "incidents/pages.py": "integration/test_pipeline.py",
    "incidents/public*.py": "integration/test_publish.py",
    "incidents/search.py": "integration/test_search.py",
    "rendering/site.py": "integration/test_publish.py",
    "incidents/similar.py": "integration/test_similar.py",
    "incidents/withholding.py": "integration/test_holds.py",
    "jobs/batch_run.py": "integration/test_batch*.py",
    "jobs/queue.py": "integration/test_jobs*.py",
    "jobs/settling.py": "integration/test_settling.py",
    "jobs/*": "integration/test_worker*.py",
    "monitoring/alerts.py": "integration/test_attention.py",
    "monitoring/monitor.py": "integration/test_monitor.py",
    "review/corrections.py": "integration/test_corrections.py",
    "review/decisions.py": "integration/test_attention.py",
    "review/holds.py": "integration/test_holds.py",
    "review/incidents.py": "integration/test_grouping.py",
    "review/diff.py": "unit/review/test_edits.py",
    "review/forecasts.py": "integration/test_forecasts.py",
    "review/reports.py": "integration/test_reports.py",
    "review/service.py": "integration/test_desk.py",
    "adapters/local_queue.py": "contracts/test_queue.py",
    "adapters/procrastinate/*": "contracts/test_queue.py",
    "storage/backup.py": "integration/test_backup.py",
    "storage/deletions.py": "integration/test_deletion.py",
    "storage/erasing.py": "integration/test_deletion.py",
    "storage/epochs.py": "unit/storage/test_events.py",
    "review/deletion.py": "integration/test_deletion.py",
    "pipeline/erasure.py": "integration/test_deletion.py",
    "storage/*": "unit/storage/test_store.py",
    # Parts of one check or one drafter, seen in what it finds or writes.
    "drafting/extractive/*": "unit/drafting/extractive/test_drafter.py",
    "monitoring/late_replies.py": "unit/monitoring/test_recheck.py",
    "verification/conflicts/*": "unit/verification/conflicts/test_*.py",
    "rendering/citations.py": "unit/rendering/test_document.py",
    "verification/entailment/*": "unit/verification/entailment/test_*.py",
    "verification/policy.py": "unit/verification/test_gate.py",
    "verification/verdicts.py": "unit/verification/test_verify.py",
    "verification/cases.py": "unit/verification/test_accusations.py",
    "verification/cast.py": "unit/verification/test_accusations.py",
    "verification/kinship.py": "unit/verification/test_accusations.py",
    "verification/replies.py": "unit/verification/test_accusations.py",
    "verification/scene.py": "unit/verification/test_accusations.py",
    "text/ac*.py": "unit/text/test_acts.py",
    "text/stated_guilt.py": "unit/verification/test_guilt.py",
    "text/endings.py": "unit/text/test_acts.py",
    "text/parties.py": "unit/text/test_acts.py",
    "text/replying.py": "unit/text/test_acts.py",
    "text/views.py": "unit/text/test_acts.py",
    "text/*": "unit/verification/checks/test_*.py",
}
"""Other modules, by the tests that fail when one breaks; the first row that fits counts."""

MODULES = sorted(
    path.relative_to(PACKAGE).as_posix()
    for path in PACKAGE.rglob("*.py")
    if path.name not in ("__init__.py", "__main__.py")
)


def own_test(module: str) -> Path:
    path = TESTS / "unit" / module
    return path.with_name(f"test_{path.name}")


@pytest.mark.parametrize("module", MODULES)
def test_a_module_has_a_test(module: str) -> None:
    if own_test(module).exists() or any(fnmatch(module, row) for row in DECLARES):
        return
    told = next((tests for row, tests in ELSEWHERE.items() if fnmatch(module, row)), None)
    assert told is not None, f"write {own_test(module).relative_to(ROOT)}"
    assert list(TESTS.glob(told)), f"{told} is gone, which tested {module}"


@pytest.mark.parametrize("row", [*DECLARES, *ELSEWHERE])
def test_every_row_is_still_needed(row: str) -> None:
    fitting = [module for module in MODULES if fnmatch(module, row)]
    assert [module for module in fitting if not own_test(module).exists()]
