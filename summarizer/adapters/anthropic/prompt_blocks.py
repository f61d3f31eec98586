"""Rendering of prompts for an evidence pack into the system blocks and the user turn of a call."""

from __future__ import annotations

from collections.abc import Sequence

from langchain_core.prompts import ChatPromptTemplate, PromptTemplate
from langsmith import tracing_context

from summarizer.domain.claims import Claim
from summarizer.domain.drafts import Repair
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.model import Model
from summarizer.domain.sections import SectionSpec
from summarizer.drafting import judge_response, prompts
from summarizer.drafting.prompts import PromptSet
from summarizer.drafting.response import describe_failed, labels, outline
from summarizer.errors import PromptError


class Rendered(Model):
    """A rendered prompt.

    Args:
        system: rules, then evidence; byte-identical in every request for one pack.
        turn: the user turn.
    """

    system: tuple[str, ...]
    turn: str


def draft_request(
    prompt_set: PromptSet,
    pack: EvidencePack,
    sections: Sequence[SectionSpec],
    instruction: str | None = None,
) -> Rendered:
    """Prompt to draft sections; an editor's instruction comes last.

    Raises:
        PromptError: a template lacks a variable.
    """
    task = {
        "count": f"{len(sections)} sections" if len(sections) > 1 else "section",
        "keys": ", ".join(spec.key for spec in sections),
        "sections": _instructions(prompt_set, sections),
        "outline": outline(spec.key for spec in sections),
    }
    asked = _render(prompt_set, pack, ("_task.md", prompt_set.shared["task"]), task)
    if not instruction:
        return asked
    wish = _fill(prompt_set.instruction, {"wish": prompts.neutralise(instruction)})
    return asked.model_copy(update={"turn": f"{asked.turn}\n\n{wish}"})


def repair_request(
    prompt_set: PromptSet,
    pack: EvidencePack,
    sections: Sequence[SectionSpec],
    repairs: Sequence[Repair],
) -> Rendered:
    """Prompt to rewrite failed claims.

    Args:
        prompt_set: the prompts.
        pack: the evidence of the draft.
        sections: all sections; instructions of sections with a repair are included.
        repairs: the failed claims.

    Raises:
        PromptError: a template lacks a variable.
    """
    marks = labels(repairs)
    concerned = {repair.section for repair in repairs}
    task = {
        "sentences": "\n\n".join(map(describe_failed, marks, repairs)),
        "sections": _instructions(prompt_set, [s for s in sections if s.key in concerned]),
        "outline": outline(marks),
    }
    return _render(prompt_set, pack, ("_repair.md", prompt_set.shared["repair"]), task)


def judge_request(prompt_set: PromptSet, pack: EvidencePack, claims: Sequence[Claim]) -> Rendered:
    """Prompt to judge each claim, after the same rules and evidence as for drafting.

    Raises:
        PromptError: a template lacks a variable.
    """
    task = {
        "count": f"{len(claims)} sentences" if len(claims) > 1 else "one sentence",
        "code": judge_response.code(pack, claims),
        "claims": judge_response.describe(claims),
        "outline": judge_response.outline(len(claims)),
    }
    return _render(prompt_set, pack, (prompts.JUDGE, prompt_set.judge.text), task)


def retry_turn(prompt_set: PromptSet, error: str) -> str:
    """Reply to an answer that did not fit the schema."""
    return _fill(prompt_set.shared["retry"], {"error": error})


def _instructions(prompt_set: PromptSet, sections: Sequence[SectionSpec]) -> str:
    template = prompt_set.shared["section"]
    return "\n\n".join(
        _fill(
            template,
            {
                "key": spec.key,
                "instruction": prompt_set.sections[spec.key].text,
                "min_claims": str(spec.limits.min_claims),
                "max_claims": str(spec.limits.max_claims),
                "max_words": str(spec.limits.max_words),
                "kinds": " or ".join(spec.limits.kinds),
            },
        )
        for spec in sections
    )


def _render(
    prompt_set: PromptSet, pack: EvidencePack, asked: tuple[str, str], task: dict[str, str]
) -> Rendered:
    """Render the shared prefix and the user turn; ``asked`` is its file name and template."""
    shared, (file, template) = prompt_set.shared, asked
    chat = ChatPromptTemplate.from_messages(
        [("system", shared["rules"]), ("system", shared["evidence"]), ("human", template)]
    )
    pack_variables = {
        "fence": prompts.fence(pack),
        "left_out": str(pack.left_out),
        "items": prompts.evidence(pack),
    }
    # Tracing is off, even if the environment enables it: a trace would send the evidence away.
    with tracing_context(enabled=False):
        try:
            *system, turn = chat.invoke(pack_variables | task).to_messages()
        except KeyError as error:
            raise PromptError(f"The prompt '{file}': {error}") from error
    return Rendered(system=tuple(str(m.content) for m in system), turn=str(turn.content))


def _fill(template: str, variables: dict[str, str]) -> str:
    with tracing_context(enabled=False):
        try:
            return PromptTemplate.from_template(template).invoke(variables).to_string()
        except KeyError as error:
            raise PromptError(f"The prompt that begins {template[:40]!r}: {error}") from error
