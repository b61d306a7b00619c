"""What a fit cost: time and memory measured, energy estimated."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

CORE_WATT = 15.0  # a server core under load with its share of the machine; an estimate, never a measurement; display


def peak_memory_bytes() -> int:
    """The most resident memory this process has held so far; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak) * (1 if os.uname().sysname == "Darwin" else 1024)


@contextmanager
def measured(cost: dict[str, float]) -> Iterator[None]:
    """Fills ``cost``: seconds, cpu_seconds (of this thread) and peak_memory_bytes measured, energy_joule estimated."""
    seconds, cpu = time.perf_counter(), time.thread_time()
    try:
        yield
    finally:
        cost["seconds"] = time.perf_counter() - seconds
        cost["cpu_seconds"] = time.thread_time() - cpu
        cost["peak_memory_bytes"] = float(peak_memory_bytes())
        cost["energy_joule"] = cost["cpu_seconds"] * CORE_WATT
