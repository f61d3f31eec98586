"""Source items in, pages out.

    python client.py ITEMS.jsonl FOLDER [--service URL] [--follow]

ITEMS.jsonl is only ever appended to. In FOLDER, `state.json` says how far we are, `rows/` what
became of each row and which incident it is in, and `pages/` has a page of each drafted incident.

Each step is written down after it is done, and the service takes the same request twice without
harm. So the program may be killed anywhere, and goes on with the next run.
"""

import argparse
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from files import batches, write
from service import Service, say


@dataclass
class State:
    """How far we are; without it everything is sent and read again."""

    after: str = "0"  # our place in the log
    offset: int = 0  # so many bytes of ITEMS.jsonl were sent
    ungrouped: list[str] = field(default_factory=list)  # files of rows/ that lack incidents
    drafts: dict[str, str | None] = field(default_factory=dict)  # incident: job; None: to be asked
    etags: dict[str, str] = field(default_factory=dict)  # incident: tag of its page in pages/


class Pipeline:
    """The steps from items to pages, each of which takes up where it stopped."""

    def __init__(self, service: Service, items: Path, folder: Path):
        self.service, self.items, self.folder = service, items, folder
        self.rows, self.pages = folder / "rows", folder / "pages"
        for one in (self.rows, self.pages):
            one.mkdir(parents=True, exist_ok=True)
        kept = folder / "state.json"
        self.state = State(**json.loads(kept.read_text())) if kept.exists() else State()

    def save(self) -> None:
        """Write down how far we are."""
        write(self.folder / "state.json", json.dumps(asdict(self.state)))

    def run(self, follow: bool) -> None:
        """Go round until there is nothing left to do; with `follow`, until stopped."""
        while True:
            before = asdict(self.state)
            waiting = bool(self.state.ungrouped or self.state.drafts)
            self.follow_log(wait=10 if waiting or follow else 0)  # an entry ends the wait
            self.post_items()
            self.find_incidents()
            if not self.state.ungrouped:  # else a draft could be made of half the evidence
                self.ask_for_drafts()
            self.look_after_drafts()
            if not (waiting or follow) and asdict(self.state) == before:
                return

    def post_items(self) -> None:
        """Send what the file has more than we sent. Known items count as duplicates."""
        for body, end in batches(self.items, self.state.offset):
            answer = self.service.ask(
                "POST",
                "/v1/items?partial=true",  # a broken line is a rejected row, and stops nobody
                content=body,
                headers={"Content-Type": "application/jsonl"},
            )
            if answer.status_code == 413:  # then it is one line
                say(f"The line at byte {self.state.offset} is larger than the service takes.")
            else:
                # Named by its place: a batch that is sent again replaces its file.
                name = f"{self.state.offset:015}.json"
                write(self.rows / name, json.dumps(answer.raise_for_status().json()["rows"]))
                self.state.ungrouped.append(name)
            self.state.offset = end
            self.save()

    def find_incidents(self) -> None:
        """Items are grouped soon after they are stored; those that are not yet wait a round."""
        for name in list(self.state.ungrouped):
            rows = json.loads((self.rows / name).read_text())
            for row in rows:
                if row["key"] and "incident" not in row:  # a rejected row has no key
                    item = self.service.ask("GET", f"/v1/items/{row['key']}")
                    gone = item.status_code == 410
                    found = "deleted" if gone else item.raise_for_status().json()["incident"]
                    if found is None:
                        return
                    row["incident"] = found
            write(self.rows / name, json.dumps(rows))
            incidents = {row["incident"] for row in rows if row["key"]} - {"deleted"}
            self.state.drafts |= dict.fromkeys(sorted(incidents))
            self.state.ungrouped.remove(name)
            self.save()

    def ask_for_drafts(self) -> None:
        """Ask anew costs nothing: a draft under way is joined, one of this evidence is done."""
        for incident in [one for one, job in self.state.drafts.items() if job is None]:
            answer = self.service.ask("POST", f"/v1/incidents/{incident}/drafts")
            if answer.status_code == 202:
                self.state.drafts[incident] = answer.json()["id"]
            else:
                say(f"{incident} cannot be drafted: {answer.text}")
                del self.state.drafts[incident]
            self.save()

    def look_after_drafts(self) -> None:
        """Forget the drafts that have ended; their pages come by the log."""
        for incident, id_ in [(one, job) for one, job in self.state.drafts.items() if job]:
            job = self.service.ask("GET", f"/v1/drafts/{id_}").raise_for_status().json()
            if job["status"] in ("queued", "running"):
                return  # the others were asked for later
            if job["status"] != "done":
                say(f"{incident}: the draft is {job['status']}: {job['error']}")
            del self.state.drafts[incident]
            self.save()

    def follow_log(self, wait: int) -> None:
        """Fetch the pages of which the next entries of the log tell."""
        query = {"after": self.state.after, "limit": 1000, "wait": wait}
        answer = self.service.ask("GET", "/v1/entries", params=query)
        if answer.status_code == 410:
            say(f"{answer.json()['detail']} We send and read everything again.")
            for old in [*self.rows.iterdir(), *self.pages.iterdir()]:
                old.unlink()
            self.state = State()
            self.save()
            return
        log = answer.raise_for_status().json()
        for incident in {one["incident"] for one in log["entries"] if self.tells_of_page(one)}:
            self.fetch_page(incident)
        self.state.after = log["next"]  # only now: what a crash leaves out comes again
        self.save()

    def tells_of_page(self, entry: dict[str, Any]) -> bool:
        """Many entries are of incidents without a draft: their page would be 404."""
        incident, undone = entry["incident"], "from" in entry["detail"]  # a merge, perhaps
        return bool(incident and (entry["revision"] or undone or incident in self.state.etags))

    def fetch_page(self, incident: str) -> None:
        """Bring the folder up to date with one page: write it, leave it or remove it."""
        headers = {"Accept": "application/json"}
        if incident in self.state.etags:
            headers["If-None-Match"] = self.state.etags[incident]
        answer = self.service.ask("GET", f"/v1/incidents/{incident}", headers=headers)
        if answer.status_code == 304:
            return
        found = None
        if answer.status_code not in (404, 410):  # no draft; deleted
            found = answer.raise_for_status().json()["incident"]["id"]
            write(self.pages / f"{found}.json", answer.text)
            self.state.etags[found] = answer.headers["ETag"]
        if found != incident:  # deleted, or merged into the one found
            (self.pages / f"{incident}.json").unlink(missing_ok=True)
            self.state.etags.pop(incident, None)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Source items in, pages out.")
    parser.add_argument("items", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--service", default="http://127.0.0.1:8000")
    parser.add_argument("--follow", action="store_true", help="go on until stopped")
    asked = parser.parse_args()
    # Not SUMMARIZER_…: the service refuses variables of that name that it does not know.
    service = Service(asked.service, os.environ.get("PIPELINE_KEY"))
    Pipeline(service, asked.items, asked.folder).run(asked.follow)
