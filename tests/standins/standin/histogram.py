"""vLLM's histograms of times, with its own bounds, in the text format of Prometheus."""

import bisect

BOUNDS = {
    "time_to_first_token_seconds": (0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5,
                                    10.0, 20.0, 40.0, 80.0, 160.0, 640.0, 2560.0),
    "inter_token_latency_seconds": (0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5,
                                    10.0, 20.0, 40.0, 80.0),
    "e2e_request_latency_seconds": (0.3, 0.5, 0.8, 1.0, 1.5, 2.0, 2.5, 5.0, 10.0, 15.0, 20.0, 30.0, 40.0, 50.0, 60.0,
                                    120.0, 240.0, 480.0, 960.0, 1920.0, 7680.0),
}


class Histogram:
    def __init__(self, name):
        self.name, self.bounds = name, BOUNDS[name]
        self.counts = [0] * (len(self.bounds) + 1)
        self.sum = 0.0

    def observe(self, seconds, times=1):
        """A bound holds what is equal to it, too."""
        self.counts[bisect.bisect_left(self.bounds, seconds)] += times
        self.sum += seconds * times

    def lines(self, label):
        yield f"# TYPE vllm:{self.name} histogram"
        below = 0
        for bound, count in zip((*self.bounds, "+Inf"), self.counts):
            below += count
            yield f'vllm:{self.name}_bucket{{{label},le="{bound}"}} {float(below)}'
        yield f"vllm:{self.name}_count{{{label}}} {float(below)}"
        yield f"vllm:{self.name}_sum{{{label}}} {self.sum}"
