"""A benchmark whose times are computed, not waited for: what a perfect client sees of a server that answers as told.

Nothing is sent. The server is told the sums by a POST to /standin/arithmetic, so that its counters can agree, or not.
"""

import json

from .guidellm_load import Record

BEGIN = 1795491527.0
KEYS = {"ttft_ms": 50, "itl_ms": 10, "slow_per_thousand": 0, "slow_ttft_ms": 7000, "errors_per_thousand": 0,
        "stall_at": None, "stall_ms": 0}


def among(number, per_thousand):
    """Exactly so many of each thousand, evenly spread."""
    return (number + 1) * per_thousand // 1000 > number * per_thousand // 1000


class Arithmetic:
    """The records of one benchmark, in the place of a Load that really sends."""

    def __init__(self, options, client, model, rate, told):
        unknown = set(told) - set(KEYS)
        if unknown:
            raise ValueError(f"no such knob of arithmetic: {', '.join(sorted(unknown))}")
        self.options, self.client, self.model, self.rate = options, client, model, rate
        self.told = {**KEYS, **told}
        self.records, self.started, self.ended = [], 0.0, 0.0

    def counts(self):
        errored = sum(record.status == "errored" for record in self.records)
        return {"completed": len(self.records) - errored, "errored": errored, "cancelled": 0}

    async def run(self):
        self.started = self.ended = BEGIN
        count = min(n for n in (self.options.samples, self.options.max_requests) if n is not None and n >= 0)
        self.records = [self.record(number) for number in range(count)]
        self.ended = max(record.end for record in self.records)
        done = [record for record in self.records if record.status == "completed"]
        sums = {"requests": len(self.records), "prompt_tokens": sum(r.prompt_tokens for r in self.records),
                "generation_tokens": sum(r.output_tokens for r in done),
                "latency_seconds": sum(r.end - r.sent for r in self.records),
                "ttft_seconds": sum(r.first - r.sent for r in self.records)}
        reader, writer = await self.client.ask("POST", "/standin/arithmetic", json.dumps(sums).encode())
        await self.client.head(reader)
        writer.close()

    def record(self, number):
        told, tokens = self.told, self.options.output_tokens
        first = (told["slow_ttft_ms"] if among(number, told["slow_per_thousand"]) else told["ttft_ms"]) / 1000
        streaming = told["itl_ms"] * (tokens - 1) / 1000
        if self.rate:
            due = BEGIN + number / self.rate
        else:
            due = BEGIN + number // self.options.concurrency * (told["ttft_ms"] / 1000 + streaming)
        sent = due
        if self.rate and told["stall_at"] is not None and number >= told["stall_at"]:
            # The client itself stands still: what falls due meanwhile is sent when it wakes.
            sent = max(due, BEGIN + told["stall_at"] / self.rate + told["stall_ms"] / 1000)
        last = sent + first + streaming
        failed = among(number, told["errors_per_thousand"])
        return Record(number, due, sent, sent + first, last, last, tokens, self.options.prompt_tokens, tokens,
                      "APIError('EngineCore encountered an issue.')" if failed else None,
                      "errored" if failed else "completed")
