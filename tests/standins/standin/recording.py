"""Recorded logs, replayed with the pauses between their lines."""

import pathlib
import re
import time

from . import knobs as knob

LOGS = pathlib.Path(__file__).resolve().parent.parent / "logs"
TIME = re.compile(r"\b\d\d-\d\d (\d\d):(\d\d):(\d\d)\b")


def replay(name, factor, wait=time.sleep):
    """Prints the log; what took a second when it was recorded takes so many seconds now."""
    file = LOGS / (name + ".log")
    if not file.is_file():
        knob.refuse(f"no recorded log {file}")
    before = None
    for line in file.read_text(encoding="utf-8").splitlines():
        stamp = TIME.search(line)
        if stamp:
            hours, minutes, seconds = map(int, stamp.groups())
            now = hours * 3600 + minutes * 60 + seconds
            if before is not None and now > before and factor > 0:
                wait((now - before) * factor)
            before = now
        print(line, flush=True)
