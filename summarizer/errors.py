"""Exceptions of the product.

::

    SummarizerError
    ├── SettingsError           a setting is missing or wrong
    ├── InputError              an input is missing, malformed or not allowed
    │   ├── AddressRefusedError     a URL leads to a forbidden address
    │   └── BrokenInputError        the JSON of rows is cut off or broken
    ├── NotFoundError           no such incident, item or draft
    │   └── GoneError               it was deleted, or is of a log before a restore
    ├── ConflictError           changed by another request, or locked
    │   └── StaleError              changed since it was read
    ├── RefusedError            a rule of the newsroom forbids it in its present state
    ├── HeldError               a hold on the incident keeps it from whoever asks
    ├── StorageError            the database or the index failed
    │   ├── StorageBusyError    another process is using the data directory
    │   │   └── IndexHeldError      another process holds the embedded index
    │   └── IndexUnreachableError   the Chroma server does not answer; indexing waits
    ├── BelowBarError           an eval run misses a bar or is worse than its baseline
    ├── InconclusiveError       an eval run has too few rows to tell, or was stopped
    ├── FetchError              a site answered with an error
    │   ├── UnreachableError        the site did not answer in time, or asks to come later
    │   └── UnusablePageError       the content of a URL cannot be used
    │       ├── RobotsDeniedError       the site's robots.txt forbids it
    │       ├── TooLargeError           it exceeds the size limit
    │       ├── WrongTypeError          it is neither a page nor a feed
    │       └── NoArticleError          the page has no article text
    ├── PromptError             a prompt file is missing, malformed or lacks a variable
    └── ModelError              the model could not be reached or gave no usable answer
        ├── RefusalError        the model refused
        ├── CutOffError         the answer reached the token limit or broke off
        ├── SchemaError         the answer does not fit its form
        ├── RateLimitError      429
        ├── OverloadedError     529 and other 5xx
        ├── ModelTimeoutError   no answer in time
        ├── ConnectionFailedError   no connection, or it broke
        ├── DeferredError       the request waits in a batch
        ├── BatchExpiredError   the batch expired before the answer
        ├── BatchCanceledError  the batch was cancelled before the answer
        └── ModelRequestError   any other 4xx: the request itself is wrong
            └── ModelAccessError    401, 402, 403, 404: the key, the account, the model's name

Adapters translate the exceptions of vendors into this tree (``raise … from``).  An unsupported
claim is data, never an exception.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class SummarizerError(Exception):
    """Root of the tree; the message says what went wrong, where, and what to do.

    ``exit_code`` is the exit code of the CLI.
    """

    exit_code = 1
    field: str | None = None

    def __init__(self, message: str = "", *, field: str | None = None) -> None:
        """``field`` is the wrong or missing argument, or a part of it (``edits.2.id``)."""
        super().__init__(message)
        self.field = field or self.field


@contextmanager
def blame_field(field: str) -> Iterator[None]:
    """Set the field of every error raised inside, in the caller's terms."""
    try:
        yield
    except SummarizerError as error:
        error.field = field
        raise


class SettingsError(SummarizerError):
    """A setting is missing or wrong; the message lists every fault."""

    exit_code = 2


class InputError(SummarizerError):
    """An input is missing, malformed or not allowed."""

    exit_code = 2


class AddressRefusedError(InputError):
    """A URL leads to a forbidden address: a private network, another port, another scheme."""

    field = "url"


class BrokenInputError(InputError):
    """JSON with rows is cut off or broken, so that rows may be missing; the message says where."""


class NotFoundError(SummarizerError):
    """No such incident, item or draft."""

    exit_code = 3


class GoneError(NotFoundError):
    """It was there and will not come back: deleted, or a place in a log that a restored backup has
    replaced."""


class ConflictError(SummarizerError):
    """Another request changed it, or it is locked; nothing was overwritten."""

    exit_code = 7


class StaleError(ConflictError):
    """It changed since it was read; nothing was overwritten."""


class HeldError(SummarizerError):
    """A hold on the incident keeps it from whoever asks, or an approval from whoever decides."""


class RefusedError(SummarizerError):
    """A rule of the newsroom forbids it in its present state; the message lists every reason."""

    exit_code = 7


class StorageError(SummarizerError):
    """The database or the index failed."""

    exit_code = 4


class StorageBusyError(StorageError):
    """Another process is using the data directory, or the database.

    ``is_passing`` tells that nothing was stored and that the same work may succeed at once.
    """

    is_passing = False


class IndexHeldError(StorageBusyError):
    """Another process holds the embedded index, which is for one at a time."""


class IndexUnreachableError(StorageError):
    """The Chroma server does not answer; items are stored, and indexed once it does."""


class BelowBarError(SummarizerError):
    """An eval run is complete and stored, but misses a bar or is worse than its baseline.

    Exit code 1, as of every command that finished and found faults in its input.
    """


class InconclusiveError(SummarizerError):
    """An eval run is stored, but too small to show that it reaches its bars and is no worse than
    its baseline, or was stopped at a limit; or no accepted run tells anything of the prompts."""

    exit_code = 9


class FetchError(SummarizerError):
    """A site answered with an error; ``status`` is the HTTP status, if there is one."""

    exit_code = 8
    field = "url"

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class UnreachableError(FetchError):
    """The site did not answer in time, or asks to come later: ``retry_after`` in seconds."""

    def __init__(
        self, message: str, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(message, status)
        self.retry_after = retry_after


class UnusablePageError(FetchError):
    """The content of the URL cannot be used; another attempt changes nothing."""


class RobotsDeniedError(UnusablePageError):
    """The site's robots.txt forbids it."""


class TooLargeError(UnusablePageError):
    """It exceeds the size limit."""


class WrongTypeError(UnusablePageError):
    """It is neither a page nor a feed."""


class NoArticleError(UnusablePageError):
    """The page has no article text."""


class PromptError(SummarizerError):
    """A prompt file is missing, malformed or lacks a variable."""

    exit_code = 5


class ModelError(SummarizerError):
    """The model could not be reached or gave no usable answer."""

    exit_code = 6


class RefusalError(ModelError):
    """The model refused to answer."""


class CutOffError(ModelError):
    """The answer reached the token limit or broke off."""


class SchemaError(ModelError):
    """The answer does not fit its form."""


class RateLimitError(ModelError):
    """The server answered 429; ``retry_after`` is in seconds, ``None`` when not given."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class OverloadedError(ModelError):
    """The server answered 529 or another 5xx; ``retry_after`` is in seconds, ``None`` when not
    given."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ModelTimeoutError(ModelError):
    """No answer in time."""


class ConnectionFailedError(ModelError):
    """No connection to the server, or it broke."""


class ModelRequestError(ModelError):
    """The server rejected the request itself (400, 413, 422 …)."""


class ModelAccessError(ModelRequestError):
    """The server rejects every request: the key, the account or the model's name is wrong."""


class DeferredError(ModelError):
    """The request was put into a batch; repeat it when the batch has answers."""


class BatchExpiredError(ModelError):
    """The batch expired before the request was answered; the request costs nothing."""


class BatchCanceledError(ModelError):
    """The batch was cancelled before the request was answered; the request costs nothing."""
