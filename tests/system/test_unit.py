"""The appliance's unit under a real systemd."""

import time
import unittest

from machine import HOUSE, Machine


class UnitTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.machine = Machine()
        cls.addClassCleanup(cls.machine.close)

    def tearDown(self):
        self.machine.stop()
        self.assertEqual(self.machine.processes(), [], "nothing is left after the stop")

    def served(self, **context):
        self.machine.configure(**context)
        self.machine.start()
        self.machine.await_served()
        self.machine.await_shown("ActiveState", "active")

    def test_the_units_are_right_and_the_sandbox_is_tight(self):
        machine = self.machine
        units = [HOUSE / "appliance/systemd" / name for name in ("vllm-agent.service", "vllm-agent-devices.service")]
        path = f"SYSTEMD_UNIT_PATH={machine.scratch}/units:"
        said = machine.run("env", path, "systemd-analyze", "verify", "--man=no", *units, check=False)
        self.assertEqual((said.returncode, said.stdout + said.stderr), (0, ""))
        # The threshold is ten times the exposure.
        said = machine.run("systemd-analyze", "security", "--offline=true", "--threshold=30", units[0], check=False)
        self.assertEqual(said.returncode, 0, said.stdout[-300:])

    def test_systemd_hears_that_it_is_ready_when_users_get_tokens_and_not_before(self):
        machine = self.machine
        machine.configure(standin={"hang_at": "load"})
        machine.start()
        machine.await_value("status of loading", lambda: "loading weights" in machine.show("StatusText"))
        self.assertEqual(machine.show("ActiveState"), "activating")
        self.assertEqual(machine.get("/v1/models")[0], 503)
        machine.stop()
        self.assertEqual(machine.show("ActiveState"), "inactive")
        self.served()
        self.assertTrue(machine.show("StatusText").startswith("READY: serving"), machine.show("StatusText"))

    def test_a_hung_agent_is_killed_and_started_again_and_takes_its_children_along(self):
        self.after("STOP")

    def test_a_killed_agent_is_started_again_and_takes_its_children_along(self):
        self.after("KILL")

    def after(self, signal):
        machine = self.machine
        self.served()
        restarts = int(machine.show("NRestarts"))
        before = {pid for pid, _, _ in machine.processes()}
        machine.run("kill", f"-{signal}", machine.show("MainPID"))
        machine.await_value("another start", lambda: int(machine.show("NRestarts")) > restarts)
        machine.await_served()
        after = {pid for pid, _, _ in machine.processes()}
        self.assertEqual(before & after, set(), "nothing is left of before")

    def test_a_permanent_failure_is_not_tried_again(self):
        machine = self.machine
        machine.configure(ONEAPP_VLLM_API_PORT="80x")
        machine.start()
        machine.await_shown("ActiveState", "failed")
        self.assertEqual(machine.show("ExecMainStatus"), "10", machine.agent_log())
        self.assertIn("CONTEXT_INVALID: ONEAPP_VLLM_API_PORT", machine.show("StatusText"))
        time.sleep(5)  # five times RestartSec
        self.assertEqual((machine.show("ActiveState"), machine.show("NRestarts")), ("failed", "0"))

    def test_a_passing_failure_is_tried_again(self):
        machine = self.machine
        machine.configure(standin={"fail": "fail-port"})
        machine.start()
        machine.await_value("two starts", lambda: int(machine.show("NRestarts")) >= 2)
        self.assertIn("PORT_IN_USE", machine.agent_log())

    def test_children_have_no_privileges_and_none_of_the_agents_environment(self):
        machine = self.machine
        self.served()
        children = machine.pids("vllm", "vllm serve") + machine.pids("vllm", "EngineCore")
        children += machine.pids("www-data", "nginx")
        self.assertGreaterEqual(len(children), 4, machine.processes())
        for pid in children:
            status = dict(line.split(":\t", 1) for line in machine.read(f"/proc/{pid}/status").splitlines())
            for kind in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
                self.assertEqual(int(status[kind], 16), 0, f"{kind} of {pid}")
            self.assertEqual((status["NoNewPrivs"], status["Seccomp"]), ("1", "2"))
            environment = machine.read(f"/proc/{pid}/environ")
            self.assertNotIn("NOTIFY_SOCKET", environment)
            self.assertNotIn("WATCHDOG", environment)
        capabilities = machine.read(f"/proc/{machine.show('MainPID')}/status")
        self.assertIn("CapEff:\t00000000000004e0", capabilities, "SETUID, SETGID, KILL, NET_BIND_SERVICE")

    def test_root_writes_nothing_that_the_daemon_could_not_change(self):
        machine, agent, folder = self.machine, "/opt/vllm-agent/bin/vllm-agent", "/var/lib/vllm-agent"
        self.served()
        said = machine.run(agent, "benchmark", check=False)
        self.assertEqual(said.returncode, 2, said.stderr)
        self.assertIn(f"{folder} belongs to vllm-agent and this is root", said.stderr)
        said = machine.run("bash", HOUSE / "appliance/benchmark.sh", "--samples", "20", "--runs", "1", check=False)
        # There is no OpenNebula; nothing else is wrong.
        self.assertEqual(said.returncode, 52, said.stdout + said.stderr)
        self.assertIn("results stay on disk", said.stderr)
        self.assertNotIn("ERROR", said.stderr)
        hub = machine.run("mktemp").stdout.strip()
        machine.run("tee", hub, text="ONEAPP_VLLM_MODEL_ID='org/model'\nONEAPP_VLLM_CPU_FALLBACK='YES'\n")
        said = machine.run(agent, "plan", "--context", hub, check=False)
        self.assertEqual(said.returncode, 2, said.stdout)
        self.assertIn("name the user of vLLM with --run-as", said.stderr)
        said = machine.run(agent, "plan", "--context", hub, "--run-as", "vllm", check=False)
        self.assertNotIn("belongs to", said.stdout + said.stderr)
        mine = machine.run("find", folder, "-path", f"{folder}/models", "-prune", "-o", "-user", "root", "-print")
        self.assertEqual(mine.stdout, "")

    def test_children_cannot_read_what_is_the_agents(self):
        machine = self.machine
        self.served(ONEAPP_VLLM_BENCHMARK="ALWAYS")
        machine.await_value(
            "a result", lambda: machine.run("sh", "-c", "ls /var/lib/vllm-agent/results/*/result.json", check=False).stdout)
        folder = "/var/lib/vllm-agent"
        closed = ["/run/vllm-agent/context.sh", "/run/vllm-agent/token.txt", f"{folder}/outbox", f"{folder}/results",
                  f"{folder}/log/vllm.log", f"{folder}/benchmark.json", f"{folder}/agent.lock"]
        for user in ("vllm", "www-data"):
            for path in closed:
                machine.run("test", "-e", path)
                seen = machine.run("setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups",
                                   "test", "-r", path, check=False)
                self.assertEqual(seen.returncode, 1, f"{user} reads {path}")
        machine.run("setpriv", "--reuid=vllm", "--regid=vllm", "--clear-groups", "test", "-w", f"{folder}/cache")


if __name__ == "__main__":
    unittest.main()
