"""``ClaimJudge`` over the Messages API: all claims of a draft in one call.

It sends the same rules and evidence as the drafter before its question, so that the server reads
them from the prompt cache.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence

from summarizer.adapters.anthropic.config import AnthropicConfig
from summarizer.adapters.anthropic.messages import Ledger, MessagesClient, Question
from summarizer.adapters.anthropic.prompt_blocks import judge_request, retry_turn
from summarizer.domain.batches import Outbox
from summarizer.domain.claims import Claim, JudgeVerdict
from summarizer.domain.drafts import Judgement
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.findings import PageFinding
from summarizer.drafting.judge_response import FORM, read_findings, read_verdicts
from summarizer.drafting.prompts import PromptSet
from summarizer.errors import CutOffError, RefusalError, SchemaError
from summarizer.ports.clock import Clock
from summarizer.ports.models import CallLog

log = logging.getLogger(__name__)


class AnthropicJudge:
    """``ClaimJudge`` over the Messages API."""

    def __init__(
        self,
        config: AnthropicConfig,
        prompts: PromptSet,
        clock: Clock,
        calls: CallLog | None = None,
        sleep: Callable[[float], None] = time.sleep,
        outbox: Outbox | None = None,
    ) -> None:
        """Prepare a judge, with the arguments of ``AnthropicDrafter``; nothing is sent yet."""
        self._config = config
        self._prompts = prompts
        self._client = MessagesClient(
            config, clock, sleep, calls, lambda error: retry_turn(prompts, error), outbox
        )

    def __repr__(self) -> str:
        return f"AnthropicJudge({self._config.model!r} at {self._config.url!r})"

    @property
    def name(self) -> str:
        """The model and the version of its prompt."""
        return f"{self._config.model}, prompt {self._prompts.judge_version}"

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def judge(
        self,
        pack: EvidencePack,
        claims: Sequence[Claim],
        questions: Mapping[str, Sequence[str]],
        page: Mapping[str, Sequence[str]] | None = None,
    ) -> Judgement:
        """Verdicts by claim id, and findings on the page; empty without a usable answer.

        Raises:
            ModelError: the server could not be asked.
            PromptError: the prompt lacks a variable.
        """
        if not claims:
            return Judgement(verdicts={})
        rendered = judge_request(self._prompts, pack, claims, questions, page)
        question = Question(purpose="judge", rendered=rendered)
        ledger = Ledger()
        ids = [claim.id for claim in claims]
        verdicts: dict[str, JudgeVerdict] = {}
        findings: tuple[PageFinding, ...] = ()
        try:
            verdicts = self._client.ask(question, lambda text: read_verdicts(text, ids), ledger)
            if page is not None:
                findings = read_findings(ledger.text, ids, [p.id for p in pack.passages])
        except (RefusalError, CutOffError, SchemaError) as error:
            why = str(error).replace(FORM, "").strip()  # which is meant for the model
            log.warning("%d claims were not judged: %s", len(claims), why)
        return Judgement(verdicts=verdicts, findings=findings, usage=ledger.usage)
