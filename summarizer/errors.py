"""Every error the product raises on purpose.

::

    SummarizerError
    ├── SettingsError           a setting is missing or wrong
    ├── InputError              what a user handed in cannot be used
    │   └── AddressRefusedError     a URL leads where nothing may be sent
    ├── NotFoundError           no such incident, item or draft
    ├── ConflictError           somebody else changed it in between, or it is locked
    │   └── StaleError              it is no longer what was read
    ├── RefusedError            a rule of the newsroom forbids it as things stand
    ├── StorageError            the database or the index failed
    │   └── StorageBusyError    another process holds the data directory
    ├── BelowBarError           an eval run misses a bar or fell behind its baseline
    ├── FetchError              a site did not give what a URL asks for
    │   ├── UnreachableError        it did not answer in time, or asks to come later
    │   └── UnusablePageError       what the URL leads to cannot be taken
    │       ├── RobotsDeniedError       the site's robots.txt forbids it
    │       ├── TooLargeError           it has more bytes than are read
    │       ├── WrongTypeError          it is no page and no feed
    │       └── NoArticleError          no article's text was found on the page
    ├── PromptError             a prompt file is missing, malformed or lacks a variable
    └── ModelError              the model could not be asked or did not answer usably
        ├── RefusalError        it refused
        ├── CutOffError         its answer reached the token limit or broke off
        ├── SchemaError         its answer does not fit the response schema
        ├── RateLimitError      429
        ├── OverloadedError     529 and other 5xx
        ├── ModelTimeoutError   no answer in time
        ├── ConnectionFailedError   no connection, or it broke
        ├── DeferredError       it waits for a batch
        ├── BatchExpiredError   its batch ran out of time before it
        ├── BatchCanceledError  its batch was called off before it
        └── ModelRequestError   any other 4xx: the request itself is wrong
            └── ModelAccessError    401, 402, 403, 404: the key, the account, the model's name

Adapters translate what vendors raise into this tree at the edge (``raise … from``).  An
unsupported claim is data, never an exception.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class SummarizerError(Exception):
    """Root of the tree; its message says what went wrong, where, and what to do.

    ``exit_code`` is what the CLI exits with.
    """

    exit_code = 1
    field: str | None = None

    def __init__(self, message: str = "", *, field: str | None = None) -> None:
        """``field`` is the argument at fault, where it is one, or a part of it (``edits.2.id``);
        one that is needed and was left out, too."""
        super().__init__(message)
        self.field = field or self.field


@contextmanager
def blame_field(field: str) -> Iterator[None]:
    """Say of what is raised inside that this argument is at fault, whatever it is called there."""
    try:
        yield
    except SummarizerError as error:
        error.field = field
        raise


class SettingsError(SummarizerError):
    """A setting is missing or wrong; the message names every fault at once."""

    exit_code = 2


class InputError(SummarizerError):
    """What a user handed in cannot be used."""

    exit_code = 2


class AddressRefusedError(InputError):
    """A URL leads where nothing may be sent: a private network, another port, no http."""

    field = "url"


class NotFoundError(SummarizerError):
    """No such incident, item or draft."""

    exit_code = 3


class ConflictError(SummarizerError):
    """Somebody else changed it in between, or it is locked; nothing was overwritten."""

    exit_code = 7


class StaleError(ConflictError):
    """It is no longer what whoever changes it has read; nothing was overwritten."""


class RefusedError(SummarizerError):
    """A rule of the newsroom forbids it as things stand; the message names every reason."""

    exit_code = 7


class StorageError(SummarizerError):
    """The database or the index failed."""

    exit_code = 4


class StorageBusyError(StorageError):
    """Another process holds the data directory."""


class BelowBarError(SummarizerError):
    """An eval run was finished and written, and misses a bar or fell behind its baseline.

    Exits with 1, as other commands do that did their work and found fault with what they read.
    """


class FetchError(SummarizerError):
    """A site did not give what a URL asks for; ``status`` is what it answered, if it did."""

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
    """What the URL leads to cannot be taken; asking again changes nothing."""


class RobotsDeniedError(UnusablePageError):
    """The site's robots.txt forbids it."""


class TooLargeError(UnusablePageError):
    """It has more bytes than are read."""


class WrongTypeError(UnusablePageError):
    """It is no page and no feed."""


class NoArticleError(UnusablePageError):
    """No article's text was found on the page."""


class PromptError(SummarizerError):
    """A prompt file is missing, malformed or lacks a variable."""

    exit_code = 5


class ModelError(SummarizerError):
    """The model could not be asked or did not answer usably."""

    exit_code = 6


class RefusalError(ModelError):
    """The model refused to answer."""


class CutOffError(ModelError):
    """The answer reached the token limit or broke off."""


class SchemaError(ModelError):
    """The answer does not fit the response schema."""


class RateLimitError(ModelError):
    """The server answered 429; ``retry_after`` is in seconds when it said so."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class OverloadedError(ModelError):
    """The server answered 529 or another 5xx; ``retry_after`` is in seconds when it said so."""

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
    """The server rejects whatever is asked: the key, the account or the model's name is wrong."""


class DeferredError(ModelError):
    """The question was laid down for a batch; it is asked again once there is an answer."""


class BatchExpiredError(ModelError):
    """The batch ran out of time before the question was answered; it was not paid for."""


class BatchCanceledError(ModelError):
    """The batch was called off before the question was answered; it was not paid for."""
