"""What a run leaves behind about itself."""

import resource
import sys
import time
from typing import Any

from karat.core.release import VERSION
from karat.flow.job import code_version
from karat.flow.run_state import Walk


def record(on: Walk, started: str) -> dict[str, Any]:
    """``run.json``."""
    usage, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    cost = {
        "seconds": time.perf_counter() - on.job.clock,
        "cpu_seconds": usage.ru_utime + usage.ru_stime + children.ru_utime + children.ru_stime,
        "peak_memory_bytes": peak,
    }
    return {
        "name": on.job.name,
        "upto": on.job.upto,
        "fingerprint": on.folder.fingerprint,
        "now": on.job.settings.now or started,
        "ingested": started,
        "seed": on.job.settings.seed,
        "kind": on.rooms["collect"]["kind"],
        "kind_reason": on.rooms["collect"]["kind_reason"],
        "reading": on.rooms["collect"].get("reading", {}),
        "versions": {"karat": VERSION, "code": code_version(), "python": sys.version.split()[0]},
        "cost": cost,
        "rooms": dict(on.rooms),
    }
