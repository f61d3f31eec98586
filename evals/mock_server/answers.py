"""Replies of the server, and answers of a drafting model."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from evals.mock_server.requests import Recorded, Reply

ERROR_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    413: "invalid_request_error",
    429: "rate_limit_error",
    500: "api_error",
    529: "overloaded_error",
}


def message(text: str, stop_reason: str = "end_turn", **fields: Any) -> Reply:
    """A message with a text."""
    return Reply(
        body={
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": "loopback",
            "content": [{"type": "text", "text": text}],
            "stop_reason": stop_reason,
            "stop_sequence": None,
        }
        | fields
    )


def drafting_answer(sections: Mapping[str, Sequence[str | Mapping[str, Any]]]) -> str:
    """JSON of a drafting answer; a string as a claim is a fact that cites ``a1.1``."""
    return json.dumps(
        {"sections": [{"key": k, "claims": [_claim(c) for c in v]} for k, v in sections.items()]}
    )


def says(sections: Mapping[str, Sequence[str | Mapping[str, Any]]]) -> Reply:
    """A message with a drafting answer."""
    return message(drafting_answer(sections))


def any_answer(request: Recorded) -> Reply:
    """One claim for each requested section or label, citing the first passage."""
    claim = {"text": "Something happened.", "cites": passage_ids(request)[:1]}
    return says({key: [claim] for key in asked_labels(request) or asked_keys(request)})


def copied_answer(request: Recorded, claims: int = 3, first: int = 0) -> Reply:
    """Copied passages as claims of each requested section or label, starting at ``first``."""
    texts = list(passages(request).items())
    copied = dict(texts[(first + n) % len(texts)] for n in range(claims))
    answer = [{"text": text, "cites": [id_]} for id_, text in copied.items()]
    return says(dict.fromkeys(asked_labels(request) or asked_keys(request), answer))


def asked_keys(request: Recorded) -> list[str]:
    """Keys of the requested sections."""
    return re.findall(r'\{"key": "([a-z_]+)", "claims": \[ … \]\}', request.turn)


def asked_claims(request: Recorded) -> list[dict[str, Any]]:
    """The claims that a request asks a verdict on, in order."""
    return [json.loads(line) for line in re.findall(r'^\{"claim":.*\}$', request.turn, re.M)]


def judges(
    verdicts: Sequence[Mapping[str, Any]], findings: Sequence[Mapping[str, Any]] = ()
) -> Reply:
    """A message with a judge's answer."""
    answer = {"verdicts": list(verdicts), "findings": list(findings)}
    return message(json.dumps(answer, ensure_ascii=False))


def all_supported(request: Recorded) -> Reply:
    """A judge's answer that supports every claim."""
    return judges(
        [
            {"claim": claim["claim"], "reason": "The passage says so.", "verdict": "supported"}
            for claim in asked_claims(request)
        ]
    )


def asked_labels(request: Recorded) -> list[str]:
    """Labels of the failed sentences in a repair request."""
    return re.findall(r"^## (r\d+), of section", request.turn, re.M)


def passage_ids(request: Recorded) -> list[str]:
    """Ids of the passages in a request, in order."""
    return list(passages(request))


def passages(request: Recorded) -> dict[str, str]:
    """Text of the passages in a request by id, in order."""
    blocks = [block["text"] for block in request.body["system"]]
    text = "\n".join((*blocks, request.turn))
    return dict(re.findall(r"^\[([a-z]+\d+\.\d+)\] (.*)$", text, re.M))


def error(status: int, said: str = "No.", **headers: str) -> Reply:
    """An API error; keyword arguments become headers: ``retry_after="7"``."""
    return Reply(
        status,
        {"type": "error", "error": {"type": ERROR_TYPES[status], "message": said}},
        {name.replace("_", "-"): value for name, value in headers.items()},
    )


def expired() -> Reply:
    """Result of an expired request of a batch."""
    return Reply(body={"type": "expired"})


def cut_off_by_limit(text: str) -> Reply:
    """An answer that reached ``max_tokens``."""
    return message(text, "max_tokens")


def refusal(why: str) -> Reply:
    """A refusal with its explanation."""
    details = dict(type="refusal", category=None, explanation=why)
    return message("", "refusal", stop_details=details)


def cut_off_body() -> Reply:
    """A message whose connection closes after half of its body."""
    return Reply(body=message("x" * 2000).body, sent=0.5)


def garbage(body: bytes = b'{"type": "mess', content_type: str = "application/json") -> Reply:
    """Status 200 with a body that is not a message."""
    return Reply(body=body, headers={"content-type": content_type})


def never() -> Reply:
    """No reply until the client times out."""
    return Reply(held=True)


def _claim(said: str | Mapping[str, Any]) -> dict[str, Any]:
    fields = {"text": said} if isinstance(said, str) else dict(said)
    return {"cites": ["a1.1"], "kind": "fact"} | fields
