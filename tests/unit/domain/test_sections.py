"""A section is one registry row and one prompt file, and is spelled nowhere else."""

import ast
from pathlib import Path

import pytest

from summarizer.domain import sections
from summarizer.domain.items import NewItem
from summarizer.domain.sections import ROWS, Layout
from summarizer.errors import PromptError

ROOT = Path(__file__).parents[3]
CODE = sorted(f for folder in ("summarizer", "api", "evals") for f in (ROOT / folder).rglob("*.py"))
ORDINARY = {layout.value for layout in Layout} | set(NewItem.model_fields)
"""Words that mean something else too: layouts, and fields of an item."""

FRONT_MATTER = {
    "version": 1,
    "max_claims": 3,
    "max_words": 30,
    "kinds": ["fact"],
    "query": "what happened",
}


def test_no_section_is_spelled_in_code():
    keys = set(ROWS) - ORDINARY
    spelled = [
        (file.relative_to(ROOT), node.lineno, node.value)
        for file in CODE
        if file.name != "sections.py"
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in keys
    ]

    assert len(keys) >= 4
    assert spelled == []


@pytest.mark.parametrize(
    ("front_matter", "says"),
    [
        (dict.fromkeys(list(ROWS)[1:], FRONT_MATTER), "title"),
        (dict.fromkeys([*ROWS, "weather"], FRONT_MATTER), "weather"),
        (dict.fromkeys(ROWS, FRONT_MATTER | {"max_claims": 0}), "max_claims"),
        (dict.fromkeys(ROWS, FRONT_MATTER | {"colour": "red"}), "colour"),
    ],
)
def test_a_registry_and_prompts_that_do_not_match_are_refused(front_matter, says):
    with pytest.raises(PromptError, match=says):
        sections.specs(front_matter)
