"""A test that takes long and is not marked slow fails."""

import sys
import time
from types import ModuleType

import pytest

from tests import conftest

LIMIT_S = 0.01


def run(node: pytest.Item, monkeypatch: pytest.MonkeyPatch, seconds: float, loads: int = 0) -> None:
    """A call of a test that spends CPU seconds and loads modules, as the check sees it."""
    with monkeypatch.context() as patched:
        patched.setattr(conftest, "CPU_S", LIMIT_S)
        call = conftest.pytest_runtest_call(node)
        next(call)
        end = time.process_time() + seconds
        while time.process_time() < end:
            pass
        for n in range(loads):
            patched.setitem(sys.modules, f"loaded_{n}", ModuleType("loaded"))
        next(call, None)


def test_a_slow_test_without_a_mark_fails(request, monkeypatch):
    with pytest.raises(pytest.fail.Exception, match="is not marked slow"):
        run(request.node, monkeypatch, 2 * LIMIT_S)


def test_a_fast_test_passes(request, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(conftest, "_cpu_s", lambda: 0.0)
        assert run(request.node, monkeypatch, 0) is None


def test_the_first_test_that_loads_a_library_is_forgiven(request, monkeypatch):
    assert run(request.node, monkeypatch, 2 * LIMIT_S, loads=conftest.STARTS) is None


@pytest.mark.slow
def test_a_slow_test_with_a_mark_passes(request, monkeypatch):
    assert run(request.node, monkeypatch, 2 * LIMIT_S) is None
