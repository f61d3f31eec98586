"""What the adapter must be told; it reads no environment of its own."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr, field_validator

from summarizer.domain.model import Model
from summarizer.drafting.response import Plan
from summarizer.errors import SettingsError

ANTHROPIC = "https://api.anthropic.com"

NO_KEY = "none"
"""Sent as the key when there is none: without one the SDK looks for credentials on disk."""


class AnthropicConfig(Model):
    """Where and how a model is asked.

    Args:
        api_key: ``None`` for a server that wants no key.
        base_url: any server that speaks the Messages API; ``None`` for Anthropic's own.
        model: id of the model.
        effort: how much it may think; ``None`` leaves it to the server.
        max_tokens: most tokens of one answer, thinking included.
        timeout_s: seconds without a byte from the server after which a call is given up.
        connect_timeout_s: seconds to wait for a connection.
        max_attempts: most times that one request is sent.
        max_retry_wait_s: longest wait before it is sent again, whatever the server asks.
        plan: which sections go into which call.
        concurrency: most calls at one time.
    """

    api_key: SecretStr | None
    base_url: str | None = None
    model: str
    effort: Literal["low", "medium", "high", "xhigh", "max"] | None = None
    max_tokens: int = Field(ge=1)
    timeout_s: float = Field(gt=0)
    connect_timeout_s: float = Field(default=10, gt=0)
    max_attempts: int = Field(ge=1)
    max_retry_wait_s: float = Field(ge=0)
    plan: Plan
    concurrency: int = Field(ge=1)

    @field_validator("api_key")
    @classmethod
    def _fits_a_header(cls, key: SecretStr | None) -> SecretStr | None:
        secret = key.get_secret_value() if key else ""
        if not (secret.isascii() and secret.isprintable() and secret == secret.strip()):
            raise SettingsError(
                "ANTHROPIC_API_KEY holds white space or characters that cannot be sent in a "
                "header: copy it again."
            )
        return key if secret else None

    @property
    def url(self) -> str:
        """The server's address, always given to the SDK so that it reads none itself."""
        return self.base_url or ANTHROPIC

    @property
    def key(self) -> str:
        """The key in the clear, or its stand-in."""
        return self.api_key.get_secret_value() if self.api_key else NO_KEY

    def redact(self, text: str) -> str:
        """A text without the key, which a server may have echoed in an error."""
        secret = self.api_key.get_secret_value() if self.api_key else ""
        return text.replace(secret, "***") if secret else text
