"""A machine of its own: a real systemd in new namespaces, with the packaged agent and the stand-ins."""

import ctypes
import http.client
import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
UNIT = "vllm-agent.service"
PORT = 8000
KEY = "a-key-of-the-users"
DEADLINE_SECONDS = 180
CONTEXT = {
    "ONEAPP_VLLM_MODEL_ID": "/var/lib/vllm-agent/models/tiny",
    "ONEAPP_VLLM_MODEL_MAX_LENGTH": "2048",
    "ONEAPP_VLLM_CPU_FALLBACK": "YES",
    "ONEAPP_VLLM_API_KEY": KEY,
    "ONEAPP_VLLM_BENCHMARK": "NEVER",
    "ONEAPP_VLLM_BENCHMARK_PROMPT_TOKENS": "16",
    "ONEAPP_VLLM_BENCHMARK_OUTPUT_TOKENS": "8",
    "ONEAPP_VLLM_BENCHMARK_SAMPLES": "40",
    "ONEAPP_VLLM_BENCHMARK_RUNS": "2",
}


class Machine:
    def __init__(self):
        if os.geteuid() != 0:
            raise SystemExit("the tests of the unit make users and namespaces: run them as root")
        self.scratch = Path(tempfile.mkdtemp(prefix="vllm-agent-machine-"))
        self.scratch.chmod(0o755)
        self.log = (self.scratch / "systemd.log").open("w")
        namespaces = ["--mount", "--pid", "--uts", "--ipc", "--net", "--cgroup", "--fork", "--kill-child"]
        self.process = subprocess.Popen(
            ["unshare", *namespaces, HOUSE / "tests/system/boot.sh", HOUSE, self.scratch],
            stdout=self.log, stderr=self.log)
        self.init = self.await_value("systemd", self._find_init)
        self.await_value("its bus", lambda: self.run("systemctl", "list-units", check=False).returncode == 0)
        network = os.open(f"/proc/{self.init}/ns/net", os.O_RDONLY)
        if ctypes.CDLL(None, use_errno=True).setns(network, 0) != 0:
            raise OSError(ctypes.get_errno(), "joining the machine's network")
        os.close(network)

    def _find_init(self):
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return next((pid for pid in children if Path(f"/proc/{pid}/comm").read_text() == "systemd\n"), None)

    def close(self):
        self.process.kill()
        self.process.wait()
        self.log.close()
        shutil.rmtree(self.scratch)

    def await_value(self, what, get):
        end = time.monotonic() + DEADLINE_SECONDS
        while time.monotonic() < end:
            try:
                value = get()
            except (OSError, http.client.HTTPException):
                value = None
            if value:
                return value
            time.sleep(0.2)
        raise AssertionError(f"no {what} within {DEADLINE_SECONDS} s; the agent said:\n{self.agent_log()}")

    def run(self, *words, check=True, text=None):
        return subprocess.run(
            ["nsenter", "-t", self.init, "-a", "--", *words],
            check=check, input=text, capture_output=True, text=True, timeout=DEADLINE_SECONDS)

    def agent_log(self):
        return self.run("cat", "/run/agent.log", check=False).stdout[-4000:]

    # The unit.

    def configure(self, standin=None, **context):
        """What the hooks of the appliance do: context.sh and token.txt, for the agent alone."""
        lines = "".join(f"{name}='{value}'\n" for name, value in {**CONTEXT, **context}.items())
        for name, text in (("context.sh", lines), ("token.txt", "token-of-the-vm\n")):
            self.run("install", "-o", "vllm-agent", "-m", "0400", "/dev/stdin", f"/run/vllm-agent/{name}", text=text)
        self.run("tee", "/var/lib/vllm-agent/models/tiny/standin.json", text=json.dumps(standin or {}))

    def start(self):
        self.run("systemctl", "start", "--no-block", UNIT)

    def stop(self):
        self.run("systemctl", "stop", UNIT)
        self.run("systemctl", "reset-failed", UNIT, check=False)

    def show(self, name):
        return self.run("systemctl", "show", "--value", "-p", name, UNIT).stdout.strip()

    def await_shown(self, name, *wanted):
        self.await_value(f"{name} in {wanted}", lambda: self.show(name) in wanted)

    def processes(self):
        """(pid, user, command line) of all that is not systemd's own."""
        rows = self.run("ps", "-eo", "pid=,user:20=,args=").stdout.splitlines()
        rows = [row.split(None, 2) for row in rows]
        return [(int(row[0]), row[1], row[2]) for row in rows
                if row[1] in ("vllm-agent", "vllm", "www-data")]

    def pids(self, user, words):
        return [pid for pid, owner, line in self.processes() if owner == user and words in line]

    def read(self, path):
        return self.run("cat", path).stdout

    # The door.

    def get(self, path, method="GET", key=KEY, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            if key:
                connection.putheader("Authorization", f"Bearer {key}")
            if body is not None:
                connection.putheader("Content-Type", "application/json")
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def await_served(self):
        self.await_value("answer of vLLM", lambda: self.get("/v1/models")[0] == 200)
