"""The processes behind the API server: an engine core and its workers, their log, and how they end.

They stay when the API server alone is killed, as the real ones do, and hold nothing but their names.
"""

import os
import pathlib
import signal
import subprocess
import sys
import time
import traceback

from . import recording

# Should a test lose them, they end by themselves.
LONGEST_SECONDS = 1800
LINE = "({who} pid={pid}) {level} {when} [{source}] {text}"
POLL = 0.05
MIB = 2**20


def log(who, source, text, level="INFO"):
    print(LINE.format(who=who, pid=os.getpid(), level=level, when=time.strftime("%m-%d %H:%M:%S"), source=source,
                      text=text), flush=True)


def start(title, script, arguments, **more):
    """A process that shows itself as the real ones do: its title in the place of the program's name."""
    return subprocess.Popen([title, script, *arguments], executable=os.readlink("/proc/self/exe"),
                            stdin=subprocess.DEVNULL, **more)


def name_process(name):
    with open("/proc/self/comm", "w", encoding="ascii") as comm:
        comm.write(name)


def is_stopped(pid):
    """A process of this engine takes no part: then no token comes, whoever it is."""
    try:
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        states = [pathlib.Path(f"/proc/{one}/stat").read_text(encoding="utf-8").rpartition(") ")[2][0]
                  for one in [pid, *children]]
    except OSError:
        return False
    return "T" in states


def flood(knobs, phase):
    if knobs["log_flood_at"] == phase:
        for _ in range(int(knobs["log_flood_mb"])):
            sys.stdout.write(("x" * 1023 + "\n") * 1024)
        sys.stdout.flush()


def worker(rank):
    name_process("VLLM::Worker_TP%d" % rank)
    # The real ones end by the core's word, or by SIGKILL.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(LONGEST_SECONDS)


class Core:
    """The engine core: it loads, then holds the workers until one is gone or SIGTERM comes."""

    def __init__(self, knobs, model, size, max_length, ready, script):
        self.knobs, self.model, self.size, self.max_length = knobs, model, size, max_length
        self.ready, self.script = ready, script
        self.workers = []
        self.food = []

    def run(self):
        name_process("VLLM::EngineCore")
        signal.signal(signal.SIGTERM, signal.SIG_IGN if self.knobs["ignore_sigterm"] else self.end)
        signal.signal(signal.SIGUSR1, self.eat)
        for rank in range(self.size):
            self.workers.append(start(f"VLLM::Worker_TP{rank}", self.script, ["worker", str(rank)]))
        self.load()
        signal.signal(signal.SIGTERM, self.end)
        os.write(self.ready, b"ready\n")
        os.close(self.ready)
        flood(self.knobs, "serving")
        self.wait(LONGEST_SECONDS)
        self.give_up()

    def end(self, *_):
        log("EngineCore", "core.py:1454", "[shutdown] EngineCore: trigger received signal=SIGTERM")
        self.kill_workers()
        os._exit(0)

    def eat(self, *_):
        """Memory that is really used, page by page: the way to the out-of-memory killer."""
        for _ in range(int(self.knobs["appetite_mb"])):
            self.food.append(bytearray(b"x" * MIB))

    def kill_workers(self):
        for process in self.workers:
            process.kill()

    def give_up(self):
        self.kill_workers()
        os._exit(1)

    def wait(self, seconds):
        """Waits while all the workers live."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            gone = [rank for rank, process in enumerate(self.workers) if process.poll() is not None]
            if gone:
                log("EngineCore", "multiproc_executor.py:315", f"Worker proc VllmWorker-{gone[0]} died unexpectedly "
                    f"(exit code: {self.workers[gone[0]].returncode}), shutting down executor.", "ERROR")
                self.give_up()
            time.sleep(max(0, min(POLL, deadline - time.monotonic())))

    def phase(self, name, seconds):
        """A part of the start: it takes its time, hangs for ever or ends it all, as the knobs say."""
        if self.knobs["fail"] and self.knobs["fail_at"] == name:
            recording.replay(self.knobs["fail"], self.knobs["replay_factor"], self.wait)
            self.give_up()
        if self.knobs["hang_at"] == name:
            self.wait(LONGEST_SECONDS)
        flood(self.knobs, name)
        self.wait(seconds)

    def download(self):
        """Fills the cache as weights from the hub do."""
        folder = pathlib.Path(os.environ.get("XDG_CACHE_HOME", "/nonexistent")) / "huggingface" / "hub"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with open(folder / "weights.incomplete", "wb") as weights:
                for _ in range(int(self.knobs["download_mb"])):
                    weights.write(b"w" * MIB)
        except OSError:
            for line in traceback.format_exc().splitlines():
                log("EngineCore", "core.py:1199", line, "ERROR")
            self.give_up()

    def load(self):
        """The start, with the log lines of a real one: those of a recording, or its own."""
        knobs = self.knobs
        if knobs["replay"]:
            recording.replay(knobs["replay"], knobs["replay_factor"], self.wait)
            return
        name = "Worker" if self.size == 1 else "Worker_TP0"
        slice_seconds = knobs["start_seconds"] / 4
        log("EngineCore", "core.py:133", f"Initializing a V1 LLM engine (v0.32.0) with config: model='{self.model}', "
            f"tokenizer='{self.model}', max_seq_len={self.max_length}, tensor_parallel_size={self.size}")
        self.wait(slice_seconds)
        if knobs["download_mb"]:
            self.download()
        if self.size > 1 and knobs["device"] == "gpu":
            log(name, "pynccl.py:111", "vLLM is using nccl==2.29.7")
        self.phase("nccl", 0)
        log(name, "cpu_model_runner.py:68" if knobs["device"] == "cpu" else "gpu_model_runner.py:5174",
            f"Starting to load model {self.model}...")
        print("Loading safetensors checkpoint shards:   0% Completed | 0/1 [00:00<?, ?it/s]", flush=True)
        self.phase("load", slice_seconds)
        if not os.path.exists(os.path.join(self.model, "config.json")):
            log(name, "core.py:1199", f"RuntimeError: Cannot find any model weights with `{self.model}`", "ERROR")
            self.give_up()
        print("Loading safetensors checkpoint shards: 100% Completed | 1/1 [00:00<00:00, 114.82it/s]\n", flush=True)
        log(name, "default_loader.py:501", f"Loading weights took {slice_seconds:.2f} seconds")
        tokens = knobs["kv_cache_tokens"]
        if knobs["device"] == "gpu":
            log(name, "gpu_worker.py:498", f"Available KV cache memory: {tokens * 36 / 2**20:.2f} GiB")
        log("EngineCore", "kv_cache_utils.py:2327", f"{knobs['device'].upper()} KV cache size: {tokens:,} tokens, "
            f"Maximum concurrency for {self.max_length:,} tokens per request: {tokens / self.max_length:.2f}x")
        self.phase("warmup", 2 * slice_seconds)
        log("EngineCore", "core.py:402",
            f"init engine (profile, create kv cache, warmup model) took {2 * slice_seconds:.2f} s")
