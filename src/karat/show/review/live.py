"""What came after the run: rates, holds, drift with what it costs, challengers, and alarms with examples."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from karat.flow.folder import read_json
from karat.flow.watch_folder import DRIFT, STATE

MOST_WINDOWS = 50  # display: of a source, the last ones
MOST_ALARMS = 10  # display: the last ones
MOST_TRIALS = 10  # display: of challengers, the last ones
MOST_LINES = 256 * 2**20  # cost: bytes of served records that are counted


def is_live(run: Path) -> bool:
    """Has anything come after the run?"""
    return any((run / name).exists() for name in (DRIFT, "watched", "served", "learned"))


def live(run: Path) -> dict[str, Any]:
    """The values of the page."""
    return {"served": _served(run / "served"), "streams": _streams(run), "drifts": _drifts(run), "trials": _trials(run)}


def _served(folder: Path) -> int | None:
    """Records that ``karat serve --record`` kept; None where there are none or too many to count."""
    files = sorted(folder.glob("*.jsonl"))
    if not files or sum(path.stat().st_size for path in files) > MOST_LINES:
        return None
    return sum(path.read_bytes().count(b"\n") for path in files)


def _streams(run: Path) -> list[dict[str, Any]]:
    """Counts of each watched stream."""
    out = []
    for place in sorted((run / "watched").glob(f"*/{STATE}")):
        values = read_json(place)
        counts = values.get("counts", {})
        names = ("held", "rejected", "dead", "findings", "changed", "late")
        out.append(
            {"name": place.parent.name, "records": values.get("records", 0)} | {n: counts.get(n, 0) for n in names}
        )
    return out


def _drifts(run: Path) -> list[dict[str, Any]]:
    """Drift of the served records and of each stream."""
    places = [run / DRIFT, *sorted((run / "watched").glob(f"*/{DRIFT}"))]
    return [_drift(place, "" if place.parent == run else place.parent.name) for place in places if place.is_file()]


def _drift(place: Path, name: str) -> dict[str, Any]:
    values = read_json(place)
    windows = values["windows"][-MOST_WINDOWS:]
    last = windows[-1] if windows else None
    alarms = {
        (column["column"], column["since"]): _column(column, window)
        for window in windows
        for column in window["drifted"]
        if column["alarm"]
    }
    return {
        "name": name,
        "judged": values["judged"],
        "alarms": values["alarms"],
        "per_day": values["alarms_per_day"],
        "window": values["window"],
        "marks": [_mark(window) for window in windows],
        "now": [_column(column, last) for column in last["drifted"]] if last else [],
        "alarmed": sorted(alarms.values(), key=lambda alarm: -alarm["window"])[:MOST_ALARMS],
    }


def _mark(window: Mapping[str, Any]) -> dict[str, Any]:
    """One window of the row of windows."""
    alarm = any(column["alarm"] for column in window["drifted"])
    state = "alarm" if alarm else "drifted" if window["drifted"] else "calm"
    return {"window": window["window"], "state": state}


def _column(column: Mapping[str, Any], window: Mapping[str, Any]) -> dict[str, Any]:
    """One drifted column in shares and percent."""
    shift, cost, loss = column["shift"], column["cost"], window["loss"]
    rise = {name: f"{round(100 * cost[name] / loss):+d}" for name in ("mean", "low", "high")} if cost and loss else None
    at = shift["at"]
    return {
        "window": window["window"],
        "column": column["column"],
        "since": column["since"],
        "at": f"≤ {at:g}" if isinstance(at, float | int) else at,
        "shift": shift,
        "rise": rise,
        "alarm": column["alarm"],
        "rows": column["rows"],
    }


def _trials(run: Path) -> list[dict[str, Any]]:
    """What ``karat learn`` found, the latest first."""
    folders = [place for place in (run / "learned").glob("*") if (place / "learned.json").is_file()]
    folders.sort(key=lambda place: -int(place.name) if place.name.isdigit() else 0)
    return [read_json(place / "learned.json") | {"number": place.name} for place in folders[:MOST_TRIALS]]
