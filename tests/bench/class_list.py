#!/usr/bin/env python3
"""Writes the list of classes that the agent's class archive holds: those of a start, of READY and of an ordinary end."""

import argparse
import tempfile
import time
from pathlib import Path

import vm


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agent", type=Path, required=True, help="vllm-agent of a release without an archive")
    parser.add_argument("--jdk", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    asked = parser.parse_args()
    vm.enter_namespace()
    with tempfile.TemporaryDirectory(prefix="class-list-") as name:
        folder = Path(name)
        vm.stub_driver(folder)
        cloud = vm.OpenNebula(asked.jdk)
        site = vm.Site(folder, cloud.endpoint)
        agent = site.start(asked.agent, {"JDK_JAVA_OPTIONS": f"-XX:DumpLoadedClassList={folder}/list"})
        site.await_ready(agent)
        time.sleep(40)  # the first question to the server's health comes after 30 s
        vm.end(agent)
        cloud.stop()
        print(site.output())
        lines = (folder / "list").read_text().splitlines()
        kept = [line for line in lines if not line.startswith("#") and " source: " not in line]
        asked.output.write_text("\n".join(kept) + "\n")
        print(f"{asked.output}: {len(kept)} lines")



if __name__ == "__main__":
    main()
