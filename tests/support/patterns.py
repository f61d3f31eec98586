"""Every regular expression of the packages: compiled, or written where it is used."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import api
import evals
import summarizer

USES = frozenset(
    {"compile", "search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn"}
)
"""Functions of ``re`` that take a pattern."""
UNKNOWN = "abc"
"""Stands for what a pattern takes from a local name."""


@cache
def patterns() -> Mapping[str, re.Pattern[Any]]:
    """Patterns by place: ``summarizer.text.names.VERB`` or ``summarizer/text/names.py:12``."""
    found: dict[str, re.Pattern[Any]] = {}
    for module in _modules():
        found |= _compiled(module)
        found |= _written(module)
    distinct = {(p.pattern, p.flags): place for place, p in reversed(found.items())}
    return {place: found[place] for place in reversed(distinct.values())}


def _modules() -> Iterator[ModuleType]:
    for package in (summarizer, api, evals):
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not info.name.endswith("__main__") and ".migrations." not in info.name:
                yield importlib.import_module(info.name)


def _compiled(module: ModuleType) -> dict[str, re.Pattern[Any]]:
    found: dict[str, re.Pattern[Any]] = {}
    for name, value in vars(module).items():
        inside = list(_inside(value, module.__name__, set()))
        for n, pattern in enumerate(inside):
            found[f"{module.__name__}.{name}" + (f"[{n}]" if len(inside) > 1 else "")] = pattern
    return found


def _inside(value: Any, module: str, seen: set[int]) -> Iterator[re.Pattern[Any]]:
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, re.Pattern):
        yield value
        return
    for part in _parts(value, module):
        yield from _inside(part, module, seen)


def _parts(value: Any, module: str) -> list[Any]:
    if isinstance(value, Mapping):
        return [*value.keys(), *value.values()]
    if isinstance(value, list | tuple | set | frozenset):
        return list(value)
    if isinstance(value, type):
        return list(vars(value).values()) if value.__module__ == module else []
    if dataclasses.is_dataclass(value):
        return [getattr(value, f.name, None) for f in dataclasses.fields(value)]
    return []


def _written(module: ModuleType) -> dict[str, re.Pattern[Any]]:
    """Patterns that stand as text in a call of ``re``."""
    path = Path(str(module.__file__))
    found = {}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if _uses_re(node):
            assert isinstance(node, ast.Call)
            flags = re.IGNORECASE if "re.I" in ast.unparse(node) else 0
            text = _text(node.args[0], vars(module))
            if text is not None:
                found[f"{module.__name__}:{node.lineno}"] = re.compile(text, flags)
    return found


def _uses_re(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr in USES
    )


def _text(node: ast.expr, names: Mapping[str, Any]) -> str | None:
    """The text of an expression; ``None`` if it isn't one, or is bytes."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.Name):
        value = names.get(node.id)
        return value if isinstance(value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part, names) or UNKNOWN for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return _text(node.value, names)
    if isinstance(node, ast.BinOp):
        sides = [_text(side, names) for side in (node.left, node.right)]
        return None if None in sides else "".join(map(str, sides))
    return None
