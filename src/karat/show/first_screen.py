"""The first screen in four answers: what was fixed, what needs a person, the effect on the model, the next command."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from karat.core.registry import as_metric
from karat.show.headline import commands
from karat.show.language import counted, plain, title_of
from karat.show.run_files import Facts
from karat.show.words import count, score, signed

NAMED = 3  # display: checks that an answer names


def answers(facts: Facts, numbers: Mapping[str, Any]) -> list[dict[str, Any]]:
    """``name``, ``figure`` and ``lines`` of each answer; ``command`` and ``tone`` where it has one."""
    return [_fixed(facts, numbers), _needs_you(facts, numbers), _effect(facts), _next(facts, numbers)]


def _answer(name: str, figure: str, lines: list[str], tone: str = "", command: str = "") -> dict[str, Any]:
    return {"name": name, "figure": figure, "lines": [line for line in lines if line], "tone": tone, "command": command}


def _top(table: pa.Table) -> str:
    """The checks with the most rows of a table, with how many."""
    if "check" not in table.column_names or not table.num_rows:
        return ""
    counts = table.group_by("check", use_threads=False).aggregate([("check", "count")]).to_pylist()
    ranked = sorted(counts, key=lambda row: (-row["check_count"], row["check"]))[:NAMED]
    return " · ".join(f"{title_of(row['check'])} {count(row['check_count'])}" for row in ranked)


def _fixed(facts: Facts, numbers: Mapping[str, Any]) -> dict[str, Any]:
    name = plain("What was fixed")
    if not facts.has("ledger.parquet"):
        return _answer(name, plain("nothing yet"), [plain("This run only assessed the data; nothing was changed.")])
    if not numbers["cells"] and not numbers["removed"]:
        return _answer(name, plain("no changes"), [plain("Karat changed nothing.")])
    figure = counted(numbers["cells"], "cell")
    removed = [plain("{records} removed", records=counted(numbers["removed"], "record"))] if numbers["removed"] else []
    if not numbers["cells"]:
        figure, removed = removed[0], []
    top = "" if facts.of_documents else _top(facts.ledger)
    return _answer(name, figure, [*removed, top, plain("Every change is in the ledger and can be undone.")], "good")


def _needs_you(facts: Facts, numbers: Mapping[str, Any]) -> dict[str, Any]:
    name, doubts = plain("What needs you"), numbers["suspicious"]
    more = (
        plain("{findings} below 0.50: suspicious, not counted", findings=counted(doubts, "finding")) if doubts else ""
    )
    if not numbers["waiting"]:
        left = "" if facts.has("ledger.parquet") else plain("Cases are collected by karat clean.")
        return _answer(name, plain("nothing"), [left, more])
    asked = _top(facts.cases)
    return _answer(name, counted(numbers["waiting"], "case"), [asked, more], "ask")


def _effect(facts: Facts) -> dict[str, Any]:
    name, lift = plain("Effect on the model"), facts.lift
    if "verdict" not in lift or "lift" not in lift:
        return _answer(name, plain("not measured"), [plain("karat run DATA --target COLUMN trains with and without.")])
    metric = str(lift.get("metric", "score"))
    levels = [score(as_metric(lift[arm], metric, "value")["value"]) for arm in ("raw", "refined")]
    ends = plain("95 % interval {low} to {high}", low=signed(lift["low"]), high=signed(lift["high"]))
    tone = {"worth it": "good", "harm": "bad"}.get(str(lift["verdict"]), "")
    arms = plain("{metric} {raw} raw, {refined} cleaned", metric=metric, raw=levels[0], refined=levels[1])
    return _answer(name, f"{signed(lift['lift'])} {metric}", [ends, arms, plain(VERDICTS[lift["verdict"]])], tone)


VERDICTS = {
    "worth it": "Larger than chance and than random changes.",
    "harm": "The raw data makes the better model.",
    "no effect seen": "No effect beyond chance was seen.",
    "nothing changed": "Both models trained on the same records.",
}


def _next(facts: Facts, numbers: Mapping[str, Any]) -> dict[str, Any]:
    listed = commands(facts, numbers)
    wanted = ("karat clean", "karat review", "karat run", "karat serve")
    chosen = next((pair for start in wanted for pair in listed if pair[0].startswith(start)), listed[0])
    words = plain(chosen[1])
    return _answer(plain("Next"), "", [words[:1].upper() + words[1:] + plain(".")], "", chosen[0])
