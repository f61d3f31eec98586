"""Compiled statements that the engines of all tests share."""

from __future__ import annotations

from typing import Any


class CompiledStatements(dict[Any, Any]):
    """A cache for SQLAlchemy's option ``compiled_cache`` in which all engines of a kind are one.

    Its keys begin with the dialect, of which each engine has one of its own.
    """

    def get(self, key: Any, default: Any = None) -> Any:
        """What was compiled for a statement on any engine of that kind."""
        return super().get(_shared(key), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(_shared(key), compiled)


def _shared(key: Any) -> Any:
    dialect, *statement = key
    return (dialect.name, *statement)
