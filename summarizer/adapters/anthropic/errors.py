"""Translation of the exceptions of the SDK and its HTTP client into ``SummarizerError``.

A test fails if a vendor's exception class has no translation here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import anthropic
import httpx2
from anthropic import _exceptions as sdk

from summarizer.adapters.web import retry_after
from summarizer.errors import (
    ConnectionFailedError,
    ModelAccessError,
    ModelError,
    ModelRequestError,
    ModelTimeoutError,
    OverloadedError,
    RateLimitError,
    SchemaError,
)

TRANSLATIONS: Mapping[type[Exception], type[ModelError]] = {
    anthropic.APITimeoutError: ModelTimeoutError,
    anthropic.APIConnectionError: ConnectionFailedError,
    anthropic.APIResponseValidationError: SchemaError,
    sdk.APIWebhookValidationError: ModelRequestError,
    anthropic.BadRequestError: ModelRequestError,
    anthropic.AuthenticationError: ModelAccessError,
    sdk.PaymentRequiredError: ModelAccessError,
    anthropic.PermissionDeniedError: ModelAccessError,
    anthropic.NotFoundError: ModelAccessError,
    sdk.RequestTimeoutError: ModelTimeoutError,
    anthropic.ConflictError: ModelRequestError,
    sdk.PreconditionFailedError: ModelRequestError,
    sdk.ContentTooLargeError: ModelRequestError,
    anthropic.UnprocessableEntityError: ModelRequestError,
    anthropic.RateLimitError: RateLimitError,
    sdk.RequestHeaderFieldsTooLargeError: ModelRequestError,
    sdk.ClientClosedRequestError: ConnectionFailedError,
    anthropic.InternalServerError: OverloadedError,
    sdk.RetryableError: OverloadedError,
    sdk.CredentialsError: ModelAccessError,
    anthropic.WorkloadIdentityError: ModelAccessError,
    httpx2.TimeoutException: ModelTimeoutError,
    httpx2.HTTPError: ConnectionFailedError,
    httpx2.StreamError: ConnectionFailedError,
    httpx2.InvalidURL: ModelRequestError,
    httpx2.CookieConflict: ConnectionFailedError,
}
"""Error class by vendor's class; the nearest ancestor in the table counts."""

VENDOR_ERRORS: tuple[type[Exception], ...] = (
    anthropic.AnthropicError,
    httpx2.HTTPError,
    httpx2.StreamError,
    httpx2.InvalidURL,
    httpx2.CookieConflict,
)
"""Base classes of all exceptions of a call, which ``translate`` accepts."""

ADVICE: Mapping[int, str] = {
    400: "Check that the server knows the model and its effort (SUMMARIZER_MODEL, "
    "SUMMARIZER_EFFORT; 'none' sends no effort).",
    401: "Check ANTHROPIC_API_KEY.",
    402: "Check the account's billing.",
    403: "The key may not use this model: check ANTHROPIC_API_KEY and SUMMARIZER_MODEL.",
    404: "Check SUMMARIZER_MODEL and ANTHROPIC_BASE_URL.",
    413: "The evidence is too large for the server: lower SUMMARIZER_EVIDENCE_TOKENS.",
    429: "Wait, or lower SUMMARIZER_CONCURRENCY.",
}
"""Advice for the user by HTTP status."""


def translate(error: Exception, where: str, now: datetime) -> ModelError:
    """The translation of a vendor's error, not raised yet.

    Args:
        error: one of ``VENDOR_ERRORS``.
        where: address of the server, for the message.
        now: current time, for a ``retry-after`` that is a date.
    """
    ours = _translation(error)
    said = getattr(error, "api_message", None) or str(error)
    status: int | None = getattr(error, "status_code", None)
    if status is None:
        message = f"{where}: {said}"
    else:
        message = f"{where} answered {status}: {said} {ADVICE.get(status, '')}".rstrip()
    if issubclass(ours, RateLimitError | OverloadedError):
        return ours(message, retry_after=_retry_after(error, now))
    return ours(message)


def _translation(error: Exception) -> type[ModelError]:
    if getattr(error, "type", None) == "overloaded_error":
        return OverloadedError
    known = (TRANSLATIONS[cls] for cls in type(error).__mro__ if cls in TRANSLATIONS)
    return next(known, ModelRequestError)


def _retry_after(error: Exception, now: datetime) -> float | None:
    """Seconds of the ``retry-after`` header; ``None`` if it is missing or unreadable."""
    response = getattr(error, "response", None)
    said = response.headers.get("retry-after") if response is not None else None
    if said is None:
        return None
    return retry_after.seconds(said, now)
