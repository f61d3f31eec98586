"""The SDK's client and the retries of single calls and batches; the SDK's own retries are off."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from functools import cache
from typing import NoReturn

import httpx2
from anthropic import Anthropic, DefaultHttpxClient
from tenacity import RetryCallState, Retrying, retry_if_exception_type

from summarizer.adapters.anthropic.config import AnthropicConfig
from summarizer.adapters.anthropic.errors import translate
from summarizer.adapters.anthropic.limits import limit
from summarizer.errors import (
    ConnectionFailedError,
    ModelError,
    ModelTimeoutError,
    OverloadedError,
    RateLimitError,
)
from summarizer.ports.clock import Clock
from summarizer.ports.deadline import seconds_left

TRANSIENT: tuple[type[ModelError], ...] = (
    RateLimitError,
    OverloadedError,
    ConnectionFailedError,
    ModelTimeoutError,
)
"""Errors after which the same request may succeed."""

FIRST_WAIT_S = 1.0
"""Wait before the second attempt without ``retry-after``; it doubles with each attempt."""


def connect(config: AnthropicConfig) -> Anthropic:
    """A client of the SDK, before any request."""
    http = DefaultHttpxClient(verify=_tls(), follow_redirects=False)
    return Anthropic(
        api_key=config.key,
        base_url=config.url,
        timeout=httpx2.Timeout(config.timeout_s, connect=config.connect_timeout_s),
        max_retries=0,
        open_telemetry=False,
        default_headers={"Accept-Encoding": "identity"},
        http_client=limit(http, config.url),
    )


@cache
def _tls() -> ssl.SSLContext:
    """TLS context of all clients, cached because reading the certificates is slow."""
    return httpx2.create_ssl_context()


def retrying(
    config: AnthropicConfig,
    clock: Clock,
    sleep: Callable[[float], None],
    kinds: tuple[type[ModelError], ...] = TRANSIENT,
) -> Retrying:
    """Retries after errors of the given kinds, within the configuration and the deadline."""

    def wait(state: RetryCallState) -> float:
        """Seconds before the next attempt: ``retry-after`` or else doubling, capped."""
        error = state.outcome.exception() if state.outcome else None
        asked: float | None = getattr(error, "retry_after", None)
        seconds = FIRST_WAIT_S * 2 ** (state.attempt_number - 1) if asked is None else asked
        return min(seconds, config.max_retry_wait_s)

    def stop(state: RetryCallState) -> bool:
        is_last = state.attempt_number >= config.max_attempts
        return is_last or state.upcoming_sleep >= seconds_left(clock)

    return Retrying(
        stop=stop,
        wait=wait,
        retry=retry_if_exception_type(kinds),
        sleep=sleep,
        reraise=True,
    )


def raise_ours(error: Exception, config: AnthropicConfig, clock: Clock) -> NoReturn:
    """Raise the translation of one of ``errors.VENDOR_ERRORS``, without the API key."""
    ours = translate(error, config.url, clock.now())
    ours.args = (config.redact(str(ours)),)
    raise ours from error
