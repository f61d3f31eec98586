"""Every relative link and anchor of the documentation leads somewhere."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    page
    for pattern in ("README.md", "CHANGELOG.md", "docs/**/*.md", "examples/**/README.md")
    for page in ROOT.glob(pattern)
)
MARKDOWN = MarkdownIt("commonmark").enable("table")


@cache
def tokens(page: Path) -> tuple[Token, ...]:
    return tuple(MARKDOWN.parse(page.read_text(encoding="utf-8")))


def links(page: Path) -> Iterator[str]:
    """Targets of links and images, with the schemes and hosts of others left out."""
    for block in tokens(page):
        for token in block.children or ():
            target = str(token.attrs.get("href") or token.attrs.get("src") or "")
            if target and not re.match(r"[a-z][a-z0-9+.-]*:|//", target, re.I):
                yield target


@cache
def anchors(page: Path) -> frozenset[str]:
    """Anchors of a page's headings, as GitHub and the site make them."""
    found: set[str] = set()
    for opening, inline in zip(tokens(page), tokens(page)[1:], strict=False):
        if opening.type != "heading_open":
            continue
        text = "".join(part.content for part in inline.children or ())
        slug = re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-")
        count, anchor = 0, slug
        while anchor in found:
            count += 1
            anchor = f"{slug}-{count}"
        found.add(anchor)
    return frozenset(found)


def fault(page: Path, link: str) -> str | None:
    path, _, anchor = unquote(link).partition("#")
    target = (page.parent / path).resolve() if path else page
    if not target.is_relative_to(ROOT):
        return "outside the repository"
    if not target.is_file():
        return "no such file"
    if anchor and target.suffix == ".md" and anchor not in anchors(target):
        return f"no such heading; there are {', '.join(sorted(anchors(target)))}"
    return None


def test_every_link_of_the_documentation_leads_somewhere():
    checked = [(page, link) for page in PAGES for link in links(page)]
    broken = [(page, link, why) for page, link in checked if (why := fault(page, link))]
    table = "\n".join(f"| {p.relative_to(ROOT)} | {link} | {why} |" for p, link, why in broken)

    assert len(checked) > 50
    assert not broken, f"broken links:\n| page | link | why |\n|---|---|---|\n{table}"
