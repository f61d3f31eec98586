"""Billed input of one draft: by plan, with the judge, and with one repair; and time outside it.

    python benchmarks/draft_cost.py examples/items/varnway-shuttle-fine.jsonl

The model is a loopback server in its own process.  It answers at once with as many claims as a real
draft has, passages that could be a drafter's prose (no "we", no "on Monday"), and its judge refuses
each eighth of them once.  Tokens are the product's estimate; a
response schema, if one is sent, counts as input.  A cache write is billed at 1.25 and a read at 0.1
of the input price.  The rules are warm: another incident was drafted before.  The figures are those
of the product, not of a model.
"""

from __future__ import annotations

import argparse
import io
import itertools
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from evals.mock_server import (
    MessagesServer,
    Recorded,
    Reply,
    asked_claims,
    asked_keys,
    asked_labels,
    judges,
    passages,
    says,
)
from summarizer import settings
from summarizer.app import open_app
from summarizer.domain.drafts import CallRecord
from summarizer.ingestion.ingest import report
from summarizer.text.relative_days import relative_days
from summarizer.verification.checks import voice

WRITE, READ = 1.25, 0.1
"""Prices of writing and reading a token of the prompt cache, in tokens of input."""

LIMITS = {
    "title": (1, 14),
    "why_it_matters": (3, 35),
    "key_points": (6, 35),
    "explanation": (7, 35),
    "plain_language": (5, 12),
    "sides": (5, 35),
    "forecast": (2, 35),
    "timeline": (6, 28),
}
"""Claims of a real draft of ten items, and most words of one, by section."""

HEDGED = re.compile(r"\b(?:may|could|expects?|plans?|would)\b")
TAG = re.compile(r' key="(\w+)" outlet="([^"]*)".* published="(\d{4}-\d\d-\d\d)')
REFUSED = 8
"""The judge refuses each eighth sentence of a page, and none of a few repaired ones."""

OTHER_VERBS = {"said": "stated", "was": "had been", "were": "had been", "has": "had"}
VERB = re.compile(rf"\b(?:{'|'.join(OTHER_VERBS)})\b")

WARMING = b'{"title": "A gate", "text": "A gate fell on Monday. Nobody was hurt."}'


def main() -> None:
    """Draft the items of a file under each plan and without a model, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--latency", type=float, default=0.0, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        serve(OwnWords(asked.latency))
        return
    print("| plan | calls | pack | draft | + judge | + repair | output | seconds |")
    print("|---|---|---|---|---|---|---|---|")
    for plan in ("extractive", "single", "parallel"):
        measure(asked.file, plan)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nBilled input over the pack's tokens.  Peak memory: {peak:.0f} MiB")


def serve(answers: Answers) -> None:
    """Answer until standard input ends."""
    with MessagesServer(answers) as server:
        print(server.url, flush=True)
        sys.stdin.read()


class Answers:
    """Script of the server: a draft of real size, verdicts, repairs."""

    def __call__(self, request: Recorded) -> Reply:
        """The answer to one request."""
        if claims := asked_claims(request):
            whole = len(claims) > REFUSED
            return judges([_verdict(claim, whole) for claim in claims])
        texts = passages(request)
        if labels := asked_labels(request):
            cited = dict(zip(labels, texts.items(), strict=False))
            repaired = {r: (id_, self.text(text)) for r, (id_, text) in cited.items()}
            return says(
                {r: [{"text": text, "cites": [id_]}] for r, (id_, text) in repaired.items()}
            )
        tags = {key: found for key, *found in TAG.findall(_evidence(request))}
        drafted = {key: _claims(key, texts, tags) for key in asked_keys(request)}
        for claim in itertools.chain.from_iterable(drafted.values()):
            claim["text"] = self.text(claim["text"])
        return says(drafted)

    def text(self, passage: str) -> str:
        """The words of a claim that tells a passage."""
        return passage


class OwnWords(Answers):
    """The same claims in words of its own, each answer a fixed time after its request came.

    Args:
        latency: seconds from the request to the answer.
    """

    def __init__(self, latency: float) -> None:
        self._latency = latency

    def __call__(self, request: Recorded) -> Reply:
        """The answer to one request."""
        answer_at = time.perf_counter() + self._latency
        reply = super().__call__(request)
        return replace(reply, before=lambda: time.sleep(max(0.0, answer_at - time.perf_counter())))

    def text(self, passage: str) -> str:
        """A passage with its last addition left out, or with other verbs."""
        head, _, _ = passage.rpartition(", ")
        if len(head.split()) > 8:
            return f"{head}."
        return VERB.sub(lambda match: OTHER_VERBS[match[0]], passage)


def _evidence(request: Recorded) -> str:
    return str(request.body["system"][-1]["text"])


def _claims(
    section: str, texts: Mapping[str, str], tags: Mapping[str, list[str]]
) -> list[dict[str, Any]]:
    """Whole passages of fitting length as claims, with the fields of the section."""
    count, most = LIMITS[section]
    ids = list(texts)
    fit = [
        id_
        for id_ in ids
        if 6 < len(texts[id_].split()) <= most
        and not voice.check(texts[id_], headline=section == "title")
        and not relative_days(texts[id_])
        and (section != "forecast" or HEDGED.search(texts[id_]))
        and (section not in ("sides", "timeline") or id_.partition(".")[0] in tags)
    ]
    step = max(1, len(fit) // count)
    found = []
    for id_ in fit[::step][:count]:
        claim = {"text": texts[id_], "cites": [id_, ids[ids.index(id_) - 1]]}
        outlet, day = tags.get(id_.partition(".")[0], ["", ""])
        match section:
            case "sides":
                claim |= {"actor": outlet, "stance": "neutral", "position": "reports"}
            case "forecast":
                criterion = "The authority has published the report."
                claim |= {"kind": "prediction", "date": "2027-03-01", "probability": 0.6}
                claim |= {"criterion": criterion}
            case "timeline":
                claim |= {"date": day, "date_basis": "publication"}
        found.append(claim)
    return found


def _verdict(claim: Mapping[str, Any], whole: bool) -> dict[str, Any]:
    refused = whole and claim["claim"] % REFUSED == 0
    return {
        "claim": claim["claim"],
        "passage": claim["cites"][0] if isinstance(claim["cites"], list) else "a1.1",
        "reason": "The first passage says who did it, and the second gives the number.",
        "verdict": "partly" if refused else "supported",
    }


def measure(file: Path, plan: str) -> None:
    """Print one line of the table."""
    command = [sys.executable, __file__, "--serve"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        drafter = (
            {"drafter": "extractive"}
            if plan == "extractive"
            else {"drafter": "anthropic", "anthropic_base_url": url, "plan": plan}
        )
        with open_app(settings.load(**drafter), in_memory=True) as app, file.open("rb") as rows:
            pipeline, sent = app.pipeline, list[CallRecord]()
            calls = app.store.calls
            keep = calls.record
            vars(calls)["record"] = lambda record: [sent.append(record), keep(record)]
            warm = pipeline.gather(report(pipeline.ingest(io.BytesIO(WARMING))).keys).id
            pipeline.draft(warm)
            incident = pipeline.gather(report(pipeline.ingest(rows)).keys).id
            pack = pipeline.pack(incident).tokens
            sent.clear()
            started = time.perf_counter()
            pipeline.draft(incident)
            seconds = time.perf_counter() - started
        server.stdin.close()
    steps = [[c for c in sent if c.purpose == "draft"], *_judged_and_repaired(sent)]
    totals = itertools.accumulate(sum(map(billed, step)) / pack for step in steps)
    output = sum(call.usage.output_tokens for call in sent)
    cells = (plan, len(sent), pack, *(f"{total:.2f}" for total in totals), output)
    print("| " + " | ".join(map(str, cells)) + f" | {seconds:.2f} |", flush=True)


def _judged_and_repaired(sent: list[CallRecord]) -> tuple[list[CallRecord], list[CallRecord]]:
    """The calls to the judge before a repair; the repair with the calls to the judge after it."""
    later = [call for call in sent if call.purpose != "draft"]
    repair = next((n for n, call in enumerate(later) if call.purpose == "repair"), len(later))
    return later[:repair], later[repair:]


def billed(call: CallRecord) -> float:
    """Input of one call in tokens at the input price."""
    usage = call.usage
    read, written = READ * usage.cache_read_tokens, WRITE * usage.cache_write_tokens
    return usage.input_tokens + read + written


if __name__ == "__main__":
    main()
