"""``scripts/fit_verifier.py`` on a few invented claims: its tables, not what it fits."""

import gzip
import json
import re
import runpy
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / "scripts" / "fit_verifier.py"
FIGURE = r"\d\.\d{3} \[\d\.\d\d, \d\.\d\d\]"


def write(directory: Path) -> dict[str, float]:
    """A right and a wrong number for each of 30 sources in two sets; the log-odds of the rows."""
    odds = {}
    for name in ("harrow_news", "stannick_news"):
        with gzip.open(directory / f"{name}.jsonl.gz", "wt") as file:
            for n in range(30):
                source = f"The {name} line {n} cancelled {n + 14} crossings on Thursday."
                for label, number in ((1, n + 14), (0, n + 50)):
                    claim = f"Line {n} cancelled {number} crossings."
                    row = {"id": f"{name}{n}{label}", "claim": claim, "label": label}
                    file.write(json.dumps(row | {"source_text": source}) + "\n")
                    odds[f"{name}{n}{label}"] = 0.5 - (n + label) % 3
    return odds


@pytest.mark.slow
def test_every_out_of_fold_figure_stands_beside_its_interval(tmp_path, monkeypatch, capsys):
    scores = tmp_path / "scores.json"
    scores.write_text(json.dumps(write(tmp_path)))
    monkeypatch.setattr("sys.argv", [str(SCRIPT), str(tmp_path), str(scores)])
    runpy.run_path(str(SCRIPT), run_name="__main__")
    printed = capsys.readouterr().out

    lines = re.findall(r"^\| (?:harrow|stannick)_news \| 60 \| 30 \| (.*) \|$", printed, re.M)
    assert len(lines) == 5 * 2
    for line in lines:
        cells = line.split(" | ")
        assert len(cells) == 5
        assert all(re.fullmatch(FIGURE, cell) for cell in cells), line
    (numbers,) = re.findall(r'"numbers": .* fired (\d+)', printed)
    assert int(numbers) == 60
