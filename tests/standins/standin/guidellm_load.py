"""Sends the requests of one benchmark when they are due, streams the answers and notes the times."""

import asyncio
import dataclasses
import json
import random
import time
import urllib.parse

CONNECT_SECONDS = 5


@dataclasses.dataclass
class Record:
    number: int
    due: float
    sent: float | None = None
    first: float | None = None
    last: float | None = None
    end: float | None = None
    chunks: int = 0
    prompt_tokens: int | None = None
    output_tokens: int | None = None
    error: str | None = None
    status: str = "pending"


class Client:
    """HTTP/1.1 on connections that are used again."""

    def __init__(self, target, key):
        url = urllib.parse.urlsplit(target)
        self.host, self.port, self.target = url.hostname, url.port or 80, target
        self.key = f"Authorization: Bearer {key}\r\n" if key else ""
        self.idle = []

    async def ask(self, method, path, body=b""):
        if self.idle:
            reader, writer = self.idle.pop()
        else:
            reader, writer = await asyncio.wait_for(
                asyncio.open_connection(self.host, self.port, limit=2**22), CONNECT_SECONDS)
        writer.write(f"{method} {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\nContent-Type: application/json\r\n"
                     f"{self.key}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        return reader, writer

    async def head(self, reader):
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): text.strip() for name, _, text in (line.partition(":") for line in lines[1:] if line)}
        return int(lines[0].split()[1]), headers

    async def get(self, path):
        reader, writer = await self.ask("GET", path)
        try:
            status, headers = await self.head(reader)
            return status, await reader.readexactly(int(headers.get("content-length", 0)))
        finally:
            writer.close()

    async def stream(self, path, body):
        """Gives each event of the answer; an error status or an error event is raised."""
        reader, writer = await self.ask("POST", path, body)
        whole = False
        try:
            status, headers = await self.head(reader)
            if status != 200:
                raise ValueError(f"HTTPStatusError(\"{'Client' if status < 500 else 'Server'} error '{status}' for url "
                                 f"'{self.target}{path}'\")")
            rest = b""
            while size := int(await reader.readuntil(b"\r\n"), 16):
                rest += (await reader.readexactly(size + 2))[:-2]
                *lines, rest = rest.split(b"\n")
                for line in lines:
                    if line.startswith(b"data: ") and line != b"data: [DONE]":
                        event = json.loads(line[6:])
                        if "error" in event:
                            raise ValueError(f"APIError({event['error'].get('message')!r})")
                        yield event
            await reader.readexactly(2)
            whole = True
        finally:
            if whole:
                self.idle.append((reader, writer))
            else:
                writer.close()


class Load:
    """One benchmark: its timetable, its limits, and the records it leaves."""

    def __init__(self, options, client, model, rate, index, stop_after):
        self.options, self.client, self.model, self.rate = options, client, model, rate
        self.stop_after, self.random = stop_after, random.Random(options.seed)
        self.path = options.spec["backend"].get("request_format", "/v1/chat/completions")
        self.records, self.started, self.ended = [], 0.0, 0.0
        limits = [n for n in (options.samples, options.max_requests) if n is not None and n >= 0]
        self.count = min(limits) if limits else None
        self.slots = asyncio.Semaphore(options.concurrency)
        self.in_flight = set()

    def counts(self):
        found = {"completed": 0, "errored": 0, "cancelled": 0}
        for record in self.records:
            if record.status in found:
                found[record.status] += 1
        return found

    async def run(self):
        self.started = time.time()
        deadline = self.started + self.options.max_seconds if self.options.max_seconds is not None else None
        feeder = asyncio.create_task(self.feed())
        try:
            await asyncio.wait_for(feeder, None if deadline is None else max(0.0, deadline - time.time()))
        except TimeoutError:
            for task in list(self.in_flight):
                task.cancel()
            if self.in_flight:
                await asyncio.wait(self.in_flight)
        self.ended = time.time()

    async def feed(self):
        due, number = self.started, 0
        try:
            while self.count is None or number < self.count:
                if self.stop_after is not None and number >= self.stop_after:
                    await asyncio.sleep(86400)
                await asyncio.sleep(max(0.0, due - time.time()))
                await self.slots.acquire()
                # Without a rate a request is due when there is room for it.
                record = Record(number, due if self.rate else time.time())
                self.records.append(record)
                task = asyncio.create_task(self.one(record))
                self.in_flight.add(task)
                task.add_done_callback(self.in_flight.discard)
                number += 1
                if self.rate:
                    due += self.random.expovariate(self.rate) if self.options.kind == "poisson" else 1 / self.rate
        finally:
            if self.count is not None and number >= self.count and self.in_flight:
                await asyncio.wait(set(self.in_flight))

    def body(self, number):
        # As many words as tokens were asked, and never the same twice under one seed or another.
        prompt = " ".join(f"w{self.options.seed}n{number}p{i}" for i in range(self.options.prompt_tokens))
        asked = {"messages": [{"role": "user", "content": prompt}]} if "chat" in self.path else {"prompt": prompt}
        return json.dumps({"model": self.model, **asked, "max_tokens": self.options.output_tokens, "stream": True,
                           "ignore_eos": True, "stream_options": {"include_usage": True}}).encode()

    async def one(self, record):
        record.sent = time.time()
        try:
            async for event in self.client.stream(self.path, self.body(record.number)):
                if event.get("choices"):
                    record.last = time.time()
                    record.first = record.first or record.last
                    record.chunks += 1
                if event.get("usage"):
                    record.prompt_tokens = event["usage"]["prompt_tokens"]
                    record.output_tokens = event["usage"]["completion_tokens"]
            record.status = "completed" if record.chunks else "errored"
            record.error = None if record.chunks else "ValueError('no token came')"
        except asyncio.CancelledError:
            record.status, record.error = "cancelled", "Request was cancelled"
        except (OSError, ValueError, EOFError, asyncio.LimitOverrunError, TimeoutError) as failed:
            record.status, record.error = "errored", str(failed) or repr(failed)
        finally:
            record.end = time.time()
            self.slots.release()
