"""Client of the Messages API: sends, retries, reads and records calls.

An answer that does not fit its form is corrected once, with the reason.  While an outbox is open,
requests without a stored answer go there instead of being sent.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from anthropic import Omit, omit
from anthropic.types import MessageParam, OutputConfigParam, TextBlockParam

from summarizer import telemetry
from summarizer.adapters.anthropic.client import connect, raise_ours, retrying
from summarizer.adapters.anthropic.config import AnthropicConfig
from summarizer.adapters.anthropic.errors import VENDOR_ERRORS
from summarizer.adapters.anthropic.limits import Exchange
from summarizer.adapters.anthropic.prompt_blocks import Rendered
from summarizer.adapters.anthropic.response import Reply
from summarizer.domain.batches import ModelRequest, Outbox
from summarizer.domain.drafts import CallRecord, Usage
from summarizer.domain.model import Model
from summarizer.drafting.prompts import estimate_tokens
from summarizer.errors import DeferredError, ModelError, ModelTimeoutError, SchemaError
from summarizer.ports.clock import Clock
from summarizer.ports.deadline import seconds_left
from summarizer.ports.models import CallLog

T = TypeVar("T")


class Question(Model):
    """A request with its purpose.

    Args:
        purpose: ``draft``, ``repair`` or ``judge``.
        rendered: the prompt.
        correction: a former answer that did not fit the schema, and the reply to it.
    """

    purpose: str
    rendered: Rendered
    correction: tuple[str, str] | None = None

    @property
    def system(self) -> list[TextBlockParam]:
        """The shared prefix; each block ends with a mark of the prompt cache, of which the API
        takes four.  A prefix below the model's least length (512 to 4,096 tokens) is not cached."""
        return [
            {"type": "text", "text": text, "cache_control": {"type": "ephemeral"}}
            for text in self.rendered.system
        ]

    @property
    def messages(self) -> list[MessageParam]:
        """The user turn, with the correction if there is one."""
        turn: MessageParam = {"role": "user", "content": self.rendered.turn}
        if self.correction is None:
            return [turn]
        answer, reply = self.correction
        if not answer.strip():  # servers reject an empty turn
            return [{"role": "user", "content": f"{self.rendered.turn}\n\n{reply}"}]
        return [
            turn,
            {"role": "assistant", "content": answer.rstrip()},
            {"role": "user", "content": reply},
        ]


@dataclass
class Ledger:
    """Usage of all attempts at one question, and the text of the last answer."""

    usage: Usage = field(default_factory=Usage)
    text: str = ""


class MessagesClient:
    """Client of one server; thread-safe."""

    def __init__(
        self,
        config: AnthropicConfig,
        clock: Clock,
        sleep: Callable[[float], None],
        calls: CallLog | None,
        retry_turn: Callable[[str], str],
        outbox: Outbox | None = None,
    ) -> None:
        """Prepare a client; nothing is sent yet.

        Args:
            config: the server, the model and the limits.
            clock: the time, for records and for ``retry-after`` dates.
            sleep: waits that many seconds between attempts.
            calls: stores every call and its answer, which a repeated call reuses.
            retry_turn: reply to an answer that did not fit the schema, from the error.
            outbox: collects requests for a batch while it is open.
        """
        self._config = config
        self._clock = clock
        self._sleep = sleep
        self._calls = calls
        self._retry_turn = retry_turn
        self._outbox = outbox
        self._sdk = connect(config)

    def close(self) -> None:
        """Close the connections."""
        self._sdk.close()

    def ask(self, question: Question, read: Callable[[str], T], ledger: Ledger) -> T:
        """Ask until there is an answer that ``read`` accepts.

        Args:
            question: the request.
            read: parses the text of an answer; raises ``SchemaError``.
            ledger: gets the usage of all attempts, also of failed ones.

        Raises:
            DeferredError: the request was put into the open outbox.
            ModelError: no usable answer; the class says why.
        """
        try:
            return self._once(question, read, ledger)
        except SchemaError as error:
            correction = (ledger.text, self._retry_turn(str(error)))
        return self._once(question.model_copy(update={"correction": correction}), read, ledger)

    def _once(self, question: Question, read: Callable[[str], T], ledger: Ledger) -> T:
        body = self._body(question)
        key = _hash(self._config.url, body)
        stored = self._calls.find(key) if self._calls else None
        if stored is not None:
            # A stored answer that this version cannot read is asked for again.
            with contextlib.suppress(ModelError):
                ledger.text = Reply.parse(stored).text
                found = read(ledger.text)
                ledger.usage += Usage(cached_calls=1)
                return found
        if self._outbox is not None and self._outbox.is_open:
            self._outbox.lay(self._asked(question, body, key))
            raise DeferredError("The question waits for a batch.")
        again = retrying(self._config, self._clock, self._sleep)
        answer: T = again(self._traced, question, body, key, read, ledger)
        return answer

    def _asked(self, question: Question, body: dict[str, Any], key: str) -> ModelRequest:
        request = json.dumps(body, ensure_ascii=False)
        most = Usage(
            calls=1,
            input_tokens=estimate_tokens(request),
            output_tokens=self._config.max_tokens,
        )
        return ModelRequest(
            id=key,
            purpose=question.purpose,
            model=self._config.model,
            request=request,
            reserve=most,
        )

    def _traced(
        self,
        question: Question,
        body: dict[str, Any],
        key: str,
        read: Callable[[str], T],
        ledger: Ledger,
    ) -> T:
        """Send once, in its own span."""
        model, before = self._config.model, ledger.usage
        with telemetry.span("model call", model=model, purpose=question.purpose) as span:
            try:
                return self._send(question, body, key, read, ledger)
            finally:
                after = ledger.usage
                span.set("input_tokens", after.input_tokens - before.input_tokens)
                span.set("output_tokens", after.output_tokens - before.output_tokens)

    def _send(
        self,
        question: Question,
        body: dict[str, Any],
        key: str,
        read: Callable[[str], T],
        ledger: Ledger,
    ) -> T:
        """Send once, and record the call even if it fails."""
        started, usage, response = self._clock.now(), Usage(calls=1), None
        ledger.text = ""
        failure: str | None = "The call was interrupted."
        try:
            response = self._post(question)
            reply = Reply.parse(response)
            usage, ledger.text = reply.cost, reply.text
            reply.check_finished(self._config.max_tokens)
            answer = read(reply.text)
            failure = None
            return answer
        except ModelError as error:
            failure = str(error)
            raise
        finally:
            ledger.usage += usage
            self._record(question.purpose, body, key, started, response, usage, failure)

    def _post(self, question: Question) -> str:
        """The raw body of the server's answer."""
        seconds = min(self._config.timeout_s, seconds_left(self._clock))
        if seconds <= 0:
            raise ModelTimeoutError(
                "The time for this draft is over before every section was written. Try again: "
                "answers that came are stored. SUMMARIZER_DRAFT_TIMEOUT_S sets the time."
            )
        try:
            with Exchange.of(seconds).running():
                response = self._sdk.messages.with_raw_response.create(
                    model=self._config.model,
                    max_tokens=self._config.max_tokens,
                    system=question.system,
                    messages=question.messages,
                    output_config=self._output_config(),
                )
                return response.http_response.text
        except VENDOR_ERRORS as error:
            raise_ours(error, self._config, self._clock)

    def _output_config(self) -> OutputConfigParam | Omit:
        return omit if self._config.effort is None else {"effort": self._config.effort}

    def _body(self, question: Question) -> dict[str, Any]:
        """The request for the hash and the record; without the API key, which is in a header."""
        effort = self._config.effort
        return {
            "model": self._config.model,
            "max_tokens": self._config.max_tokens,
            "system": question.system,
            "messages": question.messages,
            **({} if effort is None else {"output_config": {"effort": effort}}),
        }

    def _record(
        self,
        purpose: str,
        body: dict[str, Any],
        key: str,
        started: datetime,
        response: str | None,
        usage: Usage,
        failure: str | None,
    ) -> None:
        if self._calls is None:
            return
        self._calls.record(
            CallRecord(
                request_hash=key,
                model=self._config.model,
                created_at=started,
                purpose=purpose,
                request=json.dumps(body, ensure_ascii=False),
                response=response,
                usage=usage,
                latency_ms=max(0, round((self._clock.now() - started).total_seconds() * 1000)),
                error=failure,
            )
        )


def _hash(url: str, body: dict[str, Any]) -> str:
    """Hash of a request and the server's address, since one model id may differ by server."""
    canonical = json.dumps([url, body], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
