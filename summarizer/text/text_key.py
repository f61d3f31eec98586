"""Keys of texts, equal for texts that a reader takes for the same."""

from __future__ import annotations

import unicodedata
from hashlib import blake2b

from summarizer.text.cache import cached_by_text

_UNIFIED = str.maketrans("‘’‚‛“”„‟‐‑‒–—―−", "''''\"\"\"\"-------")


@cached_by_text
def text_key(text: str) -> str:
    """Hash of a text without letter case, typographic variants and spacing.

    Punctuation and signs count, so that a correction from "$5" to "£5" is another text.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_UNIFIED).casefold()
    return blake2b(" ".join(plain.split()).encode("utf-8"), digest_size=16).hexdigest()
