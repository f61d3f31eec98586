"""A test that takes long and is not marked slow is named at the end of a run."""

import sys
import time
from types import ModuleType

import pytest

from tests import conftest

LIMIT_S = 0.01


def noted(
    node: pytest.Item, monkeypatch: pytest.MonkeyPatch, seconds: float, loads: int = 0
) -> bool:
    """Whether a call of a test that spends CPU seconds and loads modules is noted as slow."""
    with monkeypatch.context() as patched:
        patched.setattr(conftest, "CPU_S", LIMIT_S)
        patched.setattr(node, "user_properties", [])
        call = conftest.pytest_runtest_call(node)
        next(call)
        end = time.process_time() + seconds
        while time.process_time() < end:
            pass
        for n in range(loads):
            patched.setitem(sys.modules, f"loaded_{n}", ModuleType("loaded"))
        next(call, None)
        return bool(node.user_properties)


def test_a_slow_test_without_a_mark_is_noted(request, monkeypatch):
    assert noted(request.node, monkeypatch, 2 * LIMIT_S)


def test_a_fast_test_is_not(request, monkeypatch):
    monkeypatch.setattr(conftest, "_cpu_s", lambda: 0.0)
    assert not noted(request.node, monkeypatch, 0)


def test_the_first_test_that_loads_a_library_is_forgiven(request, monkeypatch):
    assert not noted(request.node, monkeypatch, 2 * LIMIT_S, loads=conftest.STARTS)


@pytest.mark.slow
def test_a_slow_test_with_a_mark_is_not(request, monkeypatch):
    assert not noted(request.node, monkeypatch, 2 * LIMIT_S)
