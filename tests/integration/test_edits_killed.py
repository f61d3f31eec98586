"""A service that is killed while an editor saves: nothing acknowledged is lost, nothing is half."""

from __future__ import annotations

import random
import subprocess
import threading

import httpx
import pytest

from evals.mock_server import MessagesServer, copied_answer
from tests.integration.test_jobs_killed import LONG, served

ROW = (
    b'{"id": "1", "title": "The ferry Dawn", "text": "The ferry Dawn stood still for nine days. '
    b'A pump had failed. The harbour office ordered an inspection. Its owner paid for it."}'
)
KILLS = 3
CHANCE = random.Random(20261124)


class Editor:
    """Reorders and locks one section as fast as the service answers, until it dies.

    ``acknowledged`` holds the etag of the section after each change that was answered, in order;
    ``open`` whether a change was sent that was not.
    """

    def __init__(self, client: httpx.Client, incident: str, seen: threading.Semaphore) -> None:
        self.client = client
        self.path = f"/v1/incidents/{incident}"
        self.acknowledged: list[tuple[str, tuple[str, ...]]] = []
        self.seen = seen

    def work(self) -> None:
        try:
            section = self.section()
            while True:
                ids = [claim["id"] for claim in section["claims"]]
                edits = [{"id": id_} for id_ in (*ids[1:], *ids[:1])]
                answer = self.client.patch(
                    f"{self.path}/sections/{section['key']}",
                    json={"edits": edits},
                    headers={"If-Match": f'"{section["etag"]}"'},
                )
                section = answer.json()
                assert answer.status_code == 200, section
                self.acknowledged.append((section["etag"], texts(section)))
                self.seen.release()
        except httpx.TransportError:
            return  # the service was killed

    def section(self) -> dict:
        draft = self.client.get(f"{self.path}/draft").json()
        return max(draft["sections"], key=lambda s: len(s["claims"]))


def texts(section: dict) -> tuple[str, ...]:
    return tuple(claim["text"] for claim in section["claims"])


def edited_until_killed(
    process: subprocess.Popen[bytes], client: httpx.Client, incident: str
) -> list[tuple[str, tuple[str, ...]]]:
    """What was acknowledged before a random moment while another change was under way."""
    seen = threading.Semaphore(0)
    editor = Editor(client, incident, seen)
    thread = threading.Thread(target=editor.work)
    thread.start()
    for _ in range(CHANCE.randint(1, 6)):
        assert seen.acquire(timeout=LONG)
    process.kill()
    process.wait(LONG)
    thread.join(LONG)
    return editor.acknowledged


def holds(client: httpx.Client, incident: str, before: int, acknowledged: list) -> int:
    """Check what is there against what was acknowledged; answers the newest revision."""
    path = f"/v1/incidents/{incident}"
    revisions = client.get(f"{path}/revisions").json()["revisions"]
    numbers = [row["revision"] for row in revisions]
    made = numbers[before:]
    assert numbers == list(range(1, len(numbers) + 1))
    # At most one change was under way: its answer was lost, it itself may have been stored.
    assert len(acknowledged) <= len(made) <= len(acknowledged) + 1

    for revision, (etag, said) in zip(made, acknowledged, strict=False):
        draft = client.get(f"{path}/draft", params={"revision": revision}).json()
        assert (etag, said) in [(s["etag"], texts(s)) for s in draft["sections"]]
    told = client.get(f"{path}/history").json()["entries"]
    assert [e["revision"] for e in told if e["kind"] == "edited"] == numbers[1:]
    newest = client.get(f"{path}/draft").json()
    assert newest["revision"] == numbers[-1]
    return numbers[-1]


@pytest.mark.slow
def test_every_edit_that_was_answered_outlives_the_service(tmp_path):
    incident, newest, acknowledged = "", 1, []
    with MessagesServer(copied_answer) as server:
        for kills in range(KILLS + 1):
            with served(tmp_path, server.url) as (process, client):
                if not kills:
                    job = client.post("/v1/drafts?wait=60", content=ROW).json()
                    assert job["status"] == "done", job
                    incident = job["incident_id"]
                else:
                    newest = holds(client, incident, newest, acknowledged)
                if kills < KILLS:
                    acknowledged = edited_until_killed(process, client, incident)
    assert newest > KILLS
