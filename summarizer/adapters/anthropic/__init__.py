"""The drafter that asks a model over the Messages API, through the official SDK.

Importing this takes seconds, because the SDK and langchain-core do: import it only where a draft
by a model is wanted.
"""

from summarizer.adapters.anthropic.config import AnthropicConfig
from summarizer.adapters.anthropic.drafter import AnthropicDrafter

__all__ = ["AnthropicConfig", "AnthropicDrafter"]
