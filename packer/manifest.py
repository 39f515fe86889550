#!/usr/bin/env python3
"""Writes IMAGE.json beside an image: what the marketplace's metadata say of it (manifest.py IMAGE VERSIONS.json)."""

import datetime
import hashlib
import json
import pathlib
import subprocess
import sys

CHUNK = 1 << 20


def checksums(image):
    digests = {"md5": hashlib.md5(usedforsecurity=False), "sha256": hashlib.sha256()}
    with image.open("rb") as file:
        while chunk := file.read(CHUNK):
            for digest in digests.values():
                digest.update(chunk)
    return {name: digest.hexdigest() for name, digest in digests.items()}


def main(image, versions):
    facts = json.loads(subprocess.run(["qemu-img", "info", "--output=json", str(image)], check=True,
                                      capture_output=True, timeout=60).stdout)
    manifest = {
        "image": image.name,
        "format": facts["format"],
        "size": facts["virtual-size"],
        "file_size": image.stat().st_size,
        "checksum": checksums(image),
        "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "versions": json.loads(versions.read_text(encoding="utf-8")),
    }
    target = image.with_suffix(".json")
    target.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    print(f"{target}: {manifest['size']} bytes virtual, {manifest['file_size']} in the file")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
