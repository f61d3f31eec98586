"""A message of the Messages API as it comes back, from Anthropic's server or another.

It is read here and not by the SDK, which takes any JSON for a message and hands other text back
as a string.  Servers leave out much and add much: only what is used is looked at.
"""

from __future__ import annotations

from pydantic import BaseModel, ValidationError

from summarizer.domain.drafts import Usage
from summarizer.errors import ConnectionFailedError, CutOffError, RefusalError


class _Tokens(BaseModel):
    """Token counts as servers give them: any may be absent or null."""

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
    """The part of a message that is used."""

    content: list[_Block]
    stop_reason: str | None = None
    stop_details: _Refusal | None = None
    usage: _Tokens | None = None

    @classmethod
    def parse(cls, body: str) -> Reply:
        """Read the body of an answer.

        Raises:
            ConnectionFailedError: it is no message, so something else than a model answered.
        """
        try:
            return cls.model_validate_json(body)
        except ValidationError as error:
            raise ConnectionFailedError(
                "The server answered with something that is no message of the Messages API; "
                f"check ANTHROPIC_BASE_URL. It began {body[:200]!r}"
            ) from error

    @property
    def text(self) -> str:
        """All that the model wrote, without its thinking."""
        return "".join(block.text or "" for block in self.content if block.type == "text")

    @property
    def cost(self) -> Usage:
        """What the call cost, as far as the server says."""
        counts = self.usage or _Tokens()
        return Usage(
            calls=1,
            input_tokens=counts.input_tokens or 0,
            output_tokens=counts.output_tokens or 0,
            cache_write_tokens=counts.cache_creation_input_tokens or 0,
            cache_read_tokens=counts.cache_read_input_tokens or 0,
        )

    def check_finished(self, max_tokens: int) -> None:
        """Look at why the model stopped, before anything is made of what it wrote.

        Raises:
            RefusalError: it refused.
            CutOffError: it ran out of answer tokens or of context.
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
