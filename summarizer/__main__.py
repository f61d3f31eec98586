"""``python -m summarizer`` is ``summarizer``."""

from summarizer.cli import main

main()
