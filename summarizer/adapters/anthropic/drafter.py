"""Drafting and repairing by a model: which calls are made, in which order, and what they return."""

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
from summarizer.storage.model_calls import CallLog

log = logging.getLogger(__name__)

Part = tuple[tuple[DraftedSection, ...], Usage]


class AnthropicDrafter:
    """Drafts with a model behind the Messages API."""

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
        """Prepare to ask; nothing is sent yet.

        Args:
            config: the server, the model and the limits.
            prompts: what to say.
            clock: the time, for records and for ``retry-after`` dates.
            calls: keeps every call and answers one that was made before.
            sleep: waits that many seconds between attempts.
            outbox: where questions wait for a batch while it is open.
        """
        self._config = config
        self._prompts = prompts
        self._specs = prompts.specs()
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
        """Close its connections."""
        self._client.close()

    def draft(
        self,
        pack: EvidencePack,
        sections: Sequence[SectionSpec],
        on_section: Callable[[DraftedSection], None],
        instruction: str | None = None,
    ) -> Drafting:
        """Draft the sections by the configured plan.

        An instruction is said last in the user turn, after all that it cannot change.

        ``on_section`` is called in the caller's thread, in the order in which answers arrive.
        When a call fails, those under way are waited for, so that their answers are kept for the
        next attempt, and nothing half-made is returned.

        Raises:
            ModelError: a call brought no usable answer.
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
        """Rewrite failed claims in one call behind the same cached prefix.

        An answer that cannot be used gives all of them up: they are then withheld with the
        reasons that they already have, and the rest of the draft stands.

        Raises:
            ModelError: the server could not be asked.
            PromptError: a prompt lacks a variable.
        """
        if not repairs:
            return Repairs(claims={})
        expected = (*labels(repairs), *(repair.section for repair in repairs))
        question = Question(
            purpose="repair",
            rendered=repair_request(self._prompts, pack, self._specs, repairs),
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
        """Answers as they arrive: the first call alone, so that it writes the cache that the
        others read, then the others at once."""
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
        for future in running:  # the first failure in the order of the page, whichever came first
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
