"""The extra ``evals``: named when it is missing, not loaded by the service."""

import os
import subprocess
import sys

import pytest

from evals import framework
from summarizer.errors import SettingsError

SERVICE = "import sys; import api.app; import summarizer.cli; "


def test_without_the_extra_an_eval_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(SettingsError, match=r"sklearn.*pip install 'incident-summarizer\[evals\]'"):
        framework.check_extra()


def test_the_service_loads_nothing_of_it() -> None:
    code = SERVICE + "print(sorted({'sklearn', 'scipy', 'matplotlib'} & set(sys.modules)))"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert run.stdout.strip() == "[]"
