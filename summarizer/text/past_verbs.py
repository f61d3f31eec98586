"""Pattern of verbs in the past or the perfect, for patterns that ask for a time without a parse."""

from __future__ import annotations

import re

PAST = re.compile(
    r"\b(?:[a-z]{2,}ed|said|told|took|made|gave|went|came|found|left|kept|held|led|lost|met|paid|"
    r"ran|rose|fell|saw|sent|set|sold|spent|stood|sought|brought|bought|built|became|began|broke|"
    r"chose|cut|drew|fought|grew|hit|hurt|shut|spoke|stole|struck|threw|won|wrote|withdrew|was|"
    r"were|"
    r"had|did|put|let|read|knew|understood|has|have)\b"
)
