"""Print the JSON schema: ``python -m summarizer.rendering > docs/incident.schema.json``."""

from __future__ import annotations

import sys

from summarizer.rendering.schema import schema_text

sys.stdout.write(schema_text())
