"""The command line of `guidellm run`, as far as an agent uses it; anything else is refused as the real one does."""

import dataclasses
import json
import pathlib
import sys

ONCE = {"--config", "--backend", "--tokenizer", "--data-loader", "--profile", "--seed"}
MANY = {"--label", "--data", "--constraint", "--output"}
FLAGS = {"--disable-console", "--disable-console-interactive"}
KINDS = {"synchronous", "concurrent", "throughput", "constant", "poisson"}


def refuse(text):
    print(f"Usage: guidellm run [OPTIONS]\nTry 'guidellm run --help' for help.\n\nError: {text}", file=sys.stderr)
    sys.exit(2)


@dataclasses.dataclass
class Options:
    spec: dict
    kind: str
    rates: list
    concurrency: int
    samples: int
    max_requests: int | None
    max_seconds: float | None
    prompt_tokens: int
    output_tokens: int
    seed: int
    outputs: list
    labels: dict


def value(text):
    try:
        return json.loads(text)
    except ValueError:
        return text


def pairs(name, text):
    found = {}
    for part in text.split(","):
        key, equals, content = part.partition("=")
        if not equals:
            refuse(f"Invalid value for '{name}': {text!r}")
        found[key] = value(content)
    return found


def words(arguments):
    """Each option with its values, in the order given."""
    found, overrides, rest = {}, {}, list(arguments)
    while rest:
        name, equals, content = rest.pop(0).partition("=")
        if name in FLAGS:
            continue
        if name == "--override":
            if len(rest) < 2:
                refuse("Option '--override' requires 2 arguments.")
            overrides[rest.pop(0)] = rest.pop(0)
            continue
        if name not in ONCE | MANY:
            refuse(f"No such option: {name}")
        if not equals:
            if not rest:
                refuse(f"Option '{name}' requires an argument.")
            content = rest.pop(0)
        if name in ONCE and name in found:
            refuse(f"Invalid value for '{name}': Option {name} cannot be specified multiple times.")
        found.setdefault(name, []).append(content)
    return found, overrides


def read(arguments):
    found, overrides = words(arguments)
    spec, labels = {}, {}
    if "--config" in found:
        try:
            config = json.loads(pathlib.Path(found["--config"][0]).read_text(encoding="utf-8"))
            spec, labels = config.get("spec", {}), config.get("metadata", {}).get("labels", {})
        except (OSError, ValueError) as wrong:
            refuse(f"Invalid value for '--config': {wrong}")
    for name in ("backend", "tokenizer", "profile", "seed"):
        if "--" + name in found:
            spec[name] = {**spec.get(name, {}), **pairs("--" + name, found["--" + name][0])}
    if "--data-loader" in found:
        spec["data_loader"] = pairs("--data-loader", found["--data-loader"][0])
    for option, name in (("--data", "data"), ("--constraint", "constraints"), ("--output", "outputs")):
        if option in found:
            spec[name] = [pairs(option, text) for text in found[option]]
    for name in ("backend", "profile", "data"):
        if not spec.get(name):
            refuse(f"Missing option '--{name}'.")
    labels = {**labels, **{name: text for label in found.get("--label", [])
                           for name, text in pairs("--label", label).items()}}
    return understand(spec, overrides, labels)


def understand(spec, overrides, labels):
    profile, data = spec["profile"], spec["data"][0]
    kind = profile.get("kind")
    if kind not in KINDS:
        refuse(f"Invalid value for '--profile': kind {kind!r}")
    if spec["backend"].get("kind") != "openai_http" or not str(spec["backend"].get("target", "")).startswith("http://"):
        refuse("Invalid value for '--backend': kind=openai_http and target=http://... are understood")
    if data.get("kind") != "synthetic_text" or "prompt_tokens" not in data or "output_tokens" not in data:
        refuse("Invalid value for '--data': kind=synthetic_text with prompt_tokens and output_tokens is understood")
    rates = [None]
    if kind in ("constant", "poisson"):
        text = str(overrides.get("profile.rate", profile.get("rate", "")))
        try:
            rates = [float(rate) for rate in text.split(",")]
        except ValueError:
            refuse(f"Invalid value for '--profile': rate {text!r}")
        if min(rates) <= 0:
            refuse("Invalid value for '--profile': rate must be above 0")
    if kind in ("throughput", "concurrent") and "max_concurrency" not in profile:
        refuse("Invalid value for '--profile': max_concurrency is required")
    limits = {limit.get("kind"): limit for limit in spec.get("constraints", [])}
    if set(limits) - {"max_requests", "max_duration"}:
        refuse(f"Invalid value for '--constraint': {', '.join(map(str, limits))}")
    samples = int(spec.get("data_loader", {}).get("samples", -1))
    count, seconds = limits.get("max_requests", {}).get("count"), limits.get("max_duration", {}).get("seconds")
    if samples < 0 and count is None and seconds is None:
        refuse("without samples, max_requests or max_duration this would never end")
    return Options(spec=spec, kind=kind, rates=rates,
                   concurrency=1 if kind == "synchronous" else int(profile.get("max_concurrency", 10240)),
                   samples=samples, max_requests=count, max_seconds=seconds, prompt_tokens=int(data["prompt_tokens"]),
                   output_tokens=int(data["output_tokens"]), seed=int(spec.get("seed", {}).get("value", 42)),
                   outputs=spec.get("outputs", []), labels=labels)
