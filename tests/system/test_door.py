"""The door before vLLM: the agent's nginx on the public port, as the unit runs it."""

import json
import socket
import unittest

from machine import KEY, PORT, Machine

REFUSED = [
    "/invocations", "/scale_elastic_ep", "/generative_scoring", "/metrics", "/docs", "/openapi.json", "/version", "/",
    "//v1/models", "/v1//models", "/v1", "/V1/models", "/v1/../invocations", "/v1/./models", "/v1/%2e%2e/invocations",
    "/v1/..%2finvocations", "/v1%2fmodels", "/v1/models%00", "/v1/..;/invocations", "/v1/models;/../../invocations",
    "/invocations/../v1/models", "/%76%31/models", "/v1\\..\\invocations", "/healthz", "/health/../metrics",
    "/report/nginx.conf", "/report/../nginx.conf", "/report/%2e%2e/open", "/report/..%2f..%2fbenchmark.json",
    "/nginx.conf", "/open", "/away.json", "/refused.json", "/tmp/", "/tmp/nginx.pid",
]


class DoorTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.machine = Machine()
        cls.addClassCleanup(cls.machine.close)

    def tearDown(self):
        self.machine.stop()
        self.assertEqual(self.machine.processes(), [], "nothing is left after the stop")

    def serve(self, standin=None, **context):
        self.machine.configure(standin, **context)
        self.machine.start()
        self.machine.await_served()

    def error(self, answer):
        status, headers, body = answer
        self.assertEqual(headers["Content-Type"], "application/json", body)
        return json.loads(body)["error"]

    def test_only_plain_paths_of_the_api_pass(self):
        self.serve()
        get = self.machine.get
        self.assertEqual(get("/health")[0], 200)
        self.assertEqual(get("/v1/models?of=me")[0], 200)
        self.assertEqual(get("/v1/models", key=None)[0], 401, "vLLM's own answer, by its key")
        for path in REFUSED:
            for method in ("GET", "POST"):
                answer = get(path, method, body=b"{}" if method == "POST" else None)
                self.assertIn(answer[0], (400, 404), f"{method} {path}: {answer[2][:200]}")
                self.assertEqual(self.error(answer)["code"], "refused", path)
        for method in ("PUT", "TRACE", "PATCH"):
            self.assertEqual(get("/v1/models", method)[0], 405, method)
        self.assertNotIn("/", get("/nothing")[1]["Server"], "no version of nginx")

    def test_a_request_that_is_too_large_is_refused_before_it_is_sent(self):
        self.serve()
        with socket.create_connection(("127.0.0.1", PORT), timeout=60) as client:
            client.sendall(b"POST /v1/completions HTTP/1.1\r\nHost: vm\r\nContent-Length: 70000000\r\n\r\n")
            self.assertIn(b" 413 ", client.recv(4096).splitlines()[0])

    def test_a_token_arrives_when_vllm_sends_it(self):
        self.serve(standin={"stall_after": 1})  # the agent's own completion is the first
        request = b'{"model": "tiny", "prompt": "one", "max_tokens": 9, "stream": true}'
        with socket.create_connection(("127.0.0.1", PORT), timeout=60) as client:
            client.sendall(b"POST /v1/completions HTTP/1.1\r\nHost: vm\r\nAuthorization: Bearer %s\r\n"
                           b"Content-Length: %d\r\n\r\n%s" % (KEY.encode(), len(request), request))
            seen = b""
            while b"data: " not in seen:  # the stream never ends
                part = client.recv(4096)
                self.assertTrue(part, seen)
                seen += part
        self.assertNotIn(b"[DONE]", seen)

    def test_slow_clients_do_not_keep_others_out(self):
        self.serve()
        slow = [socket.create_connection(("127.0.0.1", PORT), timeout=60) for _ in range(200)]
        try:
            for number, client in enumerate(slow):
                body = b"Content-Length: 1000\r\n\r\n{" if number % 2 else b""
                client.sendall(b"POST /v1/completions HTTP/1.1\r\nHost: vm\r\n" + body)
            self.assertEqual(self.machine.get("/v1/models")[0], 200)
        finally:
            for client in slow:
                client.close()

    def test_it_opens_after_the_first_benchmark_and_shows_the_report(self):
        machine = self.machine
        machine.configure(standin={"itl_ms": 20}, ONEAPP_VLLM_BENCHMARK="ALWAYS")
        machine.start()
        machine.await_value(
            "answer that names the benchmark", lambda: b'"BENCHMARKING"' in machine.get("/v1/models")[2])
        status, headers, _ = machine.get("/health")
        self.assertEqual((status, headers["Retry-After"]), (503, "15"))
        machine.await_served()
        status, headers, body = machine.get("/report/", key=None)
        self.assertEqual((status, headers["Content-Type"]), (200, "text/html; charset=utf-8"))
        self.assertIn("default-src 'none'", headers["Content-Security-Policy"])
        self.assertIn(b"<title>INCONCLUSIVE: /var/lib/vllm-agent/models/tiny</title>", body)
        for name in ("certificate.json", "certificate.signed.json"):
            self.assertEqual(json.loads(machine.get("/report/" + name)[2])["schema"], 1, name)
        for method in ("POST", "PUT", "DELETE"):
            self.assertEqual(machine.get("/report/report.html", method)[0], 405, method)

    def test_while_vllm_is_away_it_says_so_and_opens_again(self):
        machine = self.machine
        self.serve()
        server = machine.pids("vllm", "vllm serve")
        machine.run("kill", "-KILL", str(server[0]))
        answer = machine.await_value(
            "answer without vLLM", lambda: (lambda seen: seen if seen[0] == 503 else None)(machine.get("/v1/models")))
        self.assertEqual(self.error(answer)["type"], "service_unavailable")
        machine.await_value("state", lambda: b'"LOADING"' in machine.get("/v1/models")[2])
        machine.await_served()
        self.assertNotEqual(machine.pids("vllm", "vllm serve"), server)
        self.assertEqual(machine.show("NRestarts"), "0", "by the agent, not by systemd")

    def test_a_killed_nginx_is_started_again(self):
        machine = self.machine
        self.serve()
        server = machine.pids("vllm", "vllm serve")
        for _ in range(2):
            master = machine.pids("www-data", "nginx: master")
            machine.run("kill", "-KILL", str(master[0]))
            machine.await_value("another nginx", lambda: set(machine.pids("www-data", "nginx: master")) - set(master))
            machine.await_served()
        self.assertEqual(machine.pids("vllm", "vllm serve"), server, "vLLM has served on")

    def test_a_port_that_is_taken_is_named(self):
        machine = self.machine
        for port in (PORT, PORT + 1):
            with socket.create_server(("127.0.0.1", port)):
                machine.configure()
                machine.start()
                reason = f"FAILED        PORT_IN_USE: port {port} cannot be taken"
                machine.await_value("reason", lambda: reason in machine.agent_log())
                machine.stop()

    def test_a_port_below_1024_and_the_address_that_opennebula_gave(self):
        machine = self.machine
        machine.configure(ONEAPP_VLLM_API_PORT="80", ETH0_IP="192.0.2.7")
        machine.start()
        machine.await_shown("ActiveState", "active")
        with socket.create_connection(("127.0.0.1", 80), timeout=60) as client:
            client.sendall(b"GET /health HTTP/1.0\r\n\r\n")
            self.assertIn(b" 200 ", client.recv(4096).splitlines()[0])
        master = machine.pids("www-data", "nginx: master")[0]
        self.assertIn("CapEff:\t0000000000000400", machine.read(f"/proc/{master}/status"), "NET_BIND_SERVICE alone")
        machine.await_value(
            "endpoint", lambda: "endpoint=http://192.0.2.7:80/v1\n" in machine.read("/var/lib/vllm-agent/status"))


if __name__ == "__main__":
    unittest.main()
