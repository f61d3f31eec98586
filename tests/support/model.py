"""How an adapter asks the model that a test plays on loopback."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pydantic import SecretStr

from summarizer.adapters.anthropic import AnthropicConfig
from summarizer.domain.drafts import CallRecord


def a_config(url: str, **fields: Any) -> AnthropicConfig:
    """A configuration for the server at that address, with four calls at once at most."""
    defaults: dict[str, Any] = {
        "api_key": SecretStr("sk-1"), "base_url": url, "model": "claude-haiku-5-5",
        "max_tokens": 4000, "timeout_s": 10, "max_attempts": 3, "max_retry_wait_s": 60,
        "plan": "single", "concurrency": 4,
    }  # fmt: skip
    return AnthropicConfig(**(defaults | fields))


@dataclass
class CallLog:
    """Calls kept in memory, as the port asks."""

    records: list[CallRecord] = field(default_factory=list)

    def find(self, request_hash: str) -> str | None:
        usable = [r for r in self.records if r.request_hash == request_hash and r.error is None]
        return usable[-1].response if usable else None

    def record(self, record: CallRecord) -> None:
        self.records.append(record)
