"""The connection to a Chroma server: address, token, certificates, retries, errors.

The server is asked for its health and version before Chroma's client is made, since that tells a
wrong address, token or program from one another by no more than a Python exception.
"""

from __future__ import annotations

import ssl
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast
from urllib.parse import quote, urlsplit

import httpx
from pydantic import SecretStr
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from summarizer.domain.model import Model
from summarizer.errors import IndexUnreachableError, SettingsError, StorageError

if TYPE_CHECKING:  # importing chromadb takes seconds
    from chromadb.api import ClientAPI
    from chromadb.config import Settings

TokenHeader = Literal["X-Chroma-Token", "Authorization"]

ATTEMPTS = 3
"""Attempts of one request, including the first; all that is sent may be sent twice."""

CONNECT_S = 5.0
ANSWER_S = 60.0
"""Longest waits for a connection and for an answer, which are not waited for again."""

BUSY = frozenset((429, 502, 503, 504))
"""Statuses of a server, or of a proxy before it, that may be gone in a moment."""

REFUSED = frozenset((401, 403))


class ServerAccess(Model):
    """Where a Chroma server is, and how it lets us in.

    Args:
        url: ``http://host:port`` or ``https://host``.
        token: sent with each request, and never shown.
        token_header: the header that it is sent in; ``Authorization`` has ``Bearer`` before it.
        tenant: on the server.
        database: of the tenant.
        ca_file: certificates that the server's is checked against; unset, those of certifi.
    """

    url: str
    token: SecretStr | None = None
    token_header: TokenHeader = "X-Chroma-Token"
    tenant: str = "default_tenant"
    database: str = "default_database"
    ca_file: Path | None = None

    @property
    def where(self) -> str:
        """Host and port, without a password in the URL."""
        host, port, _ = self.address()
        return f"at {host}:{port}"

    @property
    def headers(self) -> dict[str, str]:
        """Headers of every request."""
        if self.token is None:
            return {}
        scheme = "Bearer " if self.token_header == "Authorization" else ""
        return {self.token_header: scheme + self.token.get_secret_value()}

    def address(self) -> tuple[str, int, bool]:
        """Host, port, and whether TLS is spoken.

        Raises:
            SettingsError: the URL is none.
        """
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SettingsError(
                "The address of the Chroma server cannot be used: write it as http://host:8000."
            )
        tls = parts.scheme == "https"
        return parts.hostname, parts.port or (443 if tls else 8000), tls


def connect(access: ServerAccess, settings: Settings) -> ClientAPI:
    """A client of the server, which retries lost connections and raises our errors.

    Raises:
        IndexUnreachableError: it does not answer.
        SettingsError: it does not let us in, is no Chroma server or too old, or lacks the database.
    """
    host, port, tls = access.address()
    _greet(access)
    import chromadb

    if access.ca_file is not None:
        settings.chroma_server_ssl_verify = str(access.ca_file)
    with warnings.catch_warnings():
        # Chroma hands the file's name to httpx, which asks for a context instead.
        warnings.filterwarnings("ignore", "`verify=<str>`", DeprecationWarning)
        client = chromadb.HttpClient(
            host=host,
            port=port,
            ssl=tls,
            headers=access.headers,
            settings=settings,
            tenant=access.tenant,
            database=access.database,
        )
    server = cast(Any, client)._server  # Chroma has no setting for timeouts and retries
    server._session.timeout = httpx.Timeout(ANSWER_S, connect=CONNECT_S)
    server._make_request = _patient(server._make_request, access)
    return client


def _greet(access: ServerAccess) -> None:
    """Raise an error that says what is wrong, if anything is."""
    host, port, tls = access.address()
    base = f"{'https' if tls else 'http'}://{f'[{host}]' if ':' in host else host}:{port}/api/v2"
    waits = httpx.Timeout(ANSWER_S, connect=CONNECT_S)
    with httpx.Client(headers=access.headers, verify=_trusted(access), timeout=waits) as client:

        def get(path: str) -> httpx.Response:
            response = client.get(f"{base}/{path}")
            if response.status_code in BUSY:
                raise _BusyError(f"status {response.status_code}")
            return response

        try:
            heartbeat, version, database = (
                _retrying()(get, path)
                for path in (
                    "heartbeat",
                    "version",
                    f"tenants/{quote(access.tenant, '')}/databases/{quote(access.database, '')}",
                )
            )
        except (httpx.HTTPError, _BusyError) as error:
            raise _unreachable(access, error) from error
    for response in (heartbeat, version, database):
        if response.status_code in REFUSED:
            raise SettingsError(_locked_out(access, response.status_code))
    # Nor is a redirect followed, which would take the token along.
    if not isinstance(_json(heartbeat), Mapping) or not isinstance(_json(version), str):
        raise SettingsError(
            f"What answers {access.where} is no Chroma server of version 1.0 or newer: see "
            "SUMMARIZER_CHROMA_URL."
        )
    if _json(version).startswith("0."):
        raise SettingsError(
            f"The Chroma server {access.where} is version {_json(version)}; 1.0 or newer is needed."
        )
    if not database.is_success:
        raise SettingsError(
            f"The Chroma server {access.where} has no database {access.database!r} of a tenant "
            f"{access.tenant!r} (SUMMARIZER_CHROMA_TENANT, SUMMARIZER_CHROMA_DATABASE)."
        )


def _trusted(access: ServerAccess) -> ssl.SSLContext | bool:
    if access.ca_file is None:
        return True
    try:
        return ssl.create_default_context(cafile=access.ca_file)
    except OSError as error:
        raise SettingsError(
            f"The certificates in {access.ca_file} cannot be read: {error} "
            "(SUMMARIZER_CHROMA_CA_FILE)"
        ) from error


def _json(response: httpx.Response) -> Any:
    """The content of a good answer; ``None`` of any other."""
    try:
        return response.json() if response.is_success else None
    except ValueError:
        return None


# --- Retries and errors --------------------------------------------------------------------------


class _BusyError(Exception):
    """A status of ``BUSY``."""


def _retrying() -> Retrying:
    return Retrying(
        stop=stop_after_attempt(ATTEMPTS),
        wait=wait_exponential(multiplier=0.2, exp_base=4),
        retry=retry_if_exception_type((httpx.NetworkError, httpx.RemoteProtocolError, _BusyError)),
        reraise=True,
    )


def _patient(send: Callable[..., Any], access: ServerAccess) -> Callable[..., Any]:
    """Chroma's one function that sends a request, with retries and with our errors."""

    def once(method: str, path: str, **body: Any) -> Any:
        try:
            return send(method, path, **body)
        except Exception as error:
            # Chroma raises a bare Exception for an answer that is none of its own.
            if _status(error) in BUSY:
                raise _BusyError(f"status {_status(error)}") from error
            raise

    def sent(method: str, path: str, **body: Any) -> Any:
        try:
            return _retrying()(once, method, path, **body)
        except (httpx.HTTPError, _BusyError) as error:
            raise _unreachable(access, error) from error
        except Exception as error:
            if (status := _status(error)) in REFUSED:
                raise IndexUnreachableError(_locked_out(access, status)) from error
            if type(error) is Exception:
                raise StorageError(
                    f"The Chroma server {access.where} answered with status {status}."
                ) from error
            raise

    return sent


def _status(error: BaseException) -> int | None:
    """The status behind an exception of Chroma's, if it has one."""
    if isinstance(error.__context__, httpx.HTTPStatusError):
        return error.__context__.response.status_code
    code = getattr(error, "code", None)
    return code() if callable(code) else None


def _unreachable(access: ServerAccess, error: Exception) -> IndexUnreachableError:
    return IndexUnreachableError(
        f"The Chroma server {access.where} cannot be reached ({type(error).__name__}: {error}). "
        "Check that one runs there (SUMMARIZER_CHROMA_URL) and, for https, that its certificate is "
        "trusted (SUMMARIZER_CHROMA_CA_FILE). Nothing is lost: items are stored, and indexed once "
        "it is back."
    )


def _locked_out(access: ServerAccess, status: int | None) -> str:
    does = "refuses our token" if access.token else "asks for a token"
    return f"The Chroma server {access.where} {does} ({status}): set SUMMARIZER_CHROMA_TOKEN."
