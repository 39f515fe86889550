"""What the agent costs: each function measures one thing and gives numbers, not opinions."""

import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import vm

# Lines as a serving vLLM prints them, and one failure at the end.
SERVING = ("(APIServer pid=4242) INFO 11-24 03:10:{:02d} [loggers.py:127] Engine 000: Avg prompt throughput: {}.0 tokens/s, "
           "Avg generation throughput: {}.5 tokens/s, Running: {} reqs, Waiting: 0 reqs, GPU KV cache usage: 12.{}%, "
           "Prefix cache hit rate: 0.0%\n"
           "(APIServer pid=4242) INFO:     10.0.0.{}:52144 - \"POST /v1/chat/completions HTTP/1.1\" 200 OK\n")
FAILURE = ("(EngineCore pid=4243) ERROR 11-24 03:11:00 [core.py:1100] torch.OutOfMemoryError: CUDA out of memory. "
           "Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 44.42 GiB of which 1.05 GiB is free.\n")


def command_time(command):
    begin = time.monotonic()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, timeout=vm.DEADLINE)
    return time.monotonic() - begin


def start_time(agent, endpoint):
    """Seconds from the launcher's start until vLLM's program runs: a stub that says so through a pipe."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        site = vm.Site(Path(name), endpoint)
        pipe = Path(name) / "pipe"
        os.mkfifo(pipe)
        site.engines = Path(name) / "engines"
        (site.engines / "bin").mkdir(parents=True)
        stub = site.engines / "bin" / "vllm"
        stub.write_text(f"#!/bin/sh\necho > '{pipe}'\nexec sleep {vm.DEADLINE}\n")
        stub.chmod(0o755)
        with open(os.open(pipe, os.O_RDWR), "rb") as ear:
            begin = time.monotonic()
            process = site.start(agent)
            ear.readline()
            taken = time.monotonic() - begin
        process.kill()  # the leader ends the stub
        process.wait(vm.DEADLINE)
        return taken


def start_medians(commands, repetitions):
    """Medians of alternating runs, so that what else the machine does meets all alike; in seconds, by name."""
    times = {name: [] for name in commands}
    for _ in range(repetitions):
        for name, measured in commands.items():
            times[name].append(measured())
    return {name: statistics.median(taken) for name, taken in times.items()}


def memory(pid):
    """VmHWM, VmRSS and RssAnon in MiB."""
    fields = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return {name: int(fields[name].split()[0]) / 1024 for name in ("VmHWM", "VmRSS", "RssAnon")}


def cpu_seconds(pid):
    """Of all threads, those that ended included."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def serving(agent, endpoint, log_mib, idle_seconds):
    """Memory and processor time of an agent that read `log_mib` of log and then serves `idle_seconds` without requests."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        site = vm.Site(Path(name), endpoint, '{"log_flood_mb": %d}' % log_mib)
        process = site.start(agent)
        try:
            site.await_ready(process)
            time.sleep(15)  # what READY brings with it: the state's delivery, the first questions
            begin, used = time.monotonic(), cpu_seconds(process.pid)
            time.sleep(idle_seconds)
            share = (cpu_seconds(process.pid) - used) / (time.monotonic() - begin)
            return memory(process.pid), share
        finally:
            vm.end(process)


def write_log(file, size):
    block = "".join(SERVING.format(i % 60, 800 + i, 400 + i, i % 64, i % 10, i % 250) for i in range(2000)).encode()
    with file.open("wb") as out:
        while out.tell() < size:
            out.write(block)
        out.write(FAILURE.encode())


def diagnosis(agent, file):
    """Seconds and peak resident MiB of `vllm-agent diagnose FILE`, which must find the failure."""
    with tempfile.TemporaryFile() as out:
        begin = time.monotonic()
        process = subprocess.Popen([agent, "diagnose", file], stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
        taken = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        said = out.read().decode()
    if process.returncode != 0 or "OUT_OF_GPU_MEMORY" not in said:
        raise RuntimeError(f"diagnose ended with {process.returncode} and said {said}")
    return taken, usage.ru_maxrss / 1024
