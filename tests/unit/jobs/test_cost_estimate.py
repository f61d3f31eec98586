"""What one draft can take at most, and what it costs."""

import datetime as dt
import re
from pathlib import Path

import pytest

from summarizer import settings
from summarizer.domain.drafts import Usage
from summarizer.domain.usage import Spending
from summarizer.drafting import prompts
from summarizer.errors import InputError, SettingsError
from summarizer.jobs import cost_estimate
from summarizer.jobs.budget import Budget, Price, Window, load_prices, purses
from summarizer.jobs.planner import load_rules
from tests.support.builders import NOON

PROMPTS = prompts.load()
RULES = load_rules()
KEY = {"anthropic_api_key": "sk-x", "model": "m", "judge_model": "j"}
MONEY = RULES.model_copy(update={"budget": Budget(money_per_day=1)})


def priced(**prices: Price) -> object:
    return MONEY.model_copy(update={"prices": prices})


def test_a_draft_without_a_model_takes_nothing():
    cost = cost_estimate.of_drafts(settings.load(drafter="extractive"), PROMPTS, RULES)
    assert cost.estimate.of(10_000) == Usage()


@pytest.mark.parametrize(
    ("chosen", "calls"),
    [
        ({"plan": "single", "judge": "off"}, 2),
        ({"plan": "parallel", "judge": "off"}, 5),
        ({"plan": "single"}, 4),
        ({"plan": "single", "judge": "model"}, 4),
    ],
)
def test_before_any_draft_one_with_a_repair_is_set_aside(chosen, calls):
    loaded = settings.load(**KEY, **chosen, evidence_tokens=1_000)
    estimate = cost_estimate.of_drafts(loaded, PROMPTS, RULES).estimate
    least = estimate.of(0)
    assert (least.calls, least.output_tokens) == (calls, calls * 2_000)
    assert estimate.of(400).input_tokens == least.input_tokens + calls * 400
    assert estimate.of(5_000) == estimate.of(1_000)
    short = settings.load(**KEY, **chosen, max_output_tokens=500)
    assert (
        cost_estimate.of_drafts(short, PROMPTS, RULES).estimate.of(0).output_tokens == calls * 500
    )


def test_the_price_is_that_of_the_dearest_model_that_is_asked():
    rules = priced(m=Price(input=1, output=9), j=Price(input=2, output=3))
    cost = cost_estimate.of_drafts(settings.load(**KEY, judge="model"), PROMPTS, rules)
    assert cost.price == Price(input=2, output=9, cache_write=2, cache_read=2)


def test_any_sent_token_has_the_dearest_price_and_a_read_one_that_of_reading():
    rules = priced(m=Price(input=2, output=9, cache_write=3, cache_read=0.5))
    cost = cost_estimate.of_drafts(settings.load(**KEY, judge="off"), PROMPTS, rules)
    assert cost.price == Price(input=3, output=9, cache_write=3, cache_read=0.5)


def test_a_limit_in_money_needs_a_price_for_every_model():
    with pytest.raises(SettingsError, match="no price for j:"):
        cost_estimate.of_drafts(
            settings.load(**KEY, judge="model"), PROMPTS, priced(m=Price(input=1, output=1))
        )
    assert (
        cost_estimate.of_drafts(settings.load(drafter="extractive"), PROMPTS, MONEY).price is None
    )


def test_calls_that_came_in_a_batch_cost_half_in_money_and_all_in_tokens():
    price = Price(input=2, output=10)
    usage = Usage(calls=1, input_tokens=1_000_000, output_tokens=100_000)
    spent = [
        Spending(model="m", usage=usage, first_at=NOON, batched=batched)
        for batched in (False, True)
    ]
    budget = Budget(money_per_day=10, tokens_per_day=10_000_000)
    none = {window: [] for window in Window}
    found = purses(budget, {"m": price}, price, none | {Window.DAY: spent}, (), none)

    assert [purse.spent for purse in found] == [2_200_000, 3.0 + 1.5]


def test_what_waits_in_a_batch_is_gone_at_half_the_dearest_price_and_with_all_its_tokens():
    price = Price(input=2, output=10, cache_write=3)
    usage = Usage(calls=1, input_tokens=1_000_000, output_tokens=100_000)
    waiting = [
        Spending(model=model, usage=usage, first_at=NOON, batched=True) for model in ("m", "other")
    ]
    budget = Budget(money_per_day=10, tokens_per_day=10_000_000, tokens_per_hour=10_000_000)
    none = {window: [] for window in Window}
    hour, day, money = purses(budget, {"m": price}, price, none, (), none | {Window.DAY: waiting})

    assert (hour.in_batches, hour.left) == (0, 10_000_000)
    assert (day.in_batches, day.left) == (2_200_000, 7_800_000)
    assert (money.in_batches, money.left) == (2.0, 8.0)  # of a model without a price nothing
    assert money.frees_at == NOON + dt.timedelta(days=1)


def test_prices_are_read_from_a_file_of_their_own_or_of_rules(tmp_path: Path) -> None:
    file = tmp_path / "prices.toml"
    table = '[prices."quill-small"]\ninput = 1.0\noutput = 5.0\ncache_read = 0.1\n'
    for before in ("", 'version = "7"\nleast_items = 2\n'):
        file.write_text(before + table)
        assert load_prices(file) == {"quill-small": Price(input=1, output=5, cache_read=0.1)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "names no price"),
        ("[price.m]\ninput = 1\noutput = 1", "names no price"),
        ("[prices.m]\ninput = 1", "m.output: Field required"),
        ("[prices.m]\ninput = -1\noutput = 1", "m.input: Input should be greater"),
        ("[prices.m]\ninput = 1\noutput = 1\nchache_read = 1", "m.chache_read: Extra"),
        ("[prices", "cannot be read"),
        ("\xff", "cannot be read"),
    ],
)
def test_a_file_of_prices_that_cannot_be_used_is_named(
    tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "prices.toml"
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(InputError, match=re.escape(said)) as caught:
        load_prices(file)
    assert str(file) in str(caught.value)
