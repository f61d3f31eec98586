"""``Drafter`` that drafts and repairs with a model over the Messages API."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextvars import copy_context

from summarizer.adapters.anthropic.config import AnthropicConfig
from summarizer.adapters.anthropic.messages import Ledger, MessagesClient, Question
from summarizer.adapters.anthropic.prompt_blocks import draft_request, repair_request, retry_turn
from summarizer.domain.batches import Outbox
from summarizer.domain.drafts import DraftedSection, Drafting, Repair, Repairs, Usage
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.sections import SectionSpec
from summarizer.drafting.prompts import PromptSet
from summarizer.drafting.response import (
    NO_EVIDENCE,
    drafted_sections,
    labels,
    plan_calls,
    prompt_versions,
    read_answer,
    repaired_claims,
)
from summarizer.errors import CutOffError, RefusalError, SchemaError
from summarizer.ports.clock import Clock
from summarizer.ports.models import CallLog

log = logging.getLogger(__name__)

Part = tuple[tuple[DraftedSection, ...], Usage]
"""Sections of one call, with its usage."""


class AnthropicDrafter:
    """``Drafter`` over the Messages API."""

    name = "anthropic"

    def __init__(
        self,
        config: AnthropicConfig,
        prompts: PromptSet,
        clock: Clock,
        calls: CallLog | None = None,
        sleep: Callable[[float], None] = time.sleep,
        outbox: Outbox | None = None,
    ) -> None:
        """Prepare a drafter; nothing is sent yet.

        Args:
            config: the server, the model and the limits.
            prompts: the prompts.
            clock: the time, for records and for ``retry-after`` dates.
            calls: stores every call and its answer, which a repeated call reuses.
            sleep: waits that many seconds between attempts.
            outbox: collects requests for a batch while it is open.
        """
        self._config = config
        self._prompts = prompts
        self._client = MessagesClient(
            config, clock, sleep, calls, lambda error: retry_turn(prompts, error), outbox
        )

    def __repr__(self) -> str:
        return f"AnthropicDrafter({self._config.model!r} at {self._config.url!r})"

    @property
    def model(self) -> str:
        """Id of the model."""
        return self._config.model

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def draft(
        self,
        pack: EvidencePack,
        sections: Sequence[SectionSpec],
        on_section: Callable[[DraftedSection], None],
        instruction: str | None = None,
    ) -> Drafting:
        """Draft the sections by the configured plan.

        The instruction comes last in the user turn.  ``on_section`` is called in the caller's
        thread, in order of the answers.  If a call fails, running calls are waited for, so that the
        next attempt can reuse their answers.

        Raises:
            ModelError: a call has no usable answer.
            PromptError: a prompt lacks a variable.
        """
        if not pack.passages or not sections:
            parts: Iterator[Part] = iter([(_without_evidence(sections), Usage())])
        else:
            parts = self._parts(pack, sections, instruction)
        drafted: dict[str, DraftedSection] = {}
        usage = Usage()
        for part, cost in parts:
            usage += cost
            for section in part:
                drafted[section.key] = section
                on_section(section)
        return Drafting(sections=tuple(drafted[spec.key] for spec in sections), usage=usage)

    def repair(self, pack: EvidencePack, repairs: Sequence[Repair]) -> Repairs:
        """Rewrite failed claims in one call, with the passages near them.

        Without a usable answer no claim is repaired: they stay failed, and the draft goes on.

        Raises:
            ModelError: the server could not be asked.
            PromptError: a prompt lacks a variable.
        """
        if not repairs:
            return Repairs(claims={})
        expected = (*labels(repairs), *(repair.section for repair in repairs))
        question = Question(
            purpose="repair",
            rendered=repair_request(self._prompts, pack, repairs),
        )
        ledger = Ledger()
        try:
            claims = self._client.ask(
                question,
                lambda text: repaired_claims(read_answer(text, expected), repairs),
                ledger,
            )
        except (RefusalError, CutOffError, SchemaError) as error:
            log.warning("%d failed sentences were not repaired: %s", len(repairs), error)
            claims = {}
        return Repairs(claims=claims, usage=ledger.usage)

    def _parts(
        self, pack: EvidencePack, sections: Sequence[SectionSpec], instruction: str | None
    ) -> Iterator[Part]:
        """Parts in order of the answers; the first call runs alone, to write the prompt cache that
        the others read."""
        limit = self._config.concurrency
        first, *others = plan_calls(self._config.plan, sections, limit)
        yield self._draft_part(pack, first, instruction)
        # A pool rather than langchain's batch: parts reach the caller's thread as they complete.
        with ThreadPoolExecutor(max_workers=limit) as pool:
            running = [
                pool.submit(copy_context().run, self._draft_part, pack, group, instruction)
                for group in others
            ]
            for future in as_completed(running):
                if future.exception() is None:
                    yield future.result()
        for future in running:  # raise the first failure in page order, so that it is the same
            future.result()

    def _draft_part(
        self, pack: EvidencePack, sections: Sequence[SectionSpec], instruction: str | None
    ) -> Part:
        keys = [spec.key for spec in sections]
        versions = prompt_versions(self._prompts, keys)
        rendered = draft_request(self._prompts, pack, sections, instruction)
        question = Question(purpose="draft", rendered=rendered)
        ledger = Ledger()
        drafted = self._client.ask(
            question,
            lambda text: drafted_sections(read_answer(text, keys), keys, versions),
            ledger,
        )
        return drafted, ledger.usage


def _without_evidence(sections: Sequence[SectionSpec]) -> tuple[DraftedSection, ...]:
    return tuple(DraftedSection(key=spec.key, abstained=NO_EVIDENCE) for spec in sections)
