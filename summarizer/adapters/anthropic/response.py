"""Parsing of a message of the Messages API, from any server.

The SDK accepts any JSON as a message and returns other text as a string, so the body is validated
here.  Only the used fields are read, since servers omit and add fields.
"""

from __future__ import annotations

from pydantic import BaseModel, ValidationError

from summarizer.domain.drafts import Usage
from summarizer.errors import ConnectionFailedError, CutOffError, RefusalError


class _Tokens(BaseModel):
    """Token counts, each of which a server may omit."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    cache_creation_input_tokens: int | None = None
    cache_read_input_tokens: int | None = None


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
    usage: _Tokens | None = None

    @classmethod
    def parse(cls, body: str) -> Reply:
        """Parse the body of an answer.

        Raises:
            ConnectionFailedError: the body is not a message, so another server answered.
        """
        try:
            return cls.model_validate_json(body)
        except ValidationError as error:
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
        """Usage of the call; counts that the server omits are 0."""
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
