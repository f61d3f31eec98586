"""One page, four formats: JSON, Markdown, HTML and the terminal, each a view of one document."""

from summarizer.rendering.html import render_html
from summarizer.rendering.json_page import render_json
from summarizer.rendering.markdown import render_markdown
from summarizer.rendering.schema import json_schema
from summarizer.rendering.terminal import render_terminal

__all__ = ["json_schema", "render_html", "render_json", "render_markdown", "render_terminal"]
