#!/usr/bin/env python3
"""A server with the outside of vLLM, for unit tests. MODE in the environment says how it behaves:
good, oom, stream-error, hang, die-later, kv-until-shorter."""
import json, os, signal, sys, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MODE = os.environ["MODE"]
NAME = sys.argv[sys.argv.index("--served-model-name") + 1]
PORT = int(sys.argv[sys.argv.index("--port") + 1])


def say(text):
    print(text, flush=True)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"

    def log_message(self, *_):
        pass

    def answer(self, text, kind="application/json"):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(text.encode())

    def do_GET(self):
        if self.path == "/health":
            self.answer("")
        elif self.headers.get("Authorization") != "Bearer " + os.environ["VLLM_API_KEY"]:
            self.send_error(401)
        else:
            self.answer(json.dumps({"data": [{"id": NAME}]}))

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        if MODE == "stream-error":
            events = [{"error": {"message": "EngineDeadError: the core is gone", "code": 500}}]
        else:
            events = [{"choices": [{"text": "a"}]}, {"choices": [], "usage": {"completion_tokens": 1}}]
        lines = ["data: " + json.dumps(event) for event in events] + ["data: [DONE]"]
        self.answer("\n\n".join(lines) + "\n\n", "text/event-stream")
        if MODE == "die-later":
            threading.Thread(target=die).start()


def die():
    time.sleep(1.5)
    say("(APIServer pid=1) ERROR 01-02 03:04:05 [core_client.py:600] Engine core proc EngineCore_DP0 died unexpectedly.")
    os._exit(1)


say("(APIServer pid=1) INFO 01-02 03:04:05 [api_server.py:1] vLLM API server version 0.32.0")
say("my key is " + os.environ["VLLM_API_KEY"])
say("Loading safetensors checkpoint shards:  50% Completed | 1/2 [00:00<00:00,  1.0it/s]")
if MODE == "oom":
    say("(EngineCore pid=2) ERROR 01-02 03:04:05 [core.py:9] torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.")
    say("(APIServer pid=1) RuntimeError: Engine core initialization failed. See root cause above.")
    sys.exit(1)
if MODE == "kv-until-shorter" and "--max-model-len" not in sys.argv:
    say("ValueError: The model's max seq len (2048) is larger than the maximum number of tokens that can be stored in KV cache (1040).")
    sys.exit(1)
if MODE == "hang":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(600)
say("(EngineCore pid=2) INFO 01-02 03:04:05 [kv.py:1] GPU KV cache size: 2,048 tokens")
server = ThreadingHTTPServer(("127.0.0.1", PORT), Handler)
say("INFO:     Application startup complete.")
server.serve_forever()
