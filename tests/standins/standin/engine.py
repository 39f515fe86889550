"""The processes behind the API server: an engine core and its workers, their log, and how they end.

They stay when the API server alone is killed, as the real ones do, and hold nothing but their names.
"""

import os
import signal
import subprocess
import sys
import time

# Should a test lose them, they end by themselves.
LONGEST_SECONDS = 1800
LINE = "({who} pid={pid}) {level} {when} [{source}] {text}"


def log(who, source, text, level="INFO"):
    print(LINE.format(who=who, pid=os.getpid(), level=level, when=time.strftime("%m-%d %H:%M:%S"), source=source,
                      text=text), flush=True)


def name_process(name):
    with open("/proc/self/comm", "w", encoding="ascii") as comm:
        comm.write(name)


def hang(knobs, phase):
    if knobs["hang_at"] == phase:
        time.sleep(LONGEST_SECONDS)


def worker(rank):
    name_process("VLLM::Worker_TP%d" % rank)
    # The real ones end by the core's word, or by SIGKILL.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(LONGEST_SECONDS)


def load(knobs, model, size, max_length):
    """The start of the core, with the log lines of a real one."""
    name = "Worker" if size == 1 else "Worker_TP0"
    slice_seconds = knobs["start_seconds"] / 4
    log("EngineCore", "core.py:133", f"Initializing a V1 LLM engine (v0.32.0) with config: model='{model}', "
        f"tokenizer='{model}', max_seq_len={max_length}, tensor_parallel_size={size}")
    time.sleep(slice_seconds)
    if size > 1 and knobs["device"] == "gpu":
        log(name, "pynccl.py:111", "vLLM is using nccl==2.29.7")
    hang(knobs, "nccl")
    log(name, "cpu_model_runner.py:68" if knobs["device"] == "cpu" else "gpu_model_runner.py:5174",
        f"Starting to load model {model}...")
    print("Loading safetensors checkpoint shards:   0% Completed | 0/1 [00:00<?, ?it/s]", flush=True)
    hang(knobs, "load")
    time.sleep(slice_seconds)
    print("Loading safetensors checkpoint shards: 100% Completed | 1/1 [00:00<00:00, 114.82it/s]\n", flush=True)
    log(name, "default_loader.py:501", f"Loading weights took {slice_seconds:.2f} seconds")
    tokens = knobs["kv_cache_tokens"]
    if knobs["device"] == "gpu":
        log(name, "gpu_worker.py:498", f"Available KV cache memory: {tokens * 36 / 2**20:.2f} GiB")
    log("EngineCore", "kv_cache_utils.py:2327", f"{knobs['device'].upper()} KV cache size: {tokens:,} tokens, Maximum "
        f"concurrency for {max_length:,} tokens per request: {tokens / max_length:.2f}x")
    hang(knobs, "warmup")
    time.sleep(2 * slice_seconds)
    log("EngineCore", "core.py:402",
        f"init engine (profile, create kv cache, warmup model) took {2 * slice_seconds:.2f} s")


def core(knobs, model, size, max_length, ready, script):
    """Runs until a worker is gone or SIGTERM comes; then no worker is left."""
    name_process("VLLM::EngineCore")
    workers = []

    def end(*_):
        log("EngineCore", "core.py:1454", "[shutdown] EngineCore: trigger received signal=SIGTERM")
        for process in workers:
            process.kill()
        os._exit(0)

    signal.signal(signal.SIGTERM, signal.SIG_IGN if knobs["ignore_sigterm"] else end)
    for rank in range(size):
        workers.append(subprocess.Popen([sys.executable, script, "worker", str(rank)], stdin=subprocess.DEVNULL))
    load(knobs, model, size, max_length)
    signal.signal(signal.SIGTERM, end)
    os.write(ready, b"ready\n")
    os.close(ready)
    deadline = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < deadline:
        gone = [rank for rank, process in enumerate(workers) if process.poll() is not None]
        if gone:
            log("EngineCore", "multiproc_executor.py:267",
                f"Worker proc VllmWorker-{gone[0]} died unexpectedly, shutting down executor.", "ERROR")
            break
        time.sleep(0.05)
    for process in workers:
        process.kill()
    sys.exit(1)
