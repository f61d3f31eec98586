"""The SDK's client as both ways of asking use it, and the one place that retries.

The SDK's own retries are off.  A request that failed on the way is sent again after a wait.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable
from functools import cache
from typing import NoReturn

import httpx2
from anthropic import Anthropic, DefaultHttpxClient
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt

from summarizer.adapters.anthropic.config import AnthropicConfig
from summarizer.adapters.anthropic.errors import translate
from summarizer.errors import (
    ConnectionFailedError,
    ModelError,
    ModelTimeoutError,
    OverloadedError,
    RateLimitError,
)
from summarizer.ports.clock import Clock

TRANSIENT: tuple[type[ModelError], ...] = (
    RateLimitError,
    OverloadedError,
    ConnectionFailedError,
    ModelTimeoutError,
)
"""Errors after which the same request may succeed."""

FIRST_WAIT_S = 1.0
"""Wait before the second attempt when the server names none; it doubles with each."""


def connect(config: AnthropicConfig) -> Anthropic:
    """A client of the SDK; nothing is sent yet."""
    return Anthropic(
        api_key=config.key,
        base_url=config.url,
        timeout=httpx2.Timeout(config.timeout_s, connect=config.connect_timeout_s),
        max_retries=0,
        open_telemetry=False,
        http_client=DefaultHttpxClient(verify=_tls()),
    )


@cache
def _tls() -> ssl.SSLContext:
    """What every client trusts; to read the authorities anew takes longer than the rest of it."""
    return httpx2.create_ssl_context()


def retrying(
    config: AnthropicConfig,
    sleep: Callable[[float], None],
    kinds: tuple[type[ModelError], ...] = TRANSIENT,
) -> Retrying:
    """Sends again after errors of some kinds, as often as the configuration allows."""

    def wait(state: RetryCallState) -> float:
        """Seconds before the next attempt: what the server asks for, else doubling; capped."""
        error = state.outcome.exception() if state.outcome else None
        asked: float | None = getattr(error, "retry_after", None)
        seconds = FIRST_WAIT_S * 2 ** (state.attempt_number - 1) if asked is None else asked
        return min(seconds, config.max_retry_wait_s)

    return Retrying(
        stop=stop_after_attempt(config.max_attempts),
        wait=wait,
        retry=retry_if_exception_type(kinds),
        sleep=sleep,
        reraise=True,
    )


def raise_ours(error: Exception, config: AnthropicConfig, clock: Clock) -> NoReturn:
    """Raise our error for one of ``errors.VENDOR_ERRORS``, the key not in it."""
    ours = translate(error, config.url, clock.now())
    ours.args = (config.redact(str(ours)),)
    raise ours from error
