"""Message batches on a server of the Messages API, through the official SDK."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from anthropic.types.messages import MessageBatch, MessageBatchIndividualResponse

from summarizer.adapters.anthropic.client import TRANSIENT, connect, raise_ours, retrying
from summarizer.adapters.anthropic.config import AnthropicConfig
from summarizer.adapters.anthropic.errors import VENDOR_ERRORS
from summarizer.adapters.anthropic.limits import LARGEST_ANSWER, Exchange
from summarizer.adapters.anthropic.response import Reply
from summarizer.domain.batches import Answer, Batch, BatchedRequest, Progress
from summarizer.errors import (
    BatchCanceledError,
    BatchExpiredError,
    ConnectionFailedError,
    ModelError,
    ModelRequestError,
    ModelTimeoutError,
    OverloadedError,
    RateLimitError,
)
from summarizer.ports.clock import Clock

T = TypeVar("T")

CLOCKS_DIFFER = dt.timedelta(hours=1)
"""Most that the server's clock may be behind the local one."""

MARGIN_S = 60.0
"""Seconds in which the server may still accept a batch after the sender's timeout."""

DOWNLOAD_S = 3_600.0
"""Most seconds for the results of a batch."""

ERRORS: dict[str, type[ModelError]] = {
    "rate_limit_error": RateLimitError,
    "overloaded_error": OverloadedError,
    "api_error": OverloadedError,
    "timeout_error": ModelTimeoutError,
}
"""Error class by type of an errored result; ``ModelRequestError`` for other types."""


class MessageBatches:
    """``BatchServer`` over the SDK."""

    def __init__(
        self,
        config: AnthropicConfig,
        clock: Clock,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Prepare a client; nothing is sent yet.

        Args:
            config: the server and the limits.
            clock: the time, for ``retry-after`` dates.
            sleep: waits that many seconds between attempts.
        """
        self._config = config
        self._clock = clock
        self._sleep = sleep
        self._sdk = connect(config)

    def close(self) -> None:
        """Close its connections."""
        self._sdk.close()

    @property
    def url(self) -> str:
        """Address of the server."""
        return self._config.url

    @property
    def longest_s(self) -> float:
        """Seconds after which a batch that is being sent was accepted or never will be."""
        return self._config.timeout_s + self._config.connect_timeout_s + MARGIN_S

    def submit(self, questions: Sequence[BatchedRequest]) -> str:
        """Send a batch; returns the server's id.

        Only a rate limit is retried: after other errors the server may have accepted the batch.
        """
        requests = [{"custom_id": q.id, "params": json.loads(q.request)} for q in questions]

        def send() -> MessageBatch:
            return self._sdk.messages.batches.create(requests=requests)  # type: ignore[arg-type]

        return self._asked(send, RateLimitError).id

    def find(self, batch: Batch, known: Sequence[str]) -> str | None:
        """Id of a batch whose sender was killed before it stored the id; ``None`` if not found.

        It is the newest batch with the same number of requests, created since ``batch`` was begun
        and not in ``known``.
        """
        since = batch.begun_at - CLOCKS_DIFFER

        def newest_first() -> str | None:
            for found in self._sdk.messages.batches.list():
                if found.created_at < since:
                    return None
                held = sum(found.request_counts.model_dump().values())
                if held == batch.requests and found.id not in known:
                    return found.id
            return None

        return self._asked(newest_first)

    def look(self, batch_id: str) -> Progress:
        """Progress of a batch."""
        return _progress(self._asked(lambda: self._sdk.messages.batches.retrieve(batch_id)))

    def cancel(self, batch_id: str) -> Progress:
        """Cancel a batch; answers that it has so far are kept."""
        return _progress(self._asked(lambda: self._sdk.messages.batches.cancel(batch_id)))

    def answers(self, batch_id: str, questions: Sequence[BatchedRequest]) -> Iterator[Answer]:
        """Answers of an ended batch to the questions, in any order."""
        left = {question.id for question in questions}
        download = Exchange.of(DOWNLOAD_S, LARGEST_ANSWER * max(len(left), 1))
        lines = self._asked(lambda: self._sdk.messages.batches.results(batch_id), within=download)
        try:
            for line in _under(download, lines):
                if line.custom_id in left:
                    left.remove(line.custom_id)
                    yield self._answer(line)
        except VENDOR_ERRORS as error:
            raise_ours(error, self._config, self._clock)
        except ValueError as error:
            raise ConnectionFailedError(
                f"{self.url}: the results of batch {batch_id} are not JSON Lines: {error}."
            ) from error
        for id_ in sorted(left):
            lost = OverloadedError("The results of the batch lack this request.")
            yield Answer(id_, "missing", error=lost)

    def _answer(self, line: MessageBatchIndividualResponse) -> Answer:
        result = line.result
        match result.type:
            case "succeeded":
                return self._succeeded(
                    line.custom_id, result.message.to_json(indent=None, warnings=False)
                )
            case "errored":
                said = result.error.error
                error = ERRORS.get(said.type, ModelRequestError)
                words = self._config.redact(f"The batch answered {said.type}: {said.message}")
                return Answer(line.custom_id, result.type, error=error(words))
            case "expired":
                expired = BatchExpiredError("The batch expired before this request.")
                return Answer(line.custom_id, result.type, error=expired)
            case _:
                canceled = BatchCanceledError("The batch was cancelled before this request.")
                return Answer(line.custom_id, "canceled", error=canceled)

    def _succeeded(self, id_: str, message: str) -> Answer:
        try:
            reply = Reply.parse(message)
        except ModelError as error:
            return Answer(id_, "succeeded", message, error=error)
        try:
            reply.check_finished(self._config.max_tokens)
        except ModelError as error:
            return Answer(id_, "succeeded", message, reply.cost, error)
        return Answer(id_, "succeeded", message, reply.cost)

    def _asked(
        self, send: Callable[[], T], *only: type[ModelError], within: Exchange | None = None
    ) -> T:
        """Result of ``send``, retried after transient errors, or after those in ``only``."""

        def once() -> T:
            try:
                with (within or Exchange.of(self._config.timeout_s)).running():
                    return send()
            except VENDOR_ERRORS as error:
                raise_ours(error, self._config, self._clock)

        again = retrying(self._config, self._clock, self._sleep, only or TRANSIENT)
        answer: T = again(once)
        return answer


def _under(exchange: Exchange, lines: Iterable[T]) -> Iterator[T]:
    """Lines of an answer, read within the limits of an exchange."""
    left = iter(lines)
    while True:
        with exchange.running():
            try:
                line = next(left)
            except StopIteration:
                return
        yield line


def _progress(batch: MessageBatch) -> Progress:
    return Progress(
        batch_id=batch.id,
        ended=batch.processing_status == "ended",
        counts={name: n for name, n in batch.request_counts.model_dump().items() if n},
    )
