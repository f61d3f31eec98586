"""Parsing of a message of the Messages API, from any server.

The SDK accepts any JSON as a message and returns other text as a string, so the body is validated
here.  Only the used fields are read, since servers omit and add fields.
"""

from __future__ import annotations

import logging
from typing import Annotated

from pydantic import BaseModel, BeforeValidator

from summarizer.domain.drafts import Usage
from summarizer.errors import ConnectionFailedError, CutOffError, RefusalError
from summarizer.text import strict_json

log = logging.getLogger(__name__)


MOST_TOKENS = 10_000_000
"""Tokens of one call above which a count is an error of the server."""


def _usable(count: object) -> int | None:
    """A count of tokens; ``None`` for what cannot be one, so that the answer can still be used."""
    whole = int(count) if isinstance(count, float) and count.is_integer() else count
    if isinstance(whole, int) and not isinstance(whole, bool) and 0 <= whole <= MOST_TOKENS:
        return whole
    if count is not None:
        log.warning("The server counts %.40r tokens, which is counted as none.", count)
    return None


_Count = Annotated[int | None, BeforeValidator(_usable)]


class _Tokens(BaseModel):
    """Token counts, each of which a server may omit."""

    input_tokens: _Count = None
    output_tokens: _Count = None
    cache_creation_input_tokens: _Count = None
    cache_read_input_tokens: _Count = None


def _object(usage: object) -> object:
    return usage if isinstance(usage, dict) else None


class _Block(BaseModel):
    type: str
    text: str | None = None


class _Refusal(BaseModel):
    explanation: str | None = None
    category: str | None = None


class Reply(BaseModel):
    """The used fields of a message."""

    content: list[_Block]
    stop_reason: str | None = None
    stop_details: _Refusal | None = None
    usage: Annotated[_Tokens | None, BeforeValidator(_object)] = None

    @classmethod
    def parse(cls, body: str) -> Reply:
        """Parse the body of an answer.

        Raises:
            ConnectionFailedError: the body is not a message, so another server answered.
        """
        try:
            return cls.model_validate(strict_json.loads(body))
        except ValueError as error:
            raise ConnectionFailedError(
                "The server's answer is not a message of the Messages API: "
                f"check ANTHROPIC_BASE_URL. It begins {body[:200]!r}"
            ) from error

    @property
    def text(self) -> str:
        """All text of the answer, without thinking."""
        return "".join(block.text or "" for block in self.content if block.type == "text")

    @property
    def cost(self) -> Usage:
        """Usage of the call; counts that the server omits, or that cannot be true, are 0."""
        counts = self.usage or _Tokens()
        return Usage(
            calls=1,
            input_tokens=counts.input_tokens or 0,
            output_tokens=counts.output_tokens or 0,
            cache_write_tokens=counts.cache_creation_input_tokens or 0,
            cache_read_tokens=counts.cache_read_input_tokens or 0,
        )

    def check_finished(self, max_tokens: int) -> None:
        """Check the stop reason; call it before using the text.

        Raises:
            RefusalError: the model refused.
            CutOffError: the answer or the context reached its token limit.
        """
        if self.stop_reason == "refusal":
            details = self.stop_details or _Refusal()
            why = details.explanation or details.category or "it gave no reason"
            raise RefusalError(f"The model refused to answer from this evidence: {why}")
        if self.stop_reason == "max_tokens":
            raise CutOffError(
                f"The answer was cut off at {max_tokens} tokens: raise "
                "SUMMARIZER_MAX_OUTPUT_TOKENS, lower SUMMARIZER_EFFORT, or use the parallel plan."
            )
        if self.stop_reason == "model_context_window_exceeded":
            raise CutOffError(
                "The answer was cut off because the model's context is full: lower "
                "SUMMARIZER_EVIDENCE_TOKENS."
            )
