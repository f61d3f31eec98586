"""Output formats of an incident page: JSON, JSON-LD, Markdown, HTML and terminal."""

from summarizer.rendering.document import render_json
from summarizer.rendering.fingerprint import edition
from summarizer.rendering.html import render_course, render_html
from summarizer.rendering.jsonld import render_jsonld
from summarizer.rendering.markdown import render_markdown
from summarizer.rendering.schema import json_schema
from summarizer.rendering.terminal import render_terminal

__all__ = [
    "edition",
    "json_schema",
    "render_course",
    "render_html",
    "render_json",
    "render_jsonld",
    "render_markdown",
    "render_terminal",
]
