"""How a stand-in behaves: defaults, then standin.json in the model's folder, then STANDIN_* in the environment."""

import json
import os
import pathlib
import sys

VLLM = {
    "start_seconds": 0.3, "ttft_ms": 5, "itl_ms": 1, "max_concurrency": 64, "device": "gpu", "kv_cache_tokens": 262144,
    "fail": None, "exit_code": 1, "hang_at": None, "ignore_sigterm": False, "unready": 0, "die_after_seconds": None,
    "error_in_stream_after": None, "stall_after": None, "slow_tail_share": 0.0, "slow_tail_ms": 0,
    "prefix_cache_hit_share": 0.0, "log_flood_mb": 0, "log_flood_at": "start", "seed": 0, "guidellm": {},
    "fail_at": "start", "replay": None, "replay_factor": 0.0, "linger_seconds": 0.0, "health_flaps": None,
    "download_mb": 0, "appetite_mb": 256, "transport_ms": 0,
}
GUIDELLM = {"exit_code": 0, "hang": False, "hang_after": None, "no_report": False, "loses_last": False,
            "start_seconds": 0.0, "progress_seconds": 1.0, "arithmetic": None}


def refuse(text):
    # A misspelt knob would otherwise be a test that proves nothing.
    print("stand-in: " + text, file=sys.stderr, flush=True)
    sys.exit(64)


def read(model, section=None):
    file = pathlib.Path(model) / "standin.json"
    found = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    defaults = VLLM
    if section == "guidellm":
        defaults, found = GUIDELLM, found.get("guidellm", {})
    for name in defaults:
        variable = "STANDIN_" + ("GUIDELLM_" if section else "") + name.upper()
        if variable in os.environ:
            found[name] = json.loads(os.environ[variable])
    unknown = sorted(set(found) - set(defaults))
    if unknown:
        refuse(f"no such knob in {file}: {', '.join(unknown)}")
    return {**defaults, **found}
