"""Rendering of prompts for an evidence pack into the system blocks and the user turn of a call.

The first block holds every rule of every task, so that it is the same in all requests for all
incidents.  The second holds the evidence, the same in all requests for one pack.  Both end with a
mark of the prompt cache.  The turn holds only the task.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from langchain_core.prompts import PromptTemplate

from summarizer.domain.claims import Claim
from summarizer.domain.drafts import Repair
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.model import Model
from summarizer.domain.sections import Limits, SectionSpec
from summarizer.drafting import judge_response, prompts
from summarizer.drafting.evidence_pack import near
from summarizer.drafting.neutral_text import neutralise
from summarizer.drafting.prompts import PromptSet
from summarizer.drafting.response import describe_failed, labels, outline
from summarizer.errors import PromptError
from summarizer.verification.recent_packs import remembered


class Rendered(Model):
    """A rendered prompt.

    Args:
        system: the rules, byte-identical in every request; then, unless the turn holds all that is
            needed, the evidence, byte-identical in every request for one pack.
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
        "outline": outline(spec.key for spec in sections),
    }
    turn = _fill(prompt_set.shared["task"], task)
    if instruction:
        wish = _fill(prompt_set.instruction, {"wish": neutralise(instruction)})
        turn = f"{turn}\n\n{wish}"
    return Rendered(system=(_rules(prompt_set), _evidence(prompt_set, pack)), turn=turn)


def repair_request(
    prompt_set: PromptSet, pack: EvidencePack, repairs: Sequence[Repair]
) -> Rendered:
    """Prompt to rewrite failed claims, with the passages near them in place of all evidence.

    Args:
        prompt_set: the prompts.
        pack: the evidence of the draft.
        repairs: the failed claims.

    Raises:
        PromptError: a template lacks a variable.
    """
    marks = labels(repairs)
    code = prompts.fence(pack)
    task = {
        "fence": code,
        "items": prompts.evidence(near(pack, repairs), code),
        "sentences": "\n\n".join(map(describe_failed, marks, repairs)),
        "outline": outline(marks[:1]),
    }
    return Rendered(system=(_rules(prompt_set),), turn=_fill(prompt_set.shared["repair"], task))


def judge_request(
    prompt_set: PromptSet,
    pack: EvidencePack,
    claims: Sequence[Claim],
    questions: Mapping[str, Sequence[str]],
    page: Mapping[str, Sequence[str]] | None = None,
) -> Rendered:
    """Prompt to judge each claim, after the same rules and evidence as for drafting.

    Args:
        prompt_set: the prompts.
        pack: the evidence of the draft.
        claims: the claims.
        questions: what checks found, in sentences, by claim id.
        page: ids of the claims by section, to be read as a page; ``None`` for claims of no page.

    Raises:
        PromptError: a template lacks a variable.
    """
    described = judge_response.describe(pack, claims, questions)
    task = {
        "count": f"{len(claims)} sentences" if len(claims) > 1 else "sentence",
        "code": judge_response.code(pack, described),
        "claims": described,
        "page": judge_response.describe_page(claims, page) if page else "",
        "last": str(len(claims)),
    }
    return Rendered(
        system=(_rules(prompt_set), _evidence(prompt_set, pack)),
        turn=_fill(prompt_set.shared["judge"], task),
    )


def retry_turn(prompt_set: PromptSet, error: str) -> str:
    """Reply to an answer that did not fit its form."""
    return _fill(prompt_set.shared["retry"], {"error": error})


def _rules(prompt_set: PromptSet) -> str:
    """The rules of all tasks and sections, which depend on the prompts alone."""
    shared = prompt_set.shared
    sections = (
        _fill(
            shared["section"],
            {
                "key": spec.key,
                "instruction": prompt_set.sections[spec.key].text,
                "claims": _claims(spec.limits),
                "max_words": str(spec.limits.max_words),
                "kinds": ", ".join(spec.limits.kinds),
            },
        )
        for spec in prompt_set.specs()
    )
    parts = {
        "sections": "\n\n".join(sections),
        "repairs": prompt_set.repairs,
        "judging": prompt_set.judge.text,
    }
    return _fill(shared["rules"], parts)


def _evidence(prompt_set: PromptSet, pack: EvidencePack) -> str:
    variables = {
        "fence": prompts.fence(pack),
        "left_out": str(pack.left_out),
        "items": _items(pack),
    }
    return _fill(prompt_set.shared["evidence"], variables)


@remembered
def _items(pack: EvidencePack) -> str:
    """The pack as all prompts of a draft show it."""
    return prompts.evidence(pack)


def _claims(limits: Limits) -> str:
    """How many claims a section may have; by the rules it may have none."""
    least, most = limits.min_claims, limits.max_claims
    if most == 1:
        return "one claim or none"
    return f"at most {most} claims" if least == 1 else f"{least} to {most} claims, or none"


def _fill(template: str, variables: Mapping[str, str]) -> str:
    # Not by ``invoke``, which would send the evidence to a tracer if the environment names one.
    try:
        return _template(template).format(**variables)
    except KeyError as error:
        raise PromptError(f"The prompt that begins {template[:40]!r}: {error}") from error


@lru_cache(maxsize=64)
def _template(text: str) -> PromptTemplate:
    return PromptTemplate.from_template(text)
