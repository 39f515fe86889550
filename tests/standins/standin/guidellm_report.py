"""The JSON report of GuideLLM 0.8 (version 2 of its shape) for what a Load has measured."""

import platform
import statistics
import uuid

CENTILES = {"p001": 0.001, "p01": 0.01, "p05": 0.05, "p10": 0.1, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p90": 0.9,
            "p95": 0.95, "p99": 0.99, "p999": 0.999}
STATUS = {"successful": "completed", "errored": "errored", "incomplete": "cancelled"}
KEY = "api_key"


def distribution(values, mean=None):
    ordered = sorted(values)
    many = len(ordered)

    def at(share):
        return ordered[min(many - 1, int(share * many))] if many else 0.0

    deviation = statistics.pstdev(ordered) if many else 0.0
    return {"mean": mean if mean is not None else statistics.fmean(ordered) if many else 0.0, "median": at(0.5),
            "mode": at(0.5), "variance": deviation**2, "std_dev": deviation, "min": at(0), "max": at(1), "count": many,
            "total_sum": sum(ordered), "percentiles": {name: at(share) for name, share in CENTILES.items()},
            "pdf": None, "mean_ci": None, "percentile_cis": None}


def request(record, options, scheduled):
    whole = record.status == "completed"
    tokens = record.output_tokens or record.chunks
    prompt = record.prompt_tokens or options.prompt_tokens
    latency = record.end - record.sent
    first = (record.first - record.sent) * 1000 if record.first else None
    identity = str(uuid.UUID(int=(options.seed << 64) + record.number))
    timings = {
        "targeted_start": record.due, "predecessor_completed": None, "queued": scheduled, "dequeued": record.sent,
        "scheduled_at": record.sent, "resolve_start": record.sent, "request_start": record.sent,
        "first_request_iteration": record.first, "first_token_iteration": record.first,
        "first_output_token_iteration": record.first, "last_token_iteration": record.last,
        "last_request_iteration": record.last, "request_iterations": record.chunks + 2 if whole else record.chunks,
        "token_iterations": record.chunks, "last_request_sent": None, "request_sent_sum": 0.0, "request_sent_count": 0,
        "token_received_sum": 0.0, "token_received_count": 0, "request_end": record.end if whole else None,
        "resolve_end": record.end, "finalized": record.end}
    return {
        "type_": "generative_request_stats", "request_id": identity, "response_id": "x" if whole else None,
        "request_args": None, "output": " token" * tokens if tokens else None, "reasoning_output": None,
        "tool_calls": None,
        "info": {"request_id": identity, "history_len": 0, "turn_index": 0, "status": record.status,
                 "scheduler_node_id": 0, "scheduler_process_id": 0, "scheduler_start_time": scheduled,
                 "timings": timings, "error": record.error, "traceback": None, "started_at": record.sent,
                 "completed_at": record.end},
        "input_metrics": {"text_tokens": prompt, "total_tokens": prompt},
        "output_metrics": {"text_tokens": tokens if whole else None, "total_tokens": tokens if whole else None},
        "request_start_time": record.sent, "request_end_time": record.end,
        "request_latency": latency if whole else None, "prompt_tokens": prompt, "output_tokens": tokens or None,
        "total_tokens": prompt + tokens, "time_to_first_token_ms": first,
        "time_to_first_output_token_ms": first,
        "time_per_output_token_ms": (record.last - record.sent) * 1000 / tokens if record.last else None,
        "inter_token_latency_ms": (record.last - record.first) * 1000 / (tokens - 1) if tokens > 1 and record.first
        else None,
        "tokens_per_second": (prompt + tokens) / latency if whole else None,
        "output_tokens_per_second": tokens / latency if whole else None}


def metrics(requests, seconds):
    groups = {**requests, "total": [one for group in requests.values() for one in group]}

    def plain(name):
        return {group: distribution([one[name] for one in ones if one[name] is not None])
                for group, ones in groups.items()}

    def per_second(value):
        return {group: distribution([value(one) for one in ones], sum(map(value, ones)) / seconds)
                for group, ones in groups.items()}

    return {
        "request_totals": {**{group: len(ones) for group, ones in requests.items()},
                           "total": sum(map(len, requests.values()))},
        "requests_per_second": per_second(lambda one: 1 if one["request_latency"] is not None else 0),
        "request_concurrency": per_second(lambda one: one["request_end_time"] - one["request_start_time"]),
        "request_latency": plain("request_latency"), "prompt_token_count": plain("prompt_tokens"),
        "output_token_count": plain("output_tokens"), "total_token_count": plain("total_tokens"),
        "time_to_first_token_ms": plain("time_to_first_token_ms"),
        "time_per_output_token_ms": plain("time_per_output_token_ms"),
        "inter_token_latency_ms": plain("inter_token_latency_ms"),
        "prompt_tokens_per_second": per_second(lambda one: one["prompt_tokens"]),
        "output_tokens_per_second": per_second(lambda one: one["output_tokens"] or 0),
        "tokens_per_second": per_second(lambda one: one["total_tokens"])}


def without_key(backend):
    return {**backend, KEY: "**********"} if backend.get(KEY) else {**backend, KEY: None}


def strategy(load):
    found = {"type_": load.options.kind, "worker_count": 1 if load.options.kind == "synchronous" else 10,
             "max_concurrency": load.options.concurrency}
    return {**found, "rate": load.rate, "rampup_duration": 0.0} if load.rate else found


def state(load, lost):
    """Who asks for its end in the moment in which the last answer comes never hears of that one."""
    counts = load.counts()
    processed = counts["completed"] + counts["errored"] + counts["cancelled"]
    return {"created_requests": processed, "processing_requests": len(lost),
            "processed_requests": processed - len(lost), "successful_requests": counts["completed"] - len(lost),
            "errored_requests": counts["errored"], "cancelled_requests": counts["cancelled"],
            "queued_requests": 0, "pending_requests": 0}


def benchmark(load, index, knobs):
    seconds = max(load.ended - load.started, 1e-6)
    lost = load.records[-1:] if knobs["loses_last"] and load.rate else []
    requests = {group: [request(record, load.options, load.started) for record in load.records
                        if record.status == status and record.sent is not None and record not in lost]
                for group, status in STATUS.items()}
    return {
        "type_": "generative_benchmark",
        "config": {"id_": str(uuid.uuid4()), "run_index": index, "strategy": strategy(load),
                   "constraints": {limit["kind"]: {"type_": limit["kind"], "args": limit}
                                   for limit in load.options.spec.get("constraints", [])},
                   "profile": load.options.spec["profile"], "requests": load.options.spec.get("data_loader"),
                   "backend": {**without_key(load.options.spec["backend"]), "model": load.model}},
        "scheduler_state": state(load, lost),
        "scheduler_metrics": {"start_time": load.started, "request_start_time": load.started,
                              "measure_start_time": load.started, "measure_end_time": load.ended,
                              "request_end_time": load.ended, "end_time": load.ended,
                              "strategy_type": load.options.kind},
        "metrics": metrics(requests, seconds), "requests": {**requests, "total": None}, "warnings": [],
        "start_time": load.started, "end_time": load.ended, "duration": seconds, "warmup_duration": 0.0,
        "cooldown_duration": 0.0}


def document(options, loads, knobs):
    spec = {**options.spec, "backend": without_key(options.spec["backend"])}
    return {"metadata": {"version": 2, "guidellm_version": "0.8.1", "python_version": platform.python_version(),
                         "platform": platform.platform()},
            "config": {"metadata": {"labels": options.labels}, "spec": spec},
            "benchmarks": [benchmark(load, index, knobs) for index, load in enumerate(loads)], "conclusions": []}
