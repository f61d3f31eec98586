"""Random hostile input through the whole path; ``benchmarks/hostile_input.py`` runs more of it."""

import pytest

from tests.support.hostile_run import Attack


@pytest.mark.slow
def test_hostile_input_breaks_nothing_from_ingestion_to_the_page():
    attack = Attack(limit_s=60)
    attack.series(number=1, bundles=15)

    assert attack.tried.total() > 200
    assert all(attack.tried[kind] for kind in ("item rows", "feed entries", "rows to verify"))
