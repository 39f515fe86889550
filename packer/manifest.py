#!/usr/bin/env python3
"""Writes IMAGE.json beside an image: what the marketplace's metadata say of it.

usage: manifest.py IMAGE.qcow2 VERSIONS.json

The manifest has the image's name and format, size (virtual, in bytes), file_size (in bytes), checksum (md5 and sha256, in
hex), created (UTC, in seconds) and the versions as they are given. Ends: 0 done, 1 could not be done, 2 wrong usage.
"""

import datetime
import hashlib
import json
import pathlib
import sys

HEADER_BYTES = 32
SIZE_AT = 24


def virtual_size(image):
    with image.open("rb") as source:
        header = source.read(HEADER_BYTES)
    if len(header) < HEADER_BYTES or header[:4] != b"QFI\xfb":
        raise ValueError(f"{image} is no qcow2 image")
    return int.from_bytes(header[SIZE_AT:], "big")


def checksum(image, name):
    with image.open("rb") as source:
        return hashlib.file_digest(source, lambda: hashlib.new(name, usedforsecurity=False)).hexdigest()


def main(image, versions):
    manifest = {
        "image": image.name,
        "format": "qcow2",
        "size": virtual_size(image),
        "file_size": image.stat().st_size,
        "checksum": {name: checksum(image, name) for name in ("md5", "sha256")},
        "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "versions": json.loads(versions.read_text(encoding="utf-8")),
    }
    target = image.with_suffix(".json")
    target.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    print(f"{target}: {manifest['size']} bytes virtual, {manifest['file_size']} in the file")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    try:
        main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
    except (OSError, ValueError) as failed:
        sys.exit(f"manifest: {failed}")
