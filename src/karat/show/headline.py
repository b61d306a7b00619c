"""The page's own sentences: what happened, told from the run's figures."""

from collections.abc import Mapping
from typing import Any

import pyarrow.compute as pc

from karat.core.finding import SURE
from karat.core.registry import as_metric, is_error
from karat.core.words import many
from karat.flow.forecast_words import sentence, title
from karat.flow.label_accuracy import in_words as of_labels
from karat.lift.certificate import HARM, WORTH, effect_in_words
from karat.show.document_sections import head
from karat.show.run_files import Facts
from karat.show.words import count, score, signed

PLAIN = {
    "accuracy": "values are true, labels right, nothing garbled",
    "consistency": "records and columns agree with one another",
    "completeness": "nothing that is needed is absent",
    "timeliness": "recent enough, and in order",
}
ROOMS = ("collect", "clean", "label", "store", "prepare", "train", "evaluate", "deploy")


def figures(facts: Facts) -> dict[str, Any]:
    """The few numbers everything else is told from."""
    if facts.of_documents:
        return _of_documents(facts)
    findings, ledger = facts.findings, facts.ledger
    sure = findings.filter(pc.fill_null(pc.greater_equal(findings["confidence"], SURE), False))
    cells = pc.sum(pc.is_in(ledger["action"], _actions("set", "edit"))).as_py() or 0
    suspicious = findings.num_rows - sure.num_rows
    return _accounted(facts) | {
        "found": sure.num_rows,
        "suspicious": suspicious,
        "cells": cells,
        "checks": len(pc.unique(sure["check"])),
    }


def _of_documents(facts: Facts) -> dict[str, Any]:
    """As the run summed them up: the tables themselves may be as large as the data."""
    clean = facts.rooms.get("clean") or {}
    findings, cells = clean.get("findings", 0), clean.get("cells", 0)
    return _accounted(facts) | {"found": findings, "suspicious": 0, "cells": cells, "checks": 0}


def _accounted(facts: Facts) -> dict[str, Any]:
    account = facts.accounting
    return {
        "removed": sum((account.get("removed") or {}).values()),
        "quarantined": account.get("quarantined", 0),
        "kept": account.get("kept", 0),
        "in": account.get("in", 0),
        "waiting": facts.waiting,
        "columns": len(facts.schema.columns) if facts.schema else 0,
    }


def _actions(*names: str) -> Any:
    import pyarrow as pa

    return pa.array(names)


def headline(facts: Facts, numbers: Mapping[str, Any]) -> dict[str, str]:
    """Title, sentence and tone of the page's head."""
    lift = facts.lift
    ahead = facts.evaluation.get("forecast") or {}
    if "choice" in ahead:
        effect = _proved(lift)["title"] if "verdict" in lift else ""
        data = f" Of the data: {effect[:1].lower()}{effect[1:]}." if effect else ""
        shipped = ahead.get("shipped") or {}
        better = shipped.get("MASE") is not None and shipped["MASE"] < shipped["naive_MASE"]
        return {"title": title(ahead), "tone": "good" if better else "even", "text": f"{sentence(ahead)}{data}"}
    if "verdict" in lift:
        return _proved(lift)
    if facts.of_documents:
        return head(facts, numbers)
    if facts.has("ledger.parquet"):
        return _cleaned(numbers)
    if not numbers["found"]:
        return {
            "title": "No errors found",
            "tone": "good",
            "text": f"Every check that applies to these {count(numbers['in'])} records passed.",
        }
    weakest = _weakest(facts)
    return {
        "title": f"{many(numbers['found'], 'finding')} to look at",
        "tone": "even",
        "text": f"In {many(numbers['in'], 'record')} with {many(numbers['columns'], 'column')}.{weakest} "
        "Nothing was changed.",
    }


def _proved(lift: Mapping[str, Any]) -> dict[str, str]:
    metric = str(lift.get("metric", "score"))
    raw, refined = (score(as_metric(lift[arm], metric, "value")["value"]) for arm in ("raw", "refined"))
    lower = ", lower is better" if is_error(metric) else ""
    change = f"{metric} {raw} on raw data, {refined} on cleaned data{lower}: {signed(lift['lift'])}"
    ends = f" (95 % interval {signed(lift['low'])} to {signed(lift['high'])})"
    tone = {WORTH: "good", HARM: "bad"}.get(str(lift["verdict"]), "even")
    return {"title": effect_in_words(lift, metric), "tone": tone, "text": f"{change}{ends}."}


def _cleaned(numbers: Mapping[str, Any]) -> dict[str, str]:
    if not numbers["cells"] and not numbers["removed"]:
        return _unchanged(numbers)
    done = [many(numbers["cells"], "cell") + " fixed"] if numbers["cells"] else []
    done += [many(numbers["removed"], "record") + " dropped"] if numbers["removed"] else []
    said = f"{_findings(numbers)}{_to_review(numbers)} Every change is listed with its reason and can be undone."
    return {"title": ", ".join(done), "tone": "good", "text": said}


def _unchanged(numbers: Mapping[str, Any]) -> dict[str, str]:
    if numbers["found"] or numbers["waiting"]:
        text = f"{_findings(numbers)}{_to_review(numbers)}"
        return {"title": "No changes were made", "tone": "even", "text": text}
    text = f"No check found anything wrong in {many(numbers['in'], 'record')}."
    return {"title": "No changes were needed", "tone": "good", "text": text}


def _findings(numbers: Mapping[str, Any]) -> str:
    return f"{many(numbers['found'], 'finding')} in {many(numbers['in'], 'record')}."


def _to_review(numbers: Mapping[str, Any]) -> str:
    cases = numbers["waiting"]
    return f" {many(cases, 'case')} {'needs' if cases == 1 else 'need'} review." if cases else ""


def _weakest(facts: Facts) -> str:
    by_dimension = (facts.scores.get("before") or {}).get("dimensions") or {}
    scored = [(d["score"], name) for name, d in by_dimension.items() if d.get("score") is not None]
    return f" Weakest is {min(scored)[1]} at {score(min(scored)[0])}." if scored and min(scored)[0] < 1 else ""


def dimensions(facts: Facts) -> list[dict[str, Any]]:
    """Scores before and after, with intervals placed on an axis from the lowest score down to 1."""
    before = (facts.scores.get("before") or {}).get("dimensions") or {}
    after = (facts.scores.get("after") or {}).get("dimensions") or {}
    lows = [d["low"] for d in [*before.values(), *after.values()] if d.get("low") is not None]
    floor = max(0.0, min([*lows, 0.9]) - 0.02)
    rows = []
    for name, old in before.items():
        new = after.get(name) or {}
        rows.append(
            {
                "name": name,
                "about": PLAIN.get(name, ""),
                "before": _bar(old, floor),
                "after": _bar(new, floor),
                "measures": _measures(old, new),
                "labels": of_labels(old["labels"], new.get("labels")) if "labels" in old else "",
            }
        )
    return [{"floor": floor, "rows": rows}] if rows else []


def _bar(dimension: Mapping[str, Any], floor: float) -> dict[str, Any] | None:
    if dimension.get("score") is None:
        return None
    scale = 100 / (1 - floor)
    left, right = (max(0.0, (dimension[key] - floor) * scale) for key in ("low", "high"))
    return {
        "score": dimension["score"],
        "low": dimension["low"],
        "high": dimension["high"],
        "width": round((dimension["score"] - floor) * scale, 2),
        "left": round(left, 2),
        "span": round(max(0.4, right - left), 2),
    }


def _measures(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    later = {m["name"]: m for m in after.get("measures") or ()}
    return [dict(m) | {"after": later.get(m["name"])} for m in before.get("measures") or ()]


def commands(facts: Facts, numbers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """How to go on."""
    run = str(facts.folder)
    said = []
    if not facts.has("ledger.parquet"):
        said.append(("karat clean DATA", "fix high-confidence errors; the input file is never written"))
    if numbers["waiting"]:
        said.append((f"karat review {run}", f"decide {many(numbers['waiting'], 'case')} that only a person can"))
    said.append((f"karat why {run} ROW COLUMN", "what touched one cell, and why"))
    if facts.of_documents:
        said.append(("karat clean DATA --sweep RULE", "what a rule would keep at other limits, without reading again"))
    if facts.has("vault"):
        said.append((f"karat store forget {run}", "destroy the originals of masked personal data; cannot be undone"))
    if facts.has("store"):
        said.append((f"karat store log {run}", "every version of the data"))
        said.append((f"karat store restore {run} 1", "undo: version 1 back, value for value"))
    if facts.has("model"):
        said.append((f"karat serve {run}", "the model over HTTP; every incoming record is checked"))
        said.append((f"karat apply {run} NEW", "clean tomorrow's file with what was learned today"))
    elif facts.has("ledger.parquet") and "verdict" not in facts.lift:
        said.append(("karat run DATA --target COLUMN", "prove what the cleaning was worth to a model"))
    return said


def path(facts: Facts, numbers: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The eight rooms, what each did, and whether the data went through it."""
    rooms = facts.rooms
    texts = {
        "collect": f"{count(numbers['in'])} in"
        + (f", {count(numbers['quarantined'])} quarantined" if numbers["quarantined"] else ""),
        "clean": f"{count(numbers['found'])} found, {count(numbers['cells'])} fixed, "
        f"{count(numbers['removed'])} dropped"
        if facts.has("ledger.parquet")
        else f"{count(numbers['found'])} found",
        "label": f"{many(numbers['waiting'], 'case')} to review" if numbers["waiting"] else "nothing to review",
        "store": _stored(rooms.get("store") or {}),
        "prepare": "splits made on raw records",
        "train": "models fitted",
        "evaluate": str(facts.lift.get("verdict", "")),
        "deploy": "model.onnx" if facts.has("model") else "",
    }
    return [
        {
            "name": name,
            "text": texts[name] if name in rooms or (name == "collect") else "",
            "done": name in rooms or name == "collect",
        }
        for name in ROOMS
    ]


def _stored(versions: Mapping[str, Any]) -> str:
    if not versions.get("raw"):
        return "versions off"
    if versions["raw"] == versions.get("refined"):
        return f"version {versions['raw']}"
    return f"version {versions.get('refined')} ← {versions['raw']}"
