"""Incident summarizer: drafts incident pages and proves each sentence of them."""

__version__ = "0.1.0"
