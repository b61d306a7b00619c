"""What a server has done, as Prometheus text."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

# display: a histogram's buckets: the default of Prometheus's Go client, a little lower
BOUNDS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
SERVER_SERIES = {
    "karat_connections_open": "Connections that are open.",
    "karat_connections_dropped_total": "Connections closed because a request took too long to arrive, or for space.",
    "karat_connections_refused_total": "Connections answered 503 because too many were open.",
    "karat_requests_waiting": "Requests that wait for the model.",
    "karat_models_exchanged_total": "Times a new model came into use.",
    "karat_records_held_total": "Records kept for review.",
    "karat_records_rejected_total": "Records refused by the policy.",
    "karat_records_written_total": "Served records written down.",
    "karat_records_unwritten_total": "Served records that could not be written down.",
    "karat_models_failed_total": "Times a new model could not be used.",
}
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass
class Counters:
    """Requests, latencies, records and findings of one server.

    Parameters
    ----------
    model : str
        Label on every series.
    quality : mapping of str to float
        Score of each dimension of the training data, in [0, 1].
    """

    model: str
    quality: Mapping[str, float] = field(default_factory=dict)
    requests: Counter[int] = field(default_factory=Counter)
    records: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    findings: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    broken: Mapping[str, int] = field(default_factory=dict)
    _buckets: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS_S) + 1))
    _seconds: float = 0.0

    def answered(self, status: int, seconds: float) -> None:
        """One inference request was answered."""
        self.requests[status] += 1
        self._buckets[bisect_left(BOUNDS_S, seconds)] += 1
        self._seconds += seconds

    def take_over(self, other: "Counters") -> None:
        """Go on counting where the counters of the model before left off."""
        self.requests.update(other.requests)
        self.records += other.records
        self.refused.update(other.refused)
        self.findings.update(other.findings)
        self._buckets = [own + before for own, before in zip(self._buckets, other._buckets, strict=True)]
        self._seconds += other._seconds

    def plain(self) -> dict[str, Any]:
        """What was counted, as values that JSON can hold."""
        return {
            "requests": list(self.requests.items()),
            "records": self.records,
            "refused": list(self.refused.items()),
            "findings": list(self.findings.items()),
            "broken": dict(self.broken),
            "buckets": self._buckets,
            "seconds": self._seconds,
        }

    @classmethod
    def summed(cls, own: "Counters", others: Iterable[Mapping[str, Any]]) -> "Counters":
        """The counters of several workers together, the others' as ``plain`` gives them."""
        out = cls(own.model, own.quality, broken=dict(own.broken))
        out.take_over(own)
        for plain in others:
            other = cls(own.model)
            other.requests.update(dict(plain["requests"]))
            other.records, other._seconds = plain["records"], plain["seconds"]
            other.refused.update(dict(plain["refused"]))
            other.findings.update({tuple(key): n for key, n in plain["findings"]})
            other._buckets = list(plain["buckets"])
            out.take_over(other)
            out.broken = Counter(out.broken) + Counter(plain["broken"])
        return out

    def text(self, more: Mapping[str, float] | None = None) -> str:
        """All series in the Prometheus exposition format.

        Parameters
        ----------
        more : mapping of str to float, optional
            Series of the server, by name; those that end in "_total" are counters.
        """
        own = {"model": self.model}
        lines = _series(
            "karat_requests_total",
            "counter",
            "Inference requests by HTTP status.",
            [(own | {"code": str(code)}, n) for code, n in sorted(self.requests.items())],
        )
        lines += self._latency(own)
        lines += _series("karat_records_total", "counter", "Records answered.", [(own, self.records)])
        lines += _series(
            "karat_records_refused_total",
            "counter",
            "Records that could not be read, by column.",
            [(own | {"column": name}, n) for name, n in sorted(self.refused.items())],
        )
        keys = ("check", "dimension", "sure")
        lines += _series(
            "karat_findings_total",
            "counter",
            "What checks found in records, sure or suspicious.",
            [(own | dict(zip(keys, key, strict=True)), n) for key, n in sorted(self.findings.items())],
        )
        lines += _series(
            "karat_check_errors_total",
            "counter",
            "Times a check failed on a record.",
            [(own | {"check": code}, n) for code, n in sorted(self.broken.items())],
        )
        lines += _series(
            "karat_quality_score",
            "gauge",
            "Quality of the training data.",
            [({"dataset": self.model, "dimension": d}, s) for d, s in sorted(self.quality.items())],
        )
        for name, value in (more or {}).items():
            kind = "counter" if name.endswith("_total") else "gauge"
            lines += _series(name, kind, SERVER_SERIES.get(name, "Of the server."), [(own, value)])
        return "\n".join(lines) + "\n"

    def _latency(self, own: Mapping[str, str]) -> list[str]:
        name, total, points = "karat_request_seconds", 0, []
        for bound, n in zip([*map(str, BOUNDS_S), "+Inf"], self._buckets, strict=True):
            total += n
            points.append((dict(own) | {"le": bound}, total))
        lines = _series(f"{name}_bucket", "histogram", "Seconds from request to answer.", points, family=name)
        return [*lines, _line(f"{name}_sum", own, self._seconds), _line(f"{name}_count", own, total)]


def _series(
    name: str, kind: str, about: str, points: Iterable[tuple[Mapping[str, str], float]], family: str = ""
) -> list[str]:
    family = family or name
    return [f"# HELP {family} {about}", f"# TYPE {family} {kind}", *(_line(name, k, v) for k, v in points)]


def _line(name: str, labels: Mapping[str, str], value: float) -> str:
    inside = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
    return f"{name}{{{inside}}} {value}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
