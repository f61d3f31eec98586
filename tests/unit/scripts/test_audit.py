"""A known vulnerability fails CI unless it is accepted, and no longer than to its day."""

import datetime as dt
from pathlib import Path

import pytest

from scripts import audit

TODAY = dt.date(2026, 11, 29)
FLAW = {"id": "PYSEC-2026-7", "aliases": ["CVE-2026-70007"], "fix_versions": ["1.2.4"]}
FOUND = {
    "dependencies": [
        {"name": "tolmouth", "version": "1.2.3", "vulns": [FLAW]},
        {"name": "stannick", "version": "2.0", "vulns": []},
        {"name": "halden", "skip_reason": "Dependency not found on PyPI"},
    ]
}


def reasons(folder: Path, id_: str, until: str) -> dict[str, str]:
    file = folder / "ignored.toml"
    file.write_text(f'[[accepted]]\nid = "{id_}"\nuntil = {until}\nreason = "never called"\n')
    return audit.accepted(file, TODAY)


def test_a_vulnerability_is_told_with_its_remedy():
    faults, lines = audit.judged(audit.audited(FOUND), {})
    assert (faults, lines) == (1, ["  tolmouth 1.2.3: PYSEC-2026-7, fixed in 1.2.4"])


@pytest.mark.parametrize(
    ("id_", "until", "faults"),
    [
        ("PYSEC-2026-7", "2026-11-29", 0),
        ("CVE-2026-70007", "2027-01-31", 0),
        ("PYSEC-2026-7", "2026-11-28", 1),
        ("PYSEC-2026-8", "2027-01-31", 1),
    ],
)
def test_an_accepted_one_passes_until_its_day(tmp_path, id_, until, faults):
    found, (line,) = audit.judged(audit.audited(FOUND), reasons(tmp_path, id_, until))
    assert found == faults
    assert ("accepted: never called" in line) == (faults == 0)


@pytest.mark.parametrize("found", [{}, {"dependencies": [FOUND["dependencies"][2]]}])
def test_where_the_database_knows_no_package_nothing_was_audited(found):
    assert audit.audited(found) == []


def test_the_shipped_list_can_be_read():
    assert isinstance(audit.accepted(audit.IGNORED, TODAY), dict)
