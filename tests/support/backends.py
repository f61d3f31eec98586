"""The databases that the store runs on, for fixtures with parameters."""

import pytest

POSTGRESQL = pytest.param("postgresql", marks=[pytest.mark.slow, pytest.mark.postgresql])
"""A real server, which takes a second or two to start."""
