"""Drafting and judging with a model over the Messages API, through the official SDK.

Import it lazily: the SDK and langchain-core take seconds to import.
"""

from summarizer.adapters.anthropic.config import AnthropicConfig
from summarizer.adapters.anthropic.drafter import AnthropicDrafter

__all__ = ["AnthropicConfig", "AnthropicDrafter"]
