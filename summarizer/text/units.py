"""Units of measure behind a number, and the rate that it is counted by."""

from __future__ import annotations

import re
from dataclasses import dataclass

TOLERANCE = 0.02
"""Largest relative error of an honest conversion between two units: 12 miles are 19 km."""
_DEGREE = 0.75
"""Largest error of a converted temperature in °C, since °F are given in whole degrees."""


@dataclass(frozen=True)
class Unit:
    """A unit of measure.

    Args:
        measure: what it measures.
        sizes: its size in the base unit of the measure; several for a name with several, as the
            gallon of the UK and of the US.
        zero: the value at the zero of the base unit, for degrees Fahrenheit.
    """

    measure: str
    sizes: tuple[float, ...]
    zero: float = 0.0


_WORDS: dict[str, dict[str, float]] = {
    "length": {
        "metre meter": 1,
        "mile": 1609.344,
        "foot feet ft": 0.3048,
        "inch inches": 0.0254,
        "yard": 0.9144,
        "nautical-mile": 1852,
    },
    "mass": {"gram gramme": 1e-3, "pound lb": 0.45359237, "ounce oz": 0.0283495},
    "area": {
        "square-metre square-meter": 1,
        "square-kilometre square-kilometer": 1e6,
        "square-mile": 2.589988e6,
        "square-foot square-feet": 0.092903,
        "acre": 4046.856,
        "hectare": 1e4,
    },
    "volume": {
        "litre liter": 1,
        "barrel": 158.987,
        "cubic-metre cubic-meter": 1e3,
        "cubic-foot cubic-feet": 28.3168,
    },
    "power": {"watt": 1, "horsepower": 745.7},
    "energy": {"watt-hour": 1},
    "data": {"bit": 1, "byte": 8},
    "frequency": {"hertz": 1},
    "tension": {"volt": 1},
    "time": {
        "second": 1,
        "minute min": 60,
        "hour hr": 3600,
        "day": 86400,
        "night": 86400,
        "week": 604800,
        "month": 2629800,
        "year yr": 31557600,
        "decade": 315576000,
    },
}
_SYMBOLS: dict[str, dict[str, float]] = {
    "length": {"km": 1e3, "cm": 1e-2, "mm": 1e-3, "mi": 1609.344},
    "mass": {"kg": 1, "g": 1e-3, "mg": 1e-6, "µg": 1e-9, "μg": 1e-9, "mcg": 1e-9},
    "area": {"km²": 1e6, "m²": 1, "ha": 1e4},
    "volume": {"l": 1, "L": 1, "ml": 1e-3, "mL": 1e-3, "m³": 1e3},
    "power": {"mW": 1e-3, "W": 1, "kW": 1e3, "MW": 1e6, "GW": 1e9, "TW": 1e12},
    "energy": {"Wh": 1, "kWh": 1e3, "MWh": 1e6, "GWh": 1e9, "TWh": 1e12},
    "data": {
        **{"kB": 8e3, "KB": 8e3, "MB": 8e6, "GB": 8e9, "TB": 8e12, "PB": 8e15},
        **{"kb": 1e3, "Mb": 1e6, "Gb": 1e9, "Tb": 1e12, "Mbit": 1e6, "Gbit": 1e9},
    },
    "frequency": {"Hz": 1, "kHz": 1e3, "MHz": 1e6, "GHz": 1e9},
    "tension": {"V": 1, "kV": 1e3, "mV": 1e-3},
}
_PREFIXES = {
    "micro": 1e-6,
    "milli": 1e-3,
    "centi": 1e-2,
    "kilo": 1e3,
    "mega": 1e6,
    "giga": 1e9,
    "tera": 1e12,
    "peta": 1e15,
}
_PREFIXED = frozenset(
    ("metre", "meter", "gram", "gramme", "litre", "liter", "watt", "watt-hour", "bit", "byte")
) | {"hertz", "volt"}
_CELSIUS, _FAHRENHEIT = Unit("temperature", (1.0,)), Unit("temperature", (5 / 9,), 32)
_PER_HOUR = {"mph": 1609.344, "km/h": 1e3, "kph": 1e3, "kmh": 1e3, "knots": 1852}


def _named() -> dict[str, Unit]:
    found = {}
    for measure, rows in _WORDS.items():
        for names, size in rows.items():
            for name in names.split():
                prefixes = _PREFIXES if name in _PREFIXED else {}
                for prefix, factor in {"": 1.0, **prefixes}.items():
                    unit = Unit(measure, (size * factor,))
                    found[prefix + name] = found[f"{prefix}{name}s"] = unit
    gallon = Unit("volume", (3.785412, 4.54609))
    ton = Unit("mass", (1000.0, 907.185, 1016.047))
    return found | {
        **dict.fromkeys(("gallon", "gallons"), gallon),
        **dict.fromkeys(("pint", "pints"), Unit("volume", (0.473176, 0.568261))),
        **dict.fromkeys(("ton", "tons", "tonne", "tonnes"), ton),
        **dict.fromkeys(("degrees-celsius", "celsius", "°c", "degrees-c"), _CELSIUS),
        **dict.fromkeys(("degrees-fahrenheit", "fahrenheit", "°f", "degrees-f"), _FAHRENHEIT),
    }


_BY_WORD = _named()
_BY_SYMBOL = {
    symbol: Unit(measure, (size,))
    for measure, rows in _SYMBOLS.items()
    for symbol, size in rows.items()
}
_NEXT = re.compile(
    r"[\s-]{0,2}(?P<speed>mph|km/h|kph|kmh|knots)\b"
    r"|\s?(?P<degrees>°\s?[CF])\b"
    r"|[\s-]{0,2}(?P<one>[A-Za-zµμ]+[²³]?)(?:[\s-](?P<two>[A-Za-z]+))?"
)
_RANGE = re.compile(r"\s?(?:[-–—]|to|and|or)\s?\d[\d,.]*")
_RATE = re.compile(r"(?:\b(?:an?|per|each|every)\s|/\s?)(?P<name>[A-Za-z]+)")
_RATE_ENDS = re.compile(r"[.,;:()\n\d]")


def unit_at(text: str, end: int) -> tuple[Unit | None, Unit | None]:
    """The unit behind a number that ends there, or behind the range that it opens, and the unit
    that it is counted by ("a day", "per litre"); ``None`` without."""
    found = _NEXT.match(text, end)
    if found is None or (found["one"] or "") in ("to", "and", "or"):
        if (span := _RANGE.match(text, end)) is None:
            return None, None
        end = span.end()
        found = _NEXT.match(text, end)
    if found and found["speed"]:
        return Unit("length", (_PER_HOUR[found["speed"]],)), _BY_WORD["hour"]
    return _unit(found), _rate(text, end)


def _unit(found: re.Match[str] | None) -> Unit | None:
    if found is None:
        return None
    if found["degrees"]:
        return _CELSIUS if found["degrees"][-1] == "C" else _FAHRENHEIT
    one, two = found["one"], (found["two"] or "").casefold()
    long = _BY_WORD.get(f"{one.casefold()}-{two}")
    return long or _BY_SYMBOL.get(one) or _BY_WORD.get(one.casefold())


def _rate(text: str, end: int) -> Unit | None:
    near = _RATE_ENDS.split(text[end : end + 40], maxsplit=1)[0]
    for match in _RATE.finditer(near):
        if unit := _BY_WORD.get(match["name"].casefold()):
            return unit
    return None


def converts(low: float, high: float, mine: Unit, theirs: float, other: Unit) -> bool:
    """Whether a value in another unit of the measure lies between two, as rounding allows."""
    if mine.measure != other.measure:
        return False
    for size in mine.sizes:
        for their_size in other.sizes:
            value = (theirs - other.zero) * their_size
            bounds = sorted(((low - mine.zero) * size, (high - mine.zero) * size))
            slack = max(TOLERANCE * abs(value), _DEGREE if mine.measure == "temperature" else 0)
            if bounds[0] - slack <= value <= bounds[1] + slack:
                return True
    return False
