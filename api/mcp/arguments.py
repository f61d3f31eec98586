"""Arguments that a tool cannot take: refused by name, with the names of the right ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from mcp.server.mcpserver.exceptions import ToolError


def refuse_unknown(arguments: Mapping[str, Any], schema: Mapping[str, Any]) -> None:
    """Refuse arguments that the schema of a tool does not name, at any depth.

    Raises:
        ToolError: names the first one, the nearest right one, and all right ones.
    """
    for place, names in _unknown(arguments, schema, schema.get("$defs", {}), ""):
        near = get_close_matches(place.rpartition(".")[2], names, 1)
        advice = f"did you mean {near[0]!r}? " if near else ""
        raise ToolError(f"There is no argument {place!r:.100}: {advice}It takes {_listed(names)}.")


def _unknown(
    value: Any, schema: Mapping[str, Any], parts: Mapping[str, Any], place: str
) -> Iterator[tuple[str, list[str]]]:
    """Places of unknown arguments, with the names that are known there."""
    schema = parts.get(schema.get("$ref", "").rpartition("/")[2], schema)
    properties = schema.get("properties")
    if isinstance(value, Mapping) and properties is not None:
        for name, inner in value.items():
            if name not in properties:
                yield f"{place}{name}", list(properties)
            else:
                yield from _unknown(inner, properties[name], parts, f"{place}{name}.")
    elif isinstance(value, list) and "items" in schema:
        for number, inner in enumerate(value):
            yield from _unknown(inner, schema["items"], parts, f"{place}{number}.")


def _listed(names: list[str]) -> str:
    return ", ".join(names) or "none"
