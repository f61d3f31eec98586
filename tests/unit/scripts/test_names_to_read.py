"""``scripts/names_to_read.py`` on two invented stories: what it lists, not what a reader makes of
it."""

import json
import runpy
from pathlib import Path

SCRIPT = Path(__file__).parents[3] / "scripts" / "names_to_read.py"
ITEMS = (
    ("ferry", 1, "Mara Vell, the captain of the Marlin, spoke."),
    ("ferry", 2, "Vell, 44, stayed away."),
    ("tram", 1, "A tram left the rails in Orrin."),
)


def test_forms_offices_and_roles_are_listed_with_their_counts(tmp_path, monkeypatch, capsys):
    rows = [
        {"story": story, "text": text, "published_at": f"2026-05-0{day}T12:00:00Z"}
        for story, day, text in ITEMS
    ]
    path = tmp_path / "stories.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    monkeypatch.setattr("sys.argv", [str(SCRIPT), str(path)])
    runpy.run_path(str(SCRIPT), run_name="__main__")
    made = capsys.readouterr().out
    assert "## 1 forms put to a longer name in 1 incidents; a sample\n- Vell → Mara Vell\n" in made
    assert "- Mara Vell: captain of the Marlin | Mara Vell, the captain" in made
    assert "actors in 1 drafts; all" in made
