"""Configuration of the adapter, which reads no environment itself."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr, field_validator

from summarizer.domain.model import Model
from summarizer.drafting.response import Plan
from summarizer.errors import SettingsError

ANTHROPIC = "https://api.anthropic.com"

NO_KEY = "none"
"""Key that is sent without an ``api_key``; else the SDK would look for credentials on disk."""


class AnthropicConfig(Model):
    """Server, model and limits.

    Args:
        api_key: ``None`` for a server without keys.
        base_url: address of a server of the Messages API; ``None`` for Anthropic's own.
        model: id of the model.
        effort: thinking effort; ``None`` for the server's default.
        max_tokens: most tokens of one answer, thinking included.
        timeout_s: most seconds of one attempt, from the connection to the end of the answer.
        connect_timeout_s: seconds to wait for a connection.
        max_attempts: most attempts of one request.
        max_retry_wait_s: longest wait between attempts, even if the server asks for more.
        plan: distribution of sections over calls.
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
                "ANTHROPIC_API_KEY has white space or characters that cannot be sent in a "
                "header: copy it again."
            )
        return key if secret else None

    @property
    def url(self) -> str:
        """The server's address, always passed to the SDK so that it reads no environment."""
        return self.base_url or ANTHROPIC

    @property
    def key(self) -> str:
        """The key in clear text, or ``NO_KEY``."""
        return self.api_key.get_secret_value() if self.api_key else NO_KEY

    def redact(self, text: str) -> str:
        """A text with the key masked, which a server may have echoed in an error."""
        secret = self.api_key.get_secret_value() if self.api_key else ""
        return text.replace(secret, "***") if secret else text
