"""The page's own sentences: what happened, told from the run's figures."""

from collections.abc import Mapping
from typing import Any

import pyarrow.compute as pc

from karat.core.finding import SURE
from karat.core.registry import as_metric, is_error
from karat.flow.forecast_words import sentence, title
from karat.flow.label_accuracy import in_words as of_labels
from karat.lift.certificate import HARM, WORTH, effect_in_words
from karat.show.document_sections import head
from karat.show.language import counted, evidence, measure_of, plain
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
    """Title, sentence and tone of the page's head: the state of the data, not the test that was made."""
    lift = facts.lift
    ahead = facts.evaluation.get("forecast") or {}
    if "choice" in ahead:
        effect = _proved(lift)["title"] if "verdict" in lift else ""
        data = f" Of the data: {effect[:1].lower()}{effect[1:]}." if effect else ""
        shipped = ahead.get("shipped") or {}
        better = shipped.get("MASE") is not None and shipped["MASE"] < shipped["naive_MASE"]
        return {"title": title(ahead), "tone": "good" if better else "even", "text": f"{sentence(ahead)}{data}"}
    untouched = not facts.has("ledger.parquet") or not (numbers["cells"] or numbers["removed"])
    if "verdict" in lift and not (untouched and lift["verdict"] not in (WORTH, HARM)):
        return _proved(lift)
    if facts.of_documents:
        return head(facts, numbers)
    if not untouched:
        return _cleaned(numbers)
    return _unchanged(facts, numbers)


def _proved(lift: Mapping[str, Any]) -> dict[str, str]:
    metric = str(lift.get("metric", "score"))
    raw, refined = (score(as_metric(lift[arm], metric, "value")["value"]) for arm in ("raw", "refined"))
    lower = plain(", lower is better") if is_error(metric) else ""
    text = plain(
        "{metric} {raw} on raw data, {refined} on cleaned data{lower}: {lift} (95 % interval {low} to {high}).",
        metric=metric,
        raw=raw,
        refined=refined,
        lower=lower,
        **{name: signed(lift[name]) for name in ("lift", "low", "high")},
    )
    tone = {WORTH: "good", HARM: "bad"}.get(str(lift["verdict"]), "even")
    return {"title": _effect(lift, metric), "tone": tone, "text": text}


def _effect(lift: Mapping[str, Any], metric: str) -> str:
    """``effect_in_words`` in the reader's language."""
    words = effect_in_words(lift, metric)
    for beginning, end in EFFECTS:
        if words.startswith(beginning):
            values = {"metric": metric, "size": words.rsplit(" ", 1)[-1]}
            return plain(f"{beginning}{end}", **values)
    return plain(words)


EFFECTS = (
    ("Improves ", "{metric} by {size}"),
    ("Worsens ", "{metric} by {size}"),
    ("Any effect on ", "{metric} is smaller than {size}"),
    ("No clear effect on ", "{metric}"),
)


def _cleaned(numbers: Mapping[str, Any]) -> dict[str, str]:
    done = [plain("{cells} fixed", cells=counted(numbers["cells"], "cell"))] if numbers["cells"] else []
    done += [plain("{records} removed", records=counted(numbers["removed"], "record"))] if numbers["removed"] else []
    undo = plain(" Every change is listed with its reason and can be undone.")
    text = f"{_findings(numbers)}{_to_review(numbers)}{undo}"
    return {"title": plain(", ").join(done), "tone": "good", "text": text}


def _unchanged(facts: Facts, numbers: Mapping[str, Any]) -> dict[str, str]:
    """Nothing was changed: what is left to do, or that nothing is."""
    tried = facts.has("ledger.parquet")
    records = counted(numbers["in"], "record")
    if numbers["waiting"]:
        title_ = plain(
            "{cases} need review" if numbers["waiting"] != 1 else "{cases} needs review",
            cases=counted(numbers["waiting"], "case"),
        )
        none = plain(" No error was certain enough to fix without you.")
        return {"title": title_, "tone": "even", "text": f"{_findings(numbers)}{none}"}
    if numbers["found"]:
        title_ = plain("{findings}, nothing changed", findings=counted(numbers["found"], "finding"))
        text = plain("In {records} with {columns}.", records=records, columns=counted(numbers["columns"], "column"))
        return {"title": title_, "tone": "even", "text": f"{text}{_weakest(facts)}"}
    if numbers["suspicious"]:
        title_ = plain("No errors, {findings} to look at", findings=counted(numbers["suspicious"], "suspicious value"))
        text = plain("Each is more likely right than wrong (confidence below 0.50), so none was counted or changed.")
        return {"title": title_, "tone": "even", "text": text}
    text = plain("No check found anything wrong in {records}.", records=records)
    return {"title": plain("No changes were needed" if tried else "No errors found"), "tone": "good", "text": text}


def _findings(numbers: Mapping[str, Any]) -> str:
    found, records = counted(numbers["found"], "finding"), counted(numbers["in"], "record")
    return plain("{findings} in {records}.", findings=found, records=records)


def _to_review(numbers: Mapping[str, Any]) -> str:
    cases = numbers["waiting"]
    text = " {cases} needs review." if cases == 1 else " {cases} need review."
    return plain(text, cases=counted(cases, "case")) if cases else ""


def _weakest(facts: Facts) -> str:
    by_dimension = (facts.scores.get("before") or {}).get("dimensions") or {}
    scored = [(d["score"], name) for name, d in by_dimension.items() if d.get("score") is not None]
    if not scored or min(scored)[0] >= 1:
        return ""
    return plain(" Weakest is {dimension} at {score}.", dimension=plain(min(scored)[1]), score=score(min(scored)[0]))


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
                "about": plain(PLAIN.get(name, "")),
                "before": _bar(old, floor),
                "after": _bar(new, floor),
                "measures": _measures(old, new),
                "labels": evidence(of_labels(old["labels"], new.get("labels"))) if "labels" in old else "",
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
    return [
        dict(m) | {"name": measure_of(m["name"]), "unit": measure_of(m.get("unit", "")), "after": later.get(m["name"])}
        for m in before.get("measures") or ()
    ]


def commands(facts: Facts, numbers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """How to go on."""
    run = str(facts.folder)
    said = []
    if not facts.has("ledger.parquet"):
        said.append(("karat clean DATA", "fix high-confidence errors; the input file is never written"))
    if numbers["waiting"]:
        said.append(
            (
                f"karat review {run}",
                plain("decide {cases} that only a person can", cases=counted(numbers["waiting"], "case")),
            )
        )
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
        "collect": plain(
            "{records} in, {quarantined} quarantined" if numbers["quarantined"] else "{records} in",
            records=count(numbers["in"]),
            quarantined=count(numbers["quarantined"]),
        ),
        "clean": plain(
            "{found} found, {cells} fixed, {removed} removed" if facts.has("ledger.parquet") else "{found} found",
            found=count(numbers["found"]),
            cells=count(numbers["cells"]),
            removed=count(numbers["removed"]),
        ),
        "label": plain(
            "{cases} to review" if numbers["waiting"] else "nothing to review",
            cases=counted(numbers["waiting"], "case"),
        ),
        "store": _stored(rooms.get("store") or {}),
        "prepare": plain("splits made on raw records"),
        "train": plain("models fitted"),
        "evaluate": plain(str(facts.lift.get("verdict", ""))),
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
        return plain("versions off")
    if versions["raw"] == versions.get("refined"):
        return plain("version {number}", number=versions["raw"])
    return plain("version {number} ← {earlier}", number=versions.get("refined"), earlier=versions["raw"])
