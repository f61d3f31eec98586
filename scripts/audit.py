"""Hold the installed packages against a database of known vulnerabilities, with pip-audit.

Run it as ``make audit``.  It ends with 1 if a package has a vulnerability that the file
``audit-ignored.toml`` beside it does not accept to this day.  Where no database can be reached it
says so and ends with 0: a machine without that network still has a CI.
"""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

IGNORED = Path(__file__).parent / "audit-ignored.toml"
PIP_AUDIT = "pip-audit>=2.9,<3"
SERVICES = ("pypi", "osv")
"""Databases, in the order in which they are tried."""

LONGEST_S = 150
"""Seconds for one database, with the installation of pip-audit."""


def main() -> int:
    """Audit, print the result, and return the exit code."""
    for service in SERVICES:
        packages = audited(report(service))
        if packages:
            faults, lines = judged(packages, accepted(IGNORED, dt.date.today()))
            print("\n".join([f"audit: {len(packages)} packages by {service}", *lines]))
            return 1 if faults else 0
    print("audit: no database of vulnerabilities can be reached from here; nothing was audited.")
    return 0


def report(service: str) -> Mapping[str, Any]:
    """What pip-audit finds in this environment; empty if it cannot be run in time."""
    where = sysconfig.get_path("purelib")
    options = ("--path", where, "--vulnerability-service", service, "--format", "json")
    quiet = ("--progress-spinner", "off", "--timeout", "10")
    command = ("-m", "uv", "tool", "run", "--from", PIP_AUDIT, "pip-audit", *options, *quiet)
    try:
        done = subprocess.run(
            [sys.executable, *command], capture_output=True, text=True, timeout=LONGEST_S
        )
        found: Mapping[str, Any] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return {}
    return found


def audited(found: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The packages that the database knows; pip-audit skips the others without an error."""
    return [package for package in found.get("dependencies", ()) if "skip_reason" not in package]


def accepted(file: Path, today: dt.date) -> dict[str, str]:
    """Accepted vulnerabilities, with the reason, whose day has not come."""
    rows = tomllib.loads(file.read_text(encoding="utf-8")).get("accepted", ())
    return {row["id"]: row["reason"] for row in rows if row["until"] >= today}


def judged(
    packages: Sequence[Mapping[str, Any]], reasons: Mapping[str, str]
) -> tuple[int, list[str]]:
    """Number of vulnerabilities that are not accepted, and a line for each of all."""
    faults, lines = 0, []
    for package in packages:
        for found in package.get("vulns", ()):
            names = [found["id"], *found.get("aliases", ())]
            reason = next((reasons[name] for name in names if name in reasons), None)
            fixed = ", ".join(found.get("fix_versions", ())) or "no version yet"
            end = f"accepted: {reason}" if reason else f"fixed in {fixed}"
            lines.append(f"  {package['name']} {package['version']}: {names[0]}, {end}")
            faults += reason is None
    return faults, lines


if __name__ == "__main__":
    sys.exit(main())
