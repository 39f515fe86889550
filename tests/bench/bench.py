#!/usr/bin/env python3
"""Measures what the agent costs and prints one table; every ratio is of this run, on this machine."""

import argparse
import os
import shutil
import subprocess
import tempfile
from functools import partial
from pathlib import Path

import measures
import vm


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--release", type=Path, required=True, help="the tree that `make dist` built")
    parser.add_argument("--jdk", type=Path, required=True)
    parser.add_argument("--repetitions", type=int, default=11, help="of each start")
    parser.add_argument("--log-mib", type=int, default=128, help="vLLM's log before it serves, for the memory")
    parser.add_argument("--idle-seconds", type=int, default=120)
    parser.add_argument("--big-mib", type=int, default=2048, help="size of the large log to diagnose")
    parser.add_argument("--only", choices=["start", "serving", "diagnose"], help="one part alone")
    asked = parser.parse_args()
    driver = shutil.which("nvidia-smi")
    real = measures.command_time([driver, "-q", "-x"]) if driver and "BENCH_NAMESPACE" not in os.environ else None
    if real is not None:
        os.environ["BENCH_NVIDIA_SMI_MS"] = f"{real * 1000:.0f}"
    vm.enter_namespace()
    with tempfile.TemporaryDirectory(prefix="bench-releases-") as name:
        folder = Path(name)
        vm.stub_driver(folder)
        bare, ready = folder / "bare", folder / "ready"
        shutil.copytree(asked.release, bare, symlinks=True)
        (bare / "lib" / "agent.jsa").unlink(missing_ok=True)
        shutil.copytree(bare, ready, symlinks=True)
        subprocess.run([ready / "bin" / "vllm-agent-prepare"], check=True)
        cloud = vm.OpenNebula(asked.jdk)
        try:
            print(f"{'measure':58} {'value':>12} {'goal':>10}")
            if asked.only in (None, "start"):
                start(asked, cloud.endpoint, bare, ready)
            if asked.only in (None, "serving"):
                serving(asked, cloud.endpoint, ready)
            if asked.only in (None, "diagnose"):
                diagnose(asked, folder, ready)
            row("release with its archive", f"{size_mib(ready):.1f} MiB", "80 MiB")
        finally:
            cloud.stop()


def row(measure, value, goal=""):
    print(f"{measure:58} {value:>12} {goal:>10}", flush=True)


def start(asked, endpoint, bare, ready):
    java, agent, bare_agent = "java -version, the JDK", "start until exec of vLLM", "the same without class archive"
    medians = measures.start_medians({
        java: partial(measures.command_time, [asked.jdk / "bin" / "java", "-version"]),
        "java -version, the bundled runtime": partial(
            measures.command_time, [ready / "runtime" / "bin" / "java", "-version"]),
        agent: partial(measures.start_time, ready / "bin" / "vllm-agent", endpoint),
        bare_agent: partial(measures.start_time, bare / "bin" / "vllm-agent", endpoint),
    }, asked.repetitions)
    for name, taken in medians.items():
        row(f"{name}, median of {asked.repetitions}", f"{taken * 1000:.0f} ms")
    row("start / java -version of the JDK", f"{medians[agent] / medians[java]:.1f} x", "7 x")
    row("start without archive / java -version of the JDK", f"{medians[bare_agent] / medians[java]:.1f} x")
    real = os.environ.get("BENCH_NVIDIA_SMI_MS")
    row("nvidia-smi -q -x of this machine, beside it", f"{real} ms" if real else "none here")


def serving(asked, endpoint, ready):
    used, share = measures.serving(ready / "bin" / "vllm-agent", endpoint, asked.log_mib, asked.idle_seconds)
    row(f"RSS after {asked.log_mib} MiB of log and {asked.idle_seconds} s of serving", f"{used['VmRSS']:.0f} MiB", "72 MiB")
    row("RssAnon", f"{used['RssAnon']:.0f} MiB", "48 MiB")
    row("highest RSS", f"{used['VmHWM']:.0f} MiB")
    row(f"processor while idle, {asked.idle_seconds} s", f"{share * 100:.3f} %", "0.1 %")


def diagnose(asked, folder, ready):
    for mib in (10, asked.big_mib):
        log = folder / "vllm.log"
        measures.write_log(log, mib * 2**20)
        counted = measures.command_time(["grep", "-c", "ERROR", log])
        taken, peak = measures.diagnosis(ready / "bin" / "vllm-agent", log)
        log.unlink()
        row(f"diagnose {mib} MiB", f"{taken:.2f} s")
        row(f"  {mib / taken:.0f} MiB/s; against grep -c of the same file", f"{taken / counted:.1f} x")
        row("  highest RSS", f"{peak:.0f} MiB")


def size_mib(tree):
    return sum(file.stat().st_size for file in tree.rglob("*") if file.is_file() and not file.is_symlink()) / 2**20


if __name__ == "__main__":
    main()
