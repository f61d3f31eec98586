"""The service as a client sees it that has to survive: restarts, limits, a network that fails."""

import random
import sys
import time
from typing import Any

import httpx

TRIES = 12  # over five minutes
LONGEST_PAUSE_S = 30


class Service:
    """Asks until there is an answer. Every request of this client may be sent twice."""

    def __init__(self, url: str, key: str | None):
        # A merged incident answers 308 with the one that it went into, hence the redirects.
        # The timeout is longer than the longest `wait`.
        self.http = httpx.Client(base_url=url, timeout=90, follow_redirects=True)
        if key:
            self.http.headers["Authorization"] = f"Bearer {key}"

    def ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        """Return the first answer that is neither "too much" nor a fault of the service."""
        for attempt in range(TRIES):
            pause = min(2.0**attempt, LONGEST_PAUSE_S)
            try:
                answer = self.http.request(method, path, **request)
            except httpx.TransportError as error:
                fault = repr(error)
            else:
                if answer.status_code in (401, 403):
                    raise SystemExit(f"The key will not do: {answer.text}")
                if answer.status_code != 429 and answer.status_code < 500:
                    return answer
                fault = f"{answer.status_code} {answer.text[:200]}"
                if (seconds := answer.headers.get("Retry-After", "")).isdecimal():
                    pause = float(seconds)
            pause *= random.uniform(1, 1.2)  # so that a crowd of clients does not come at once
            say(f"{method} {path}: {fault}. Again in {pause:.0f} s.")
            time.sleep(pause)
        raise SystemExit(f"{method} {path} was not answered {TRIES} times. Run it again later.")


def say(message: str) -> None:
    """Tell the operator."""
    print(message, file=sys.stderr, flush=True)
