"""The criterion of a forecast: a thing to look up on a day, which must state no fact of its own.

A reader takes the criterion for the newsroom's words, and no citation stands beside it.  So it says
nothing that the sentence and its passages don't: who publishes or decides, in the words of the
evidence or of the record, and when.
"""

from __future__ import annotations

from summarizer.domain.claims import Claim, Failure, VerdictLabel
from summarizer.text.names import NOT_NAMES, names
from summarizer.text.tokens import STOPWORDS, listed, read, stem, tokens
from summarizer.verification.evidence import CitedEvidence

_RECORD = frozenset(
    map(
        stem,
        listed(
            """
            public publicly publish published publication official officially record records
            register registry docket gazette minutes archive database list entry document documents
            filing file files filed report reports reported statement statements release releases
            released notice notices announce announces announced announcement press website page
            site account post posts posted news outlet outlets newspaper article coverage
            show shows shown say says state states stated name names contain include mention
            confirm confirms confirmed deny denies denied answer answers reply replies comment
            decide decides decided decision ruling rule rules ruled order orders ordered judgment
            verdict outcome result results vote votes voted approve approves approved reject rejects
            rejected adopt adopts adopted pass passes passed accept accepts grant grants granted
            dismiss dismisses dismissed adjourn postpone postponed delay delayed extend extended
            withdraw withdraws withdrawn issue issues issued hearing session meeting meet hold held
            take takes place happen happens occur begin begins end ends start starts open opens
            close closes launch launches resume resumes return returns continue continues stop stops
            finish finishes complete completes remain remains available effect force enter enters
            change changes update updates appear appears find findings preliminary final formal
            formally court judge regulator authority agency ministry minister government parliament
            council committee commission board panel office company firm organisation organization
            body spokesperson someone anyone nobody something anything sentence forecast criterion
            expectation true met date day week month year time deadline due next later
            """
        ),
    )
)
"""Stems with which a criterion may speak of what is published or decided, whatever the evidence."""


def criterion(claim: Claim, cited: CitedEvidence) -> list[Failure]:
    """Fail a criterion with a word that neither the sentence, nor what it cites, nor the language
    of records has; names that the evidence spells so, and the date to judge by, are known."""
    text = claim.criterion or ""
    if not cited.cited:
        return []
    told = [claim.text, cited.text, *(t for g in cited.cited for t in (g.title, *g.bylines))]
    known = _RECORD.union(*(read(source).stems for source in told), *_named(text, cited))
    known |= {str(part) for part in (claim.date.day, claim.date.year)} if claim.date else set()
    for token in tokens(text):
        common = token.norm in STOPWORDS or token.norm in NOT_NAMES
        if not common and stem(token.norm) not in known:
            reason = (
                "The criterion keeps to the words of the sentence and its passages; they don't "
                f'have "{token.text}".'
            )
            return [Failure(check="criterion", reason=reason, label=VerdictLabel.UNSUPPORTED)]
    return []


def _named(text: str, cited: CitedEvidence) -> list[tuple[str, ...]]:
    """The stems of names in a text that some passage or byline of the evidence spells the same."""
    everything = "\n".join(t for g in cited.known for t in (g.text, g.title, *g.bylines))
    spelled = (n.text.removesuffix("'s").removesuffix("’s") for n in names(text))
    return [read(name).stems for name in spelled if name in everything]
