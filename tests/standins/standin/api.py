"""The HTTP interface of the vLLM stand-in: health, models, metrics and completions, counted as they happen."""

import asyncio
import json
import random
import time

from .histogram import BOUNDS, Histogram

BLOCK = 16
REASONS = ("stop", "length", "abort", "error", "repetition")
GAUGES = {"num_requests_running", "num_requests_waiting", "kv_cache_usage_perc"}
STATUS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 500: "Internal Server Error",
          503: "Service Unavailable"}
DEAD = {"error": {"message": "EngineCore encountered an issue. See stack trace (above) for the root cause.",
                  "type": "InternalServerError", "param": None, "code": 500}}


class Api:
    def __init__(self, model, root, max_length, knobs, key):
        self.model, self.root, self.max_length, self.knobs, self.key = model, root, max_length, knobs, key
        self.stopped = self.dead = False
        self.random = random.Random(knobs["seed"])
        self.slots = asyncio.Semaphore(knobs["max_concurrency"])
        self.number = self.asked_health = 0
        self.held_tokens = 0
        self.counted = dict.fromkeys(("num_requests_running", "num_requests_waiting", "prompt_tokens_total",
                                      "generation_tokens_total", "prefix_cache_queries_total",
                                      "prefix_cache_hits_total", "num_preemptions_total"), 0)
        self.finished = dict.fromkeys(REASONS, 0)
        self.times = {name: Histogram(name) for name in BOUNDS}
        self.seen_prompts = set()
        self.streams = set()
        self.stopping = False

    async def connection(self, reader, writer):
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                line, *fields = head.decode("latin-1").split("\r\n")
                method, path, _ = line.split(" ", 2)
                headers = {name.lower(): value.strip() for name, _, value in (f.partition(":") for f in fields if f)}
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                await self.answer(reader, writer, method, path.partition("?")[0], headers, body)
                await writer.drain()
                if self.stopping or headers.get("connection", "").lower() == "close":
                    return
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, ValueError):
            pass
        finally:
            writer.close()

    async def answer(self, reader, writer, method, path, headers, body):
        if path.startswith(("/v1", "/v2")) and self.key and headers.get("authorization") != "Bearer " + self.key:
            return send(writer, 401, {"error": "Unauthorized"})
        if path == "/health":
            self.asked_health += 1
            return send(writer, 200 if self.is_well() else 503, None)
        if path == "/version":
            return send(writer, 200, {"version": "0.32.0"})
        if path == "/v1/models":
            entry = {"id": self.model, "object": "model", "created": int(time.time()), "owned_by": "vllm",
                     "root": self.root, "parent": None, "max_model_len": self.max_length, "permission": []}
            return send(writer, 200, {"object": "list", "data": [entry]})
        if path == "/metrics":
            return send(writer, 200, self.metrics(), "text/plain; version=1.0.0; charset=utf-8")
        if method == "POST" and self.dead:
            return send(writer, 500, DEAD)
        if method == "POST" and path in ("/v1/completions", "/v1/chat/completions"):
            return await self.complete(reader, writer, body, "chat" in path)
        return send(writer, 404, {"detail": "Not Found"})

    def is_well(self):
        if self.dead or self.asked_health <= self.knobs["unready"]:
            return False
        if not self.knobs["health_flaps"]:
            return True
        good, bad = self.knobs["health_flaps"]
        return (self.asked_health - self.knobs["unready"] - 1) % (good + bad) < good

    def metrics(self):
        label = f'engine="0",model_name="{self.model}"'
        values = {**self.counted, "kv_cache_usage_perc": min(1.0, self.held_tokens / self.knobs["kv_cache_tokens"])}
        lines = []
        for name, value in values.items():
            lines.append(f"# HELP vllm:{name} {name.replace('_', ' ')}.")
            lines.append(f"# TYPE vllm:{name} {'gauge' if name in GAUGES else 'counter'}")
            lines.append(f"vllm:{name}{{{label}}} {float(value)}")
        lines.append("# TYPE vllm:request_success_total counter")
        for reason, count in self.finished.items():
            lines.append(f'vllm:request_success_total{{engine="0",finished_reason="{reason}",'
                         f'model_name="{self.model}"}} {float(count)}')
        for histogram in self.times.values():
            lines.extend(histogram.lines(label))
        return "\n".join(lines) + "\n"

    async def complete(self, reader, writer, body, chat):
        try:
            request = json.loads(body)
        except ValueError:
            return send(writer, 400, problem("the body is no JSON", "BadRequestError", 400))
        if request.get("model") not in (None, self.model):
            return send(writer, 404, problem(f"The model `{request['model']}` does not exist. Valid aliases: "
                                             f"{self.model}.", "NotFoundError", 404))
        prompt, prompt_tokens = read_prompt(request, chat)
        wanted = int(request.get("max_tokens") or request.get("max_completion_tokens") or 16)
        if prompt_tokens + wanted > self.max_length:
            return send(writer, 400, problem(f"This model's maximum context length is {self.max_length} tokens. However, "
                                             f"you requested {wanted} output tokens and your prompt contains "
                                             f"{prompt_tokens} input tokens", "BadRequestError", 400))
        self.number += 1
        answer = Answer(self, reader, writer, request, chat, self.number, prompt_tokens, wanted)
        self.counted["num_requests_waiting"] += 1
        waiting, reason, task = True, "abort", asyncio.current_task()
        arrival = answer.latest = asyncio.get_running_loop().time()
        self.streams.add(task)
        try:
            async with self.slots:
                self.counted["num_requests_waiting"] -= 1
                waiting = False
                self.counted["num_requests_running"] += 1
                self.held_tokens += prompt_tokens + wanted
                self.count_prompt(prompt, prompt_tokens)
                try:
                    reason = await answer.give()
                finally:
                    self.counted["num_requests_running"] -= 1
                    self.held_tokens -= prompt_tokens + wanted
        except asyncio.CancelledError:
            if not self.stopping:
                raise
            answer.fail()
        finally:
            self.streams.discard(task)
            if waiting:
                self.counted["num_requests_waiting"] -= 1
            self.finished[reason] += 1
            ended = answer.latest if reason == "length" else asyncio.get_running_loop().time()
            self.times["e2e_request_latency_seconds"].observe(ended - arrival)

    def count_prompt(self, prompt, tokens):
        """A prompt seen before is a hit, up to its last whole block, as in a real prefix cache."""
        key = hash(prompt)
        hits = (tokens - 1) // BLOCK * BLOCK if key in self.seen_prompts else 0
        self.seen_prompts.add(key)
        self.counted["prompt_tokens_total"] += tokens
        self.counted["prefix_cache_queries_total"] += tokens
        self.counted["prefix_cache_hits_total"] += max(hits, round(tokens * self.knobs["prefix_cache_hit_share"]))

    def die(self):
        """The engine is gone: what is under way ends with an error inside its stream, and nothing new begins."""
        self.dead = self.stopping = True
        for task in list(self.streams):
            task.cancel()

    async def stop(self):
        """What is under way ends with an error inside its stream."""
        self.stopping = True
        under_way = list(self.streams)
        for task in under_way:
            task.cancel()
        if under_way:
            await asyncio.wait(under_way, timeout=0.5)


class Answer:
    """One completion: its tokens fall due on a fixed timetable, and those that are late are sent together."""

    def __init__(self, api, reader, writer, request, chat, number, prompt_tokens, wanted):
        self.reader = reader
        self.api, self.writer, self.chat, self.number, self.wanted = api, writer, chat, number, wanted
        self.streamed = bool(request.get("stream"))
        self.with_usage = bool((request.get("stream_options") or {}).get("include_usage"))
        self.usage = {"prompt_tokens": prompt_tokens, "total_tokens": prompt_tokens + wanted,
                      "completion_tokens": wanted}
        self.begun = False
        self.latest = 0.0  # when it arrived, then when its latest token was made

    def count(self, fresh, is_first):
        """As the engine counts: from its arrival to the first token, then from each token to the next."""
        times, now = self.api.times, asyncio.get_running_loop().time()
        self.api.counted["generation_tokens_total"] += fresh
        passed, self.latest = now - self.latest, now
        if is_first:
            times["time_to_first_token_seconds"].observe(passed)
            fresh, passed = fresh - 1, 0.0
        if fresh:
            times["inter_token_latency_seconds"].observe(passed / fresh, fresh)

    def chunk(self, text, reason):
        part = {"text": text}
        if self.chat:
            part = {"delta" if self.streamed else "message": {"role": "assistant", "content": text}}
        return {"id": f"{'chatcmpl' if self.chat else 'cmpl'}-{self.number:016x}",
                "object": ("chat.completion.chunk" if self.streamed else "chat.completion") if self.chat
                else "text_completion",
                "created": int(time.time()), "model": self.api.model,
                "choices": [{"index": 0, **part, "logprobs": None, "finish_reason": reason}]}

    async def give(self):
        knobs, api = self.api.knobs, self.api
        slow = api.random.random() < knobs["slow_tail_share"]
        first = asyncio.get_running_loop().time() + (knobs["ttft_ms"] + (knobs["slow_tail_ms"] if slow else 0)) / 1000
        gap = knobs["itl_ms"] / 1000
        broken = knobs["error_in_stream_after"] is not None and self.number > knobs["error_in_stream_after"]
        stalled = knobs["stall_after"] is not None and self.number > knobs["stall_after"]
        if self.streamed:
            self.writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
                              b"Transfer-Encoding: chunked\r\n\r\n")
            self.begun = True
        plain, last = event(self.chunk(" token", None)), event(self.chunk(" token", "length"))
        sent = 0
        while sent < self.wanted:
            while api.stopped:
                await asyncio.sleep(0.05)
            now = asyncio.get_running_loop().time()
            due = self.wanted if gap <= 0 and now >= first else int((now - first) / gap) + 1 if now >= first else 0
            due = min(due, self.wanted)
            if self.reader.at_eof() or self.writer.is_closing():
                return "abort"
            if stalled and sent >= 1:
                await asyncio.sleep(0.1)
                continue
            if broken and due:
                self.fail()
                return "error"
            if due > sent:
                fresh = 1 if stalled else due - sent
                self.count(fresh, is_first=sent == 0)
                if sent == 0 and knobs["transport_ms"]:
                    await asyncio.sleep(knobs["transport_ms"] / 1000)
                sent += fresh
                if self.streamed:
                    self.write(plain * (fresh - 1) + last if sent == self.wanted else plain * fresh)
                    await self.writer.drain()
            if sent < self.wanted:
                await asyncio.sleep(max(0.0, first + sent * gap - asyncio.get_running_loop().time()))
        if not self.streamed:
            send(self.writer, 200, {**self.chunk(" token" * self.wanted, "length"), "usage": self.usage})
            return "length"
        tail = event({**self.chunk("", None), "choices": [], "usage": self.usage}) if self.with_usage else b""
        self.write(tail + b"data: [DONE]\n\n")
        self.writer.write(b"0\r\n\r\n")
        return "length"

    def write(self, data):
        self.writer.write(b"%x\r\n%s\r\n" % (len(data), data))

    def fail(self):
        if self.begun:
            self.write(event(DEAD) + b"data: [DONE]\n\n")
            self.writer.write(b"0\r\n\r\n")
        else:
            send(self.writer, 503, DEAD)


def read_prompt(request, chat):
    if not chat:
        prompt = request.get("prompt", "")
        if isinstance(prompt, list):
            return json.dumps(prompt), max(1, len(prompt))
        return prompt, max(1, len(prompt.split()))
    messages = request.get("messages", [])
    text = "\n".join(f"{m.get('role')}: {m.get('content')}" for m in messages)
    # The template adds the marks of each turn and of the answer's.
    return text, len(text.split()) + 5 * len(messages) + 3


def problem(message, kind, code):
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def event(content):
    return b"data: " + json.dumps(content, separators=(",", ":")).encode() + b"\n\n"


def send(writer, status, body, kind="application/json"):
    data = b"" if body is None else body.encode() if isinstance(body, str) else json.dumps(body).encode()
    writer.write(f"HTTP/1.1 {status} {STATUS[status]}\r\nContent-Type: {kind}\r\n"
                 f"Content-Length: {len(data)}\r\n\r\n".encode() + data)
