#!/usr/bin/env python3
"""Makes a release out of target/dist: a tree that needs no Java of the machine, and its archive.

The same sources and the same JDK give the same bytes: names are sorted, times are the project's own, owners
and modes are fixed, and nothing of this machine is taken in.
"""

import argparse
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import xml.etree.ElementTree as ElementTree
import zipfile
from datetime import datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
HOUSE = HERE.parents[3]
POM = "{http://maven.apache.org/POM/4.0.0}"

# What the agent needs at run time; jdeps names more, for code that never runs here.
MODULES = "java.base,java.xml,java.net.http"

# For jars without the text of their licence: the text, by the identifier in the bill of materials.
TEXTS = {"Apache-2.0": HOUSE / "LICENSE", "EPL-2.0": HERE / "licences" / "EPL-2.0.md"}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jdk", type=Path, required=True, help="the JDK 25 whose runtime is bundled")
    parser.add_argument("--dist", type=Path, default=HOUSE / "target" / "dist")
    parser.add_argument("--bom", type=Path, default=HOUSE / "agent" / "daemon" / "target" / "bom.json")
    parser.add_argument("--output", type=Path, default=HOUSE / "target")
    asked = parser.parse_args()

    version, timestamp = project()
    tree = asked.output / f"vllm-agent-{version}"
    if tree.exists():
        shutil.rmtree(tree)
    shutil.copytree(asked.dist, tree)
    add_runtime(asked.jdk, tree)
    quicken(asked.jdk, tree)
    order_class_path(tree)
    bom = bill_of_materials(asked.bom, asked.jdk)
    add_licences(tree, bom)
    (tree / "sbom.cdx.json").write_text(json.dumps(bom, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    normalise(tree, timestamp)
    add_checksums(tree, timestamp)
    archive = pack(tree, timestamp)
    size = sum(file.stat().st_size for file in files(tree)) / 2**20
    print(f"{tree} {size:.1f} MiB, {archive.name} {archive.stat().st_size / 2**20:.1f} MiB, sha256 {sha256(archive)}")


def project():
    """Version and time of the project, from its pom."""
    root = ElementTree.parse(HOUSE / "pom.xml").getroot()
    time = root.findtext(f"{POM}properties/{POM}project.build.outputTimestamp")
    return root.findtext(f"{POM}version"), int(datetime.fromisoformat(time).timestamp())


def files(tree):
    return sorted(path for path in tree.rglob("*") if path.is_file() and not path.is_symlink())


def add_runtime(jdk, tree):
    run([jdk / "bin" / "jlink", "--add-modules", MODULES, "--strip-java-debug-attributes", "--no-header-files",
         "--no-man-pages", "--compress", "zip-6", "--vm", "server", "--output", tree / "runtime"])
    # jlink copies the certificates of the machine that builds; those of the machine that runs count.
    (tree / "runtime" / "lib" / "security" / "cacerts").unlink(missing_ok=True)
    (tree / "runtime" / "lib" / "classlist").unlink(missing_ok=True)


def quicken(jdk, tree):
    run([jdk / "bin" / "java", "-cp", tree / "lib" / "*", HERE / "ReleaseJars.java", *sorted((tree / "lib").glob("*.jar"))])


def order_class_path(tree):
    """The agent's own jars first, the others by name."""
    jars = sorted((path.name for path in (tree / "lib").glob("*.jar")),
                  key=lambda name: (not name.startswith("daemon-"), not name.startswith("oca-"), name))
    (tree / "lib" / "class-path").write_text("".join(jar + "\n" for jar in jars), encoding="utf-8")
    shutil.copy(HERE / "classes.list", tree / "lib" / "classes.list")


def bill_of_materials(file, jdk):
    """The bill that Maven wrote, and the Java runtime."""
    bom = json.loads(file.read_text(encoding="utf-8"))
    release = dict(line.split("=", 1) for line in (jdk / "release").read_text(encoding="utf-8").splitlines())
    bom["components"].append({
        "type": "platform",
        "bom-ref": "java-runtime",
        "publisher": release["IMPLEMENTOR"].strip('"'),
        "name": "Java runtime",
        "version": release["JAVA_RUNTIME_VERSION"].strip('"'),
        "description": f"made by jlink of the modules {MODULES}",
        "licenses": [{"expression": "GPL-2.0-only WITH Classpath-exception-2.0"}],
    })
    return bom


def add_licences(tree, bom):
    """A folder for each jar: the texts that it brings, else that of its licence."""
    known = {f"{part['name']}-{part['version']}.jar": part for part in bom["components"]}
    for jar in sorted((tree / "lib").glob("*.jar")):
        folder = tree / "licences" / jar.stem
        folder.mkdir(parents=True)
        with zipfile.ZipFile(jar) as content:
            for name in content.namelist():
                if name.startswith("META-INF/") and name.count("/") == 1 and is_licence(name):
                    (folder / name.rpartition("/")[2]).write_bytes(content.read(name))
        if not any("license" in file.name.lower() for file in folder.iterdir()):
            own = jar.name.startswith(("daemon-", "oca-"))
            shutil.copy(TEXTS["Apache-2.0" if own else licence_of(jar.name, known)], folder / "LICENSE")


def is_licence(name):
    return any(word in name.rpartition("/")[2].lower() for word in ("license", "notice"))


def licence_of(jar, known):
    offered = [entry["license"].get("id", "") for entry in known.get(jar, {}).get("licenses", [])]
    for licence in offered:
        if licence in TEXTS:
            return licence
    sys.exit(f"release: {jar} brings no licence text and is under {offered or 'an unknown licence'}: "
             f"add the text to {HERE / 'licences'} and name it in release.py")


def normalise(tree, timestamp):
    """Programs 0755, other files 0644, folders 0755; all of one time."""
    for path in [tree, *tree.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
            os.utime(path, (timestamp, timestamp))


def add_checksums(tree, timestamp):
    sums = tree / "SHA256SUMS"
    sums.write_text("".join(f"{sha256(file)}  {file.relative_to(tree)}\n" for file in files(tree)), encoding="utf-8")
    sums.chmod(0o644)
    os.utime(sums, (timestamp, timestamp))
    os.utime(tree, (timestamp, timestamp))


def pack(tree, timestamp):
    """A tar.gz: every system can unpack it before anything is installed."""
    archive = tree.with_name(tree.name + ".tar.gz")

    def plain(entry):
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = "root"
        entry.mtime = timestamp
        return entry

    with archive.open("wb") as out, gzip.GzipFile("", "wb", 9, out, mtime=0) as packed:
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as tar:
            for path in sorted([tree, *tree.rglob("*")]):
                tar.add(path, f"{tree.name}/{path.relative_to(tree)}".removesuffix("/."), recursive=False, filter=plain)
    archive.with_name(archive.name + ".sha256").write_text(f"{sha256(archive)}  {archive.name}\n", encoding="utf-8")
    return archive


def sha256(file):
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def run(command):
    result = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=300)
    if result.returncode != 0:
        sys.exit(f"release: {command[0]} ended with {result.returncode}: {result.stdout}{result.stderr}")


if __name__ == "__main__":
    main()
