"""Budgets: limits on tokens and money over time, and what is left of them."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from pydantic import Field, TypeAdapter, ValidationError

from summarizer.domain import batches
from summarizer.domain.drafts import Usage
from summarizer.domain.model import Model
from summarizer.domain.usage import Spending
from summarizer.errors import InputError

MILLION = 1_000_000

MOST = 10**15
"""Highest price and limit; sums of it are exact enough, and finite."""


class Price(Model):
    """Price of a model per million tokens, in the operator's currency.

    Args:
        input: of input tokens.
        output: of output tokens.
        cache_write: of tokens written to the prompt cache; ``input`` if left out.
        cache_read: of tokens read from the prompt cache; ``input`` if left out.
    """

    input: float = Field(ge=0, le=MOST)
    output: float = Field(ge=0, le=MOST)
    cache_write: float | None = Field(default=None, ge=0, le=MOST)
    cache_read: float | None = Field(default=None, ge=0, le=MOST)

    def of(self, usage: Usage) -> float:
        """Cost of a usage."""
        write = self.input if self.cache_write is None else self.cache_write
        read = self.input if self.cache_read is None else self.cache_read
        total = (
            usage.input_tokens * self.input
            + usage.output_tokens * self.output
            + usage.cache_write_tokens * write
            + usage.cache_read_tokens * read
        )
        return total / MILLION

    def most(self, usage: Usage) -> float:
        """Upper bound of the cost: all input tokens at the highest input price."""
        sent = max(self.input, self.cache_write or 0.0, self.cache_read or 0.0)
        total = (usage.tokens - usage.output_tokens) * sent + usage.output_tokens * self.output
        return total / MILLION


def load_prices(path: Path) -> dict[str, Price]:
    """Prices by model of a TOML file, which may be a file of rules for auto-drafting.

    ::

        [prices."the id of the model"]  # per million tokens, in your currency
        input = 3.0
        output = 15.0
        cache_write = 3.75  # `input` if left out
        cache_read = 0.3    # `input` if left out

    Raises:
        InputError: the file cannot be read, is malformed, or names no price.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        prices = TypeAdapter(dict[str, Price]).validate_python(tables.get("prices", {}))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"The prices in {path} cannot be read: {error}.") from error
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, f['loc']))}: {f['msg']}" for f in error.errors()]
        raise InputError(f"Wrong prices in {path}: {'; '.join(faults)}.") from error
    if not prices:
        raise InputError(
            f'{path} names no price. A price is a table [prices."the id of the model"] with '
            "'input' and 'output', per million tokens."
        )
    return prices


def dearest(prices: Iterable[Price]) -> Price:
    """An upper bound of several prices, part by part; ``input`` is that of any input token."""
    known = list(prices)

    def highest(**usage: int) -> float:
        return max(price.of(Usage(**usage)) for price in known)

    return Price(
        input=max(price.most(Usage(input_tokens=MILLION)) for price in known),
        output=highest(output_tokens=MILLION),
        cache_write=highest(cache_write_tokens=MILLION),
        cache_read=highest(cache_read_tokens=MILLION),
    )


class Budget(Model):
    """Limits on all calls together; ``None`` is no limit."""

    tokens_per_hour: int | None = Field(default=None, ge=0, le=MOST)
    tokens_per_day: int | None = Field(default=None, ge=0, le=MOST)
    money_per_hour: float | None = Field(default=None, ge=0, le=MOST)
    money_per_day: float | None = Field(default=None, ge=0, le=MOST)


class Unit(StrEnum):
    """Unit of a limit."""

    TOKENS = "tokens"
    MONEY = "money"


class Window(StrEnum):
    """Sliding window of a limit, back from now."""

    HOUR = "hour"
    DAY = "day"

    @property
    def length(self) -> dt.timedelta:
        """Length of the window."""
        return dt.timedelta(hours=1) if self is Window.HOUR else dt.timedelta(days=1)


class Limit(Model):
    """One limit and its use; amounts are in its unit.

    Args:
        unit: tokens or money.
        window: time over which it counts.
        limit: most within the window.
        spent: by calls within the window.
        reserved: for drafts under way.
        in_batches: for unanswered requests in message batches of the window.
        price: price for reserves; only for money.
        frees_at: when the oldest call or open batch leaves the window; ``None`` without any.
    """

    unit: Unit
    window: Window
    limit: float
    spent: float
    reserved: float = 0.0
    in_batches: float = 0.0
    price: Price | None = None
    frees_at: dt.datetime | None = None

    @property
    def left(self) -> float:
        """Amount left, >= 0."""
        return max(0.0, self.limit - self.spent - self.reserved - self.in_batches)

    def need(self, reserve: Usage, batched: bool = False) -> float:
        """Amount of a reserve; ``batched`` for requests in a message batch."""
        if self.unit is Unit.TOKENS:
            return reserve.tokens
        assert self.price is not None  # ``purses`` makes no limit in money without a price
        return (batches.PRICE if batched else 1.0) * self.price.of(reserve)

    def less(self, reserve: Usage) -> Limit:
        """The limit with a reserve added."""
        return self.model_copy(update={"reserved": self.reserved + self.need(reserve)})

    def amount(self, value: float) -> str:
        """An amount in words."""
        return f"{value:,.0f} tokens" if self.unit is Unit.TOKENS else f"{value:,.2f}"

    def lacks(self, need: float) -> str:
        """Message that less than ``need`` is left."""
        return f"it may take {self.amount(need)}; {self.amount(self.left)} are left of {self}"

    def __str__(self) -> str:
        return f"{self.amount(self.limit)} in {'an hour' if self.window == 'hour' else 'a day'}"


def purses(
    budget: Budget,
    prices: Mapping[str, Price],
    price: Price | None,
    spent: Mapping[Window, Sequence[Spending]],
    under_way: Iterable[Usage],
    in_batches: Mapping[Window, Sequence[Spending]],
) -> tuple[Limit, ...]:
    """The limits of a budget, with their use.

    Args:
        budget: the limits.
        prices: by model; calls to a model without a price count in tokens only.
        price: price for reserves; without it limits in money are left out.
        spent: usage of calls, by window.
        under_way: reserves of the drafts under way.
        in_batches: reserves of unanswered requests in message batches, by window.
    """
    found = []
    running = list(under_way)
    for window in Window:
        for unit in Unit:
            limit = getattr(budget, f"{unit}_per_{window}")
            if limit is None or (unit is Unit.MONEY and price is None):
                continue
            calls, waiting = spent[window], in_batches[window]
            purse = Limit(
                unit=unit,
                window=window,
                limit=limit,
                spent=sum(_counted(unit, call, prices) for call in calls),
                in_batches=sum(_reserved(unit, call, prices) for call in waiting),
                price=price if unit is Unit.MONEY else None,
                frees_at=min(
                    (c.first_at + window.length for c in (*calls, *waiting)), default=None
                ),
            )
            for reserve in running:
                purse = purse.less(reserve)
            found.append(purse)
    return tuple(found)


def shortage(purses: Iterable[Limit], reserve: Usage) -> str | None:
    """Message on the first limit that a reserve exceeds in a message batch, ``None`` if none."""
    for purse in purses:
        need = purse.need(reserve, batched=True)
        if need > purse.left:
            more = f"; more is from {purse.frees_at:%H:%M} UTC on" if purse.frees_at else ""
            return purse.lacks(need) + more
    return None


def _counted(unit: Unit, spending: Spending, prices: Mapping[str, Price]) -> float:
    if unit is Unit.TOKENS:
        return spending.usage.tokens
    price = prices.get(spending.model)
    share = batches.PRICE if spending.batched else 1.0
    return share * price.of(spending.usage) if price else 0.0


def _reserved(unit: Unit, waiting: Spending, prices: Mapping[str, Price]) -> float:
    if unit is Unit.TOKENS:
        return waiting.usage.tokens
    price = prices.get(waiting.model)
    return batches.PRICE * price.most(waiting.usage) if price else 0.0
