"""Translation of the exceptions of the SDK and its HTTP client into ``SummarizerError``.

A test fails if a vendor's exception class has no translation here.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Mapping
from datetime import datetime
from urllib.parse import urlsplit

import anthropic
import httpx2
from anthropic import _exceptions as sdk

from summarizer.adapters.anthropic.limits import AnswerTooLargeError, ForeignHostError
from summarizer.adapters.web import retry_after
from summarizer.errors import (
    ConnectionFailedError,
    CutOffError,
    ModelAccessError,
    ModelError,
    ModelRequestError,
    ModelTimeoutError,
    OverloadedError,
    RateLimitError,
    SchemaError,
)
from summarizer.text.normalize import clean_line

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
    AnswerTooLargeError: CutOffError,
    ForeignHostError: ModelRequestError,
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

MOVED = "It redirects, which is not followed: set ANTHROPIC_BASE_URL to the address where it is."

ADVICE: Mapping[int, str] = {
    **dict.fromkeys((301, 302, 303, 307, 308), MOVED),
    400: "Check that the server knows the model and its effort (SUMMARIZER_MODEL, "
    "SUMMARIZER_EFFORT; 'none' sends no effort).",
    401: "Set ANTHROPIC_API_KEY, or check it.",
    402: "Check the account's billing.",
    403: "The key may not use this model: check ANTHROPIC_API_KEY and SUMMARIZER_MODEL.",
    404: "Check SUMMARIZER_MODEL and ANTHROPIC_BASE_URL (without /v1).",
    407: "A proxy wants a password: check HTTPS_PROXY and HTTP_PROXY.",
    413: "The evidence is too large for the server: lower SUMMARIZER_EVIDENCE_TOKENS.",
    429: "Wait, or lower SUMMARIZER_CONCURRENCY. A used-up quota is raised at the account.",
}
"""Advice for the user by HTTP status."""

BROKEN: Mapping[type[BaseException], str] = {
    ssl.SSLCertVerificationError: "This machine does not trust its certificate: check the "
    "address, or name the certificates of its authority in SSL_CERT_FILE.",
    ssl.SSLError: "Check whether ANTHROPIC_BASE_URL begins with https:// or http://.",
    socket.gaierror: "Check the host in ANTHROPIC_BASE_URL, and this machine's network.",
    TimeoutError: "Raise SUMMARIZER_TIMEOUT_S, or try again when the server is less busy.",
    httpx2.TimeoutException: "Raise SUMMARIZER_TIMEOUT_S, or try again when the server is less "
    "busy.",
}
"""Advice by the cause of a failed connection, the first that fits."""

UNREACHED = (
    "Check that the server runs, ANTHROPIC_BASE_URL, and the proxy, if HTTPS_PROXY or HTTP_PROXY "
    "names one."
)
"""Advice on any other failed connection."""


MOST_SAID = 500
"""Characters of a server's error that are repeated."""


def translate(error: Exception, where: str, now: datetime) -> ModelError:
    """The translation of a vendor's error, not raised yet.

    Args:
        error: one of ``VENDOR_ERRORS``.
        where: address of the server, for the message.
        now: current time, for a ``retry-after`` that is a date.
    """
    ours = _translation(error)
    # The SDK says "Connection error." of everything; its cause says what happened.
    cause = error.__cause__ if isinstance(error, anthropic.APIConnectionError) else None
    said = getattr(error, "api_message", None) or str(cause or "") or str(error)
    said = clean_line(said)[:MOST_SAID]
    status: int | None = getattr(error, "status_code", None)
    where = _without_password(where)
    if status is None:
        chain = list(_causes(error))
        said = getattr(chain[-1], "strerror", None) or str(chain[-1]) or said
        advice = next((BROKEN[kind] for kind in BROKEN for c in chain if isinstance(c, kind)), None)
        message = f"{where} gave no answer: {said.rstrip('.')}. {advice or UNREACHED}"
    else:
        if said.lstrip().startswith("<"):
            said = "a web page, not an answer of the Messages API"
        message = f"{where} answered {status}: {said.rstrip('.')}. {_advice(status)}"
    if issubclass(ours, RateLimitError | OverloadedError):
        return ours(message, retry_after=_retry_after(error, now))
    return ours(message)


def _advice(status: int) -> str:
    """What to do after an answer with this status."""
    if status >= 500:
        return "The server failed: try again later."
    return ADVICE.get(status, "Check ANTHROPIC_BASE_URL.")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error and what it came of, the first cause last."""
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__ or found.__context__


def _without_password(url: str) -> str:
    """A URL without the user and password in front of its host."""
    host = urlsplit(url).netloc
    return url.replace(host, host.rpartition("@")[2], 1) if "@" in host else url


def _translation(error: Exception) -> type[ModelError]:
    if getattr(error, "type", None) == "overloaded_error":
        return OverloadedError
    if isinstance(error.__cause__, AnswerTooLargeError | ForeignHostError):
        error = error.__cause__
    known = (TRANSLATIONS[cls] for cls in type(error).__mro__ if cls in TRANSLATIONS)
    return next(known, ModelRequestError)


def _retry_after(error: Exception, now: datetime) -> float | None:
    """Seconds of the ``retry-after`` header; ``None`` if it is missing or unreadable."""
    response = getattr(error, "response", None)
    said = response.headers.get("retry-after") if response is not None else None
    if said is None:
        return None
    return retry_after.seconds(said, now)
