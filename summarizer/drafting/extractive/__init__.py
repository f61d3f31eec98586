"""A drafter without a model: it selects, trims and orders source sentences.

Read ``drafter`` first, then ``sentences`` (which sentences may be used at all), ``ranking``
(which of them matter) and one composer (``prose``, ``headline``, ``sides``, ``forecast``,
``timeline``).  Everything is a pure function of the evidence pack, so that the same pack gives
the same draft, byte for byte.
"""

from summarizer.drafting.extractive.drafter import ExtractiveDrafter

__all__ = ["ExtractiveDrafter"]
