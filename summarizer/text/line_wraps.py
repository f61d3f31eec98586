"""Lines that only the width of a page has broken, joined again.

E-mail, PDF and filings break lines inside sentences and hyphenate words.  A break is undone where
the sentence surely goes on; anywhere else it stays, because a false join makes a sentence that
nobody wrote.  Nothing is removed but whitespace, hyphens at line ends, and page numbers with
running headers inside a sentence.  Scripts without small letters stay as they are.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from summarizer.text.cache import cached_by_text
from summarizer.text.sentences import Span, sentences

FEWEST_WORDS = 4
"""Least words before a break that a sentence runs across; shorter lines are names and headings."""

FEWEST_WRAPS = 2
"""Least lines whose sentence surely goes on, from which a text counts as wrapped to a width."""

LEAST_WRAPPED = 1 / 3
"""Least share of such lines among all, 0–1: in wrapped prose three of four, in lists few."""

WIDEST = 130
"""Most characters of a wrapped line; longer ones are paragraphs."""

FULL = 0.85
"""Least share of the width that a full line has together with the next word: the characters of
print differ in width."""

RUNNING = 3
"""Least times that a running header of pages stands in a text, but for its digits."""

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_ENTRY = re.compile(r"(?:[-*•·▪◦‣+#]{1,9}\s|\(?(?:\d{1,2}|[a-z]|[ivx]{2,4})[.)]\s|\([A-Z]\)\s)")
_COLUMNS = re.compile(r"\S(?:\t| {3,})\S")
_FIELD = re.compile(r"(?<![\w-])[\w-]{1,40}(?: [\w-]{1,40}){0,4}:\s")
_ENDS = re.compile(r"[.!?…:][\"'”’)\]]*$")
_HYPHEN = re.compile(r"(?<=[^\W_])[-‐\xad–—]$|(?<=[A-Z]\.)-$")
_GOES_ON = re.compile(
    r"\b(?:a|an|the|of|to|in|for|with|by|at|from|and|or|as|that|which|who|whose|than|its|their|his"
    r"|her|is|are|was|were|has|have|had|been|will|would|Mr\.|Ms\.|Mrs\.|Dr\.|Gov\.|Sen\.|Rep\.|Prof\."
    r"|No\.|Judge|Mayor|President|Minister)$"
)
_OPENS = re.compile(
    r"[\"“'‘(\[]{0,4}(?:The|A|An|It|He|She|They|We|You|In|On|At|By|For|From|But|And|Or|So|If|As|When"
    r"|While|After|Before|This|That|These|Those|There|His|Her|Its|Their|Our|To|With|What|Who|How"
    r"|Why|Where|However|Meanwhile)\b"
)
_ADDRESS = re.compile(r"://|\w[.@]\w\w|^www\.")
_PAGE = re.compile(
    r"(?P<named>page \d{1,4}(?: ?(?:of|/) ?\d{1,4})?)|[-–—]? ?\d{1,4} ?[-–—]?"
    r"|\d{1,4} ?(?:of|/) ?\d{1,4}",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
_WORDS = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")
_LAST_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]++$")
_COMPOUND_BEFORE = re.compile(
    r"(?:well|self|half|full|long|short|high|all|vice|cross|much|first|second|third|one|two|three"
    r"|four|five|six|seven|eight|nine|ten|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|year|month"
    r"|week|anti|\w{2,20}ly|[etx])",
    re.IGNORECASE,
)
_COMPOUND_BEHIND = re.compile(
    r"(?:based|led|backed|owned|related|funded|sponsored|sized|minded|profit|profile|term|year|years"
    r"|month|week|hour|minute|mile|dollar|million|billion|general|elect|level|scale|speed|friendly"
    r"|controlled|dominated|motivated|driven|powered|linked|appointed|elected|approved|affiliated"
    r"|footed|handed|hearted|honou?red|built|winning|breaking|leaning|looking)\b"
)
_SAME_VOWEL = re.compile(r"(?:co-o|(?:re|pre|de)-e|(?:anti|semi)-i)")
_SUSPENDED = re.compile(r"(?:and|or|to)\b")


@dataclass(frozen=True)
class Unwrapped:
    """A text without wrapped lines, and where its characters were.

    Args:
        given: the text with its wraps.
        text: the joined text.
        pieces: for each verbatim piece its start in ``text`` and in ``given``, in order.
    """

    given: str
    text: str
    pieces: tuple[tuple[int, int], ...]

    @cached_property
    def _starts(self) -> list[int]:
        return [new for new, _ in self.pieces]

    def given_span(self, span: Span) -> Span:
        """The span of ``given`` of which a span of ``text`` that is not empty was made."""
        return Span(self._old(span.start), self._old(span.end - 1) + 1)

    def _old(self, at: int) -> int:
        new, old = self.pieces[bisect_right(self._starts, at) - 1]
        return old + at - new


@dataclass(frozen=True)
class _Line:
    """A line that is not blank, without the whitespace around it.

    Args:
        block: number of its group of lines without a blank line or a new page between them.
        page: number of its page, by form feeds.
        indent: characters of whitespace before it.
    """

    start: int
    end: int
    text: str
    block: int
    page: int
    indent: int

    @cached_property
    def stands_apart(self) -> bool:
        """Whether it is no prose: quoted mail, a row of a table, a rule, a number."""
        bare = not any(map(str.isalnum, self.text)) or _PAGE.fullmatch(self.text)
        return self.text[0] in ">|" or bool(bare or _COLUMNS.search(self.text))

    @cached_property
    def is_entry(self) -> bool:
        return _ENTRY.match(self.text) is not None

    @cached_property
    def starts_small(self) -> bool:
        """Whether it starts with a word in small letters, as the rest of a sentence does."""
        word = self.first_word.lstrip("\"“'‘([")
        return word[:1].islower() and not word[1:2].isupper() and not _ADDRESS.search(word)

    @cached_property
    def is_unfinished(self) -> bool:
        """Whether it ends with a word that ends no sentence."""
        return _GOES_ON.search(self.text, max(0, len(self.text) - 12)) is not None

    @cached_property
    def is_hyphenated(self) -> bool:
        """Whether it ends with a hyphen or a dash that belongs to a word."""
        return _HYPHEN.search(self.text, max(0, len(self.text) - 2)) is not None

    @cached_property
    def shouts(self) -> bool:
        return self.text.isupper()

    @cached_property
    def first_word(self) -> str:
        return self.text.split(maxsplit=1)[0]


@dataclass
class _Chain:
    """Lines joined so far."""

    first: _Line
    last: _Line
    words: int

    def add(self, line: _Line) -> None:
        self.last = line
        self.words += len(line.text.split())


@cached_by_text
def unwrap(text: str) -> Unwrapped:
    """The text with wrapped lines joined and their words mended; else the text unchanged."""
    lines = list(_lines(text))
    if len(lines) < 2:
        return Unwrapped(text, text, ((0, 0),))
    lines = _without_page_breaks(lines)
    pieces: list[tuple[int, int]] = []
    parts: list[str] = []
    length = begun = 0
    for before, line in _joined(lines, _widths(lines)):
        end, joint = _joint(before, line, text)
        pieces += [(length, begun), (length + end - begun, before.end)][: 1 + len(joint)]
        parts += [text[begun:end], joint]
        length += end - begun + len(joint)
        begun = line.start
    return Unwrapped(text, "".join([*parts, text[begun:]]), (*pieces, (length, begun)))


def _lines(text: str) -> Iterator[_Line]:
    block, page, behind = 0, 0, 0
    for found in _LINE.finditer(text):
        whole = found.group()
        bare = whole.strip()
        if not bare:
            continue
        start = found.start() + len(whole) - len(whole.lstrip())
        gap = text[behind : found.start()]
        page += "\f" in gap
        block += "\f" in gap or len(gap.replace("\r\n", "\n").replace(" ", "")) > 1
        yield _Line(start, start + len(bare), bare, block, page, start - found.start())
        behind = found.end()


def _joined(lines: Sequence[_Line], widths: dict[int, int]) -> Iterator[tuple[_Line, _Line]]:
    """Pairs of lines with a break between them that is undone."""
    chain: _Chain | None = None
    for line in lines:
        if chain is not None and _runs_on(chain, line, widths.get(line.block, 0)):
            yield chain.last, line
            chain.add(line)
        else:
            chain = _Chain(line, line, len(line.text.split()))


def _widths(lines: Sequence[_Line]) -> dict[int, int]:
    """The width to which each block is wrapped; a block that is not has none.

    It is the length of the longest line whose sentence surely goes on, of the block or, where that
    has too few breaks to tell, of the text.
    """
    breaks = Counter(line.block for line in lines)
    wrapped: dict[int, list[int]] = {}
    for before, line in _joined(lines, {}):
        if before.block == line.block:
            wrapped.setdefault(line.block, []).append(len(before.text))
    usual = _width([n for lengths in wrapped.values() for n in lengths], len(lines) - len(breaks))
    widths = {block: _width(wrapped.get(block, []), n - 1) or usual for block, n in breaks.items()}
    return {block: width for block, width in widths.items() if width}


def _width(wrapped: Sequence[int], breaks: int) -> int:
    """The width of a text from the lengths of lines whose sentence goes on; 0 if it has none.

    Args:
        wrapped: those lengths.
        breaks: number of all breaks.
    """
    enough = len(wrapped) >= max(FEWEST_WRAPS, LEAST_WRAPPED * breaks)
    return max(wrapped) if enough and max(wrapped) <= WIDEST else 0


def _runs_on(chain: _Chain, line: _Line, width: int) -> bool:
    """Whether the sentence of a chain of lines goes on in the next line.

    Args:
        chain: the lines before.
        line: the next line.
        width: the width to which its block is wrapped; 0 if unknown.
    """
    last = chain.last
    if line.is_entry or line.stands_apart or last.stands_apart or (last.shouts and not line.shouts):
        return False
    unfinished = chain.words >= FEWEST_WORDS and last.is_unfinished
    if last.block != line.block:
        return unfinished and line.starts_small
    if last.is_hyphenated:
        return True
    if line.starts_small and not (_FIELD.match(last.text) and _FIELD.match(line.text)):
        prose = chain.words >= FEWEST_WORDS and not chain.first.starts_small
        if unfinished or (prose and not _ends_between(last.text, line.text)):
            return True
    return (unfinished and not _OPENS.match(line.text)) or _fills(chain, line, width)


def _ends_between(before: str, behind: str) -> bool:
    """Whether a sentence ends between two lines."""
    tail = before[-60:]
    if not _ENDS.search(tail):
        return False
    return tail.endswith((":", "?", "!")) or any(
        span.end == len(tail) for span in sentences(f"{tail} {behind[:60]}")
    )


def _fills(chain: _Chain, line: _Line, width: int) -> bool:
    """Whether the next line's first word had no room, and the next line opens no sentence."""
    last = chain.last
    room = len(last.text) + 1 + len(line.first_word)
    full = FULL * width < room and last.indent + len(last.text) <= width / FULL
    deeper = line.indent > chain.last.indent + 1
    if not width or not full or deeper or chain.words < FEWEST_WORDS:
        return False
    return _ENDS.search(last.text) is not None or not _OPENS.match(line.text)


def _joint(before: _Line, line: _Line, text: str) -> tuple[int, str]:
    """Where the text before an undone break ends, and the space that replaces the break.

    Args:
        before: the line before the break.
        line: the line behind it.
        text: the whole text.
    """
    if not before.is_hyphenated or (before.text[-1] == "-" and _SUSPENDED.match(line.text)):
        return before.end, " "
    if before.text[-1] in "–—":
        return before.end, ""
    split = before.text.endswith("\xad") or _is_split(before.text[:-1], line.text, _words(text))
    return before.end - split, ""


@cached_by_text
def _words(text: str) -> frozenset[str]:
    """Words of a text in small letters, compounds as one."""
    return frozenset(_WORDS.findall(text.casefold()))


def _is_split(before: str, behind: str, words: frozenset[str]) -> bool:
    """Whether the hyphen between two texts only splits a word at the end of a line.

    The same word elsewhere in the text decides; else parts of usual compounds do.
    """
    left, right = _LAST_WORD.search(before), _WORDS.match(behind)
    whole = before.rsplit(maxsplit=1)[-1]
    if (
        left is None
        or right is None
        or not right[0][0].islower()
        or left[0] != whole.lstrip("\"“('‘")
    ):
        return False
    one, other = left[0].casefold(), right[0].casefold()
    if f"{one}-{other}" in words or (len(one) > 1 and left[0].isupper()):
        return False
    if one + other in words:
        return True
    usual = _COMPOUND_BEFORE.fullmatch(one) or _COMPOUND_BEHIND.match(other)
    return not (usual or _SAME_VOWEL.match(f"{one}-{other}"))


def _without_page_breaks(lines: Sequence[_Line]) -> list[_Line]:
    """Lines without the page numbers and running headers that stand inside a sentence."""
    shapes = Counter(_DIGITS.sub("0", line.text) for line in lines)
    kept: list[_Line] = []
    between: list[_Line] = []
    for line in lines:
        if _PAGE.fullmatch(line.text) or shapes[_DIGITS.sub("0", line.text)] >= RUNNING:
            between.append(line)
            continue
        if kept and _is_page_break(kept[-1], between, line):
            kept.append(replace(line, block=kept[-1].block))
        else:
            kept += [*between, line]
        between = []
    return kept + between


def _is_page_break(before: _Line, between: Sequence[_Line], line: _Line) -> bool:
    """Whether a sentence goes on behind a new page.

    A bare number is a page's only where blank lines part it from the sentence.
    """
    sides = {before.block, line.block}
    numbers = ((row, _PAGE.fullmatch(row.text)) for row in between)
    numbered = any(found and (found["named"] or row.block not in sides) for row, found in numbers)
    unfinished = len(before.text.split()) >= FEWEST_WORDS and not _ENDS.search(before.text)
    return (numbered or line.page > before.page) and unfinished and line.starts_small
