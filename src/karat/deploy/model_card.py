"""``model/card.md``: what a model is, what it was made from and how well it does, told from the run's own files.

No number stands here that does not stand in a file of the run; what was not measured is not mentioned.
Source: Mitchell et al. (2019), Model cards for model reporting.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from karat.core.registry import as_metric
from karat.deploy.agreement import Agreement
from karat.deploy.signature import Signature

MAX_SHOWN = 12  # display: values of a category
Files = Mapping[str, Mapping[str, Any]]


def model_card(signature: Signature, files: Files, agreement: Agreement | None = None) -> str:
    """The card as Markdown.

    Parameters
    ----------
    signature : Signature
        Of the exported model.
    files : mapping of file name to its JSON
        Any of run.json, accounting.json, scores.json, evaluation.json and lift.json; a missing one leaves its part out.
    agreement : Agreement, optional
        Of the exported model with the Python model.
    """
    target = signature.schema.target.name if signature.schema.target else "the target"
    evaluation = files.get("evaluation.json", {})
    parts = [
        _heading(signature, target, evaluation.get("headline"), files.get("run.json", {})),
        _data(files.get("accounting.json"), files.get("scores.json", {})),
        _quality(evaluation),
        _lift(files.get("lift.json", {})),
        _weak(files.get("lift.json", {})),
        _use(signature, agreement),
        _limits(signature),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _heading(signature: Signature, target: str, learner: Any, run: Mapping[str, Any]) -> str:
    kind = f"one of {len(signature.classes)} classes" if signature.classes else "a number"
    summary = f"Predicts {_code(target)}, {kind}, from {len(signature.inputs)} columns"
    summary += (f", with {learner}" if learner else "") + f". Version {signature.version}."
    lines = [f"# {signature.model}", "", summary]
    if run:
        origin = [f"made by Karat {run['versions']['karat']}"] if run.get("versions", {}).get("karat") else []
        origin += [f"data taken in {run['ingested']}"] if run.get("ingested") else []
        origin += [f"seed {run['seed']}"] if "seed" in run else []
        origin += [f"fingerprint {_code(str(run['fingerprint'])[:16])}"] if run.get("fingerprint") else []
        lines += ["", "; ".join(origin)[:1].upper() + "; ".join(origin)[1:] + "."] if origin else []
    return "\n".join(lines)


def _data(books: Mapping[str, Any] | None, scores: Mapping[str, Any]) -> str:
    lines = []
    if books:
        removed = [f"{n:,} removed by {check}" for check, n in books.get("removed", {}).items()]
        counts = [
            f"{books['in']:,} records in",
            f"{books['kept']:,} kept",
            *removed,
            f"{books['quarantined']:,} quarantined",
        ]
        lines += ["; ".join(counts) + "."]
    before, after = (scores.get(key, {}).get("dimensions", {}) for key in ("before", "after"))
    rows = [
        [name, _interval(before.get(name)), _interval(entry)]
        for name, entry in after.items()
        if entry.get("score") is not None
    ]
    if rows:
        lines += ["", *_table(["quality", "before", "after"], rows)]
    return "\n".join(["## Data", "", *lines]) if lines else ""


def _quality(evaluation: Mapping[str, Any]) -> str:
    learners = evaluation.get("learners", {})
    if not learners:
        return ""
    lead = evaluation.get("headline", "")
    names = sorted(learners, key=lambda name: name != lead)
    metrics = list(learners[names[0]])
    rows = [
        [
            metric,
            *(_interval(learners[name].get(metric), "value") for name in names),
            _number(learners[names[0]][metric].get("gap")),
        ]
        for metric in metrics
    ]
    about = f"Cross-validated on {evaluation['folds']} folds" if "folds" in evaluation else "Cross-validated"
    about += f", tested on raw records; 95 % intervals. Gap = training minus held-out, of {names[0]}."
    return "\n".join(["## How well it does", "", about, "", *_table(["metric", *names, "gap"], rows)])


def _lift(lift: Mapping[str, Any]) -> str:
    if "lift" not in lift:
        return ""
    said = (
        f"{lift['metric']} {_signed(lift)} from raw to cleaned data (95 %), verdict: **{lift['verdict']}**. "
        f"Placebo {_signed(lift['placebo'])}."
    )
    if isinstance(lift.get("minimal_detectable_effect"), (int, float)):
        said += f" Smallest visible effect {_number(lift['minimal_detectable_effect'])}."
    return f"## What refining the data was worth\n\n{said}"


def _weak(lift: Mapping[str, Any]) -> str:
    slices = [entry for entry in lift.get("slices", []) if isinstance(entry.get("refined"), (int, float))][:5]
    if not slices:
        return ""
    metric = lift.get("metric", "")
    levels = [_number(as_metric(entry, metric, "refined")["refined"]) for entry in slices]
    rows = [[_code(e["slice"]), f"{e['records']:,}", level] for e, level in zip(slices, levels, strict=True)]
    return "\n".join(["## Where it is weakest", "", *_table(["records", "how many", metric], rows)])


def _use(signature: Signature, agreement: Agreement | None) -> str:
    rows = []
    for entry in signature.inputs:
        shown = ", ".join(map(_code, entry.categories[:MAX_SHOWN]))
        more = f" and {len(entry.categories) - MAX_SHOWN} more" if len(entry.categories) > MAX_SHOWN else ""
        tensor = {"UINT8": "uint8 (n, 32, 32, 3)", "STRING": "string"}.get(entry.tensor, "double")
        rows.append(
            [_code(entry.name), tensor, f"{entry.meaning}{': ' + shown + more if shown else ''}", entry.missing]
        )
    about = "`model.onnx` takes the raw columns, each of shape (n, 1); `schema.json` says the same for programs."
    lines = [
        "## How to use it",
        "",
        about,
        "",
        *_table(["input", "ONNX type", "what", "missing"], rows),
        "",
        *(f"- {_code(entry.name)}: {entry.meaning}" for entry in signature.outputs),
    ]
    if signature.classes:
        lines += ["- classes, in order: " + ", ".join(map(_code, signature.classes))]
    if agreement:
        sentence = (
            f"The exported model agrees with the Python model on {agreement.agree:,} of {agreement.n:,} "
            f"records, {agreement.probes:,} of them with missing, unseen, Chinese or extreme values put in "
            f"(largest difference {agreement.worst:.1e}, tolerance {agreement.tolerance:.0e})."
        )
        lines += ["", sentence]
    return "\n".join(lines)


def _limits(signature: Signature) -> str:
    unused = [
        column.name
        for column in signature.schema.features
        if column.name not in {entry.name for entry in signature.inputs}
    ]
    caveat = (
        "It knows nothing beyond the data it was made from: other populations, later times and values it has not "
        "seen are outside of what was measured. `karat serve` says of each record what is odd about it."
    )
    lines = [caveat]
    if unused:
        lines += ["", "Columns it does not read: " + ", ".join(map(_code, unused)) + "."]
    return "\n".join(["## Limits", "", *lines])


def _table(head: list[str], rows: Iterable[list[str]]) -> list[str]:
    def line(cells: list[str]) -> str:
        return "| " + " | ".join(" ".join(cell.replace("|", r"\|").split()) for cell in cells) + " |"

    return [line(head), "|" + "---|" * len(head), *map(line, rows)]


def _code(text: str) -> str:
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def _number(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, (int, float)) else "–"


def _interval(entry: Mapping[str, Any] | None, key: str = "score") -> str:
    if not entry or not isinstance(entry.get(key), (int, float)):
        return "–"
    return f"{_number(entry[key])} [{_number(entry.get('low'))}, {_number(entry.get('high'))}]"


def _signed(entry: Mapping[str, Any]) -> str:
    values = [
        f"{entry[key]:+.4f}" if isinstance(entry.get(key), (int, float)) else "–" for key in ("lift", "low", "high")
    ]
    return f"{values[0]} [{values[1]}, {values[2]}]"
