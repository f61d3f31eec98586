"""Command line."""

from summarizer.cli.app import main

__all__ = ["main"]
