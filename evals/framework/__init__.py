"""What every eval suite shares: runs, measures, intervals, reports, comparison with a baseline."""

from importlib.util import find_spec

from summarizer.errors import SettingsError

EXTRA = ("scipy", "sklearn")
"""Packages of the extra ``evals`` without which nothing is measured; plots need matplotlib."""


def check_extra() -> None:
    """Look for the packages of the extra ``evals``; called when an eval module is imported.

    Raises:
        SettingsError: one is not installed.
    """
    if missing := [name for name in EXTRA if find_spec(name) is None]:
        raise SettingsError(
            f"Evals need packages that are not installed ({', '.join(missing)}): "
            "pip install 'incident-summarizer[evals]'."
        )


check_extra()
