"""The command line: the operations of the pipeline under the same names, and nothing else."""

from summarizer.cli.app import main

__all__ = ["main"]
