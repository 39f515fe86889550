"""One VM for a measurement: context, model, stand-ins for the GPU's driver, for vLLM and for OpenNebula."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
STANDINS = HOUSE / "tests" / "standins"
DEADLINE = 120

# nvidia-smi as a driver answers it: at once, two GPUs.
NVIDIA_SMI = """#!/bin/sh
case "$1" in
  -q) exec cat '{xml}' ;;
  *) exit 1 ;;
esac
"""
XML = HOUSE / "agent/daemon/src/test/resources/plan-cases/xml-2-l40s-ecc-and-processes/inventory.xml"


def enter_namespace():
    """Starts this program anew with mounts of its own, so that a stub can take the driver's place unseen by others."""
    if os.environ.get("BENCH_NAMESPACE") != "1":
        os.environ["BENCH_NAMESPACE"] = "1"
        own = ["--mount"] if os.geteuid() == 0 else ["--user", "--map-root-user", "--mount"]
        os.execvp("unshare", ["unshare", *own, sys.executable, *sys.argv])


def stub_driver(folder):
    """Puts the stub where the agent looks for nvidia-smi; only for this process and its children (see enter_namespace)."""
    program = folder / "sbin" / "nvidia-smi"
    program.parent.mkdir()
    program.write_text(NVIDIA_SMI.format(xml=XML))
    program.chmod(0o755)
    if Path("/usr/bin/nvidia-smi").exists():
        subprocess.run(["mount", "--bind", program, "/usr/bin/nvidia-smi"], check=True)
    else:
        subprocess.run(["mount", "--bind", program.parent, "/usr/sbin"], check=True)


class OpenNebula:
    """The stand-in of the tests, with its user alice and her VM 0."""

    def __init__(self, jdk):
        self.process = subprocess.Popen(
            [jdk / "bin/java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp",
             f"{HOUSE}/tests/target/classes:{HOUSE}/target/dist/lib/*", "oneapp.tests.opennebula.OpenNebulaMain", "0"],
            stdout=subprocess.PIPE, text=True)
        self.endpoint = ""
        for line in self.process.stdout:
            if line.startswith("ENDPOINT "):
                self.endpoint = line.split()[1]
            if line.startswith("READY"):
                return
        raise RuntimeError("the stand-in for OpenNebula does not start")

    def stop(self):
        self.process.terminate()
        self.process.wait(DEADLINE)


class Site:
    """A VM with a fresh state folder; `knobs` is the content of the stand-in's standin.json."""

    def __init__(self, folder, endpoint, knobs="{}"):
        self.folder = folder
        self.engines = STANDINS
        shutil.copytree(STANDINS / "model", folder / "model")
        (folder / "model" / "standin.json").write_text(knobs)
        (folder / "context.sh").write_text("\n".join([
            "VMID='0'", "ONEAPP_VLLM_MODEL_ID='%s'" % (folder / "model"), "ONEAPP_VLLM_BENCHMARK='NEVER'",
            "ONEAPP_VLLM_API_PORT='%d'" % free_pair(), "ONEAPP_VLLM_ONE_ENDPOINT='%s'" % endpoint,
            "ONEAPP_VLLM_ONE_AUTH='alice:alicepass-01'", ""]))

    def start(self, agent, environment=None):
        """`vllm-agent run`; its output goes to a file of the folder."""
        with (self.folder / "output").open("wb") as out:
            return subprocess.Popen(
                [agent, "run", "--front", "none", "--context", self.folder / "context.sh", "--state",
                 self.folder / "state", "--engines", self.engines],
                stdout=out, stderr=subprocess.STDOUT, env={**os.environ, **(environment or {})})

    def output(self):
        return (self.folder / "output").read_text(errors="replace")

    def await_ready(self, process):
        end = time.monotonic() + DEADLINE
        while "\nREADY " not in self.output():
            if time.monotonic() > end or process.poll() is not None:
                raise RuntimeError("the agent did not become READY:\n" + self.output())
            time.sleep(0.1)


def free_pair():
    """A free port whose successor, vLLM's own, is free too."""
    while True:
        with socket.socket() as one, socket.socket() as next_one:
            one.bind(("127.0.0.1", 0))
            try:
                next_one.bind(("127.0.0.1", one.getsockname()[1] + 1))
                return one.getsockname()[1]
            except OSError:
                continue


def end(process):
    """As systemd ends it."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(DEADLINE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(DEADLINE)
