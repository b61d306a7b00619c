"""What a run came to, for a person and for a program."""

import json
from collections.abc import Mapping
from typing import Any

from karat.core.finding import SURE
from karat.core.words import many
from karat.flow.label_accuracy import in_words as of_labels
from karat.lift.certificate import UNCHANGED, WARNING, effect_in_words
from karat.show.headline import figures
from karat.show.run_files import Facts

WIDTH = 10  # display: characters of a name
LEAST_SHOWN = 0.1  # display: expected errors with one decimal
MOST_DOUBTS = 3  # display: checks with suspicions that a line names


def as_json(on: Any) -> str:
    """The numbers that the report and the review page show too, the modules' summaries, and where the files lie."""
    said = {"out": str(on.folder.path), "numbers": figures(Facts(on.folder.path)), "rooms": on.rooms}
    return json.dumps(said, ensure_ascii=False, indent=2, default=str)


def in_words(on: Any) -> str:
    """The summary a person reads at the end."""
    lines = _scores(on.rooms["clean"])
    numbers = figures(Facts(on.folder.path))
    lines += [_line("result", _result(numbers)), *_finding_lines(on)]
    lines += _changed(on.rooms["clean"])
    if "evaluate" in on.rooms:
        lines += ["", *_forecast(on.rooms["evaluate"]), *lift_lines(on.rooms["evaluate"]), ""]
    path = on.folder.path
    model, ahead = path / "model" / "model.onnx", path / "forecast.parquet"
    series = "forecast" in on.rooms.get("evaluate", {}) and ahead.exists()
    if series:
        lines.append(_line("forecast", f"{ahead} → karat serve {path}"))
    if "deploy" in on.rooms and model.exists():
        lines.append(_line("model", f"{model} → karat serve {path}{' --model record' if series else ''}"))
    if on.rooms["clean"].get("waiting"):
        lines.append(_line("review", f"{many(on.rooms['clean']['waiting'], 'case')} in {path / 'review.parquet'}"))
    lines.append(_line("report", str(path / "report.html")))
    if on.job.upto != "assess":
        lines.append(_line("data", str(path / "data.parquet")))
    return "\n".join(lines)


def _result(numbers: Mapping[str, Any]) -> str:
    """The counts of the report's first screen."""
    parts = [many(numbers["found"], "finding")]
    parts += [f"{many(numbers['cells'], 'cell')} fixed"] if numbers["cells"] else []
    parts += [f"{many(numbers['removed'], 'record')} removed"] if numbers["removed"] else []
    waiting = numbers["waiting"]
    parts += [f"{many(waiting, 'case')} {'needs' if waiting == 1 else 'need'} review"] if waiting else []
    parts += [f"{numbers['suspicious']:,} suspicious"] if numbers["suspicious"] else []
    return " · ".join(parts)


def _line(name: str, text: str) -> str:
    return f"{name:<{WIDTH}} {text}"


def _forecast(summary: Mapping[str, Any]) -> list[str]:
    """What a series is expected to do, which is what its run is for."""
    said = summary.get("forecast")
    return [_line("Forecast", said["title"].removeprefix("Forecast ")), _line("", said["sentence"]), ""] if said else []


def _scores(summary: Mapping[str, Any]) -> list[str]:
    scores = summary["scores"]
    before = scores.get("before", scores)["dimensions"]
    after = scores["after"]["dimensions"] if "after" in scores else {}
    lines = []
    for name, dimension in before.items():
        if dimension["score"] is None:
            lines.append(_line("", f"{name:<13} no measure applies"))
            continue
        text = f"{name:<13} {dimension['score']:.3f} [{dimension['low']:.3f}, {dimension['high']:.3f}]"
        if after and after[name]["score"] is not None:
            new = after[name]
            text += f" → {new['score']:.3f} [{new['low']:.3f}, {new['high']:.3f}]"
        lines.append(_line("", text))
        if "labels" in dimension:
            later = (after.get(name) or {}).get("labels")
            lines.append(_line("", f"{'of labels':<13} {of_labels(dimension['labels'], later)}"))
    lines[0] = _line("quality", lines[0].strip())
    return lines


def _changed(summary: Mapping[str, Any]) -> list[str]:
    """How many changes of fact are expected to be wrong, and what the guard stopped."""
    lines = []
    if summary.get("facts"):
        broken = summary["expected_broken"]
        amount = f"about {broken:.1f}" if broken >= LEAST_SHOWN else f"fewer than {LEAST_SHOWN}"
        text = f"{many(summary['facts'], 'cell')} changed in fact, not only in form; {amount} expected to be wrong"
        lines.append(_line("risk", text))
    for stop in summary.get("stopped") or []:
        lines.append(_line("stopped", stop["line"]))
    return lines


def _finding_lines(on: Any) -> list[str]:
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    path = on.folder.path
    findings = pq.read_table(path / "findings.parquet", columns=["check", "confidence"])
    sure = pc.greater_equal(findings["confidence"], SURE)
    parts = _by_check(findings.filter(sure)) or ["no errors"]
    lines = [_line("found", " · ".join(parts))]
    doubts = _by_check(findings.filter(pc.invert(sure)))
    if doubts:
        more = f" and {many(len(doubts) - MOST_DOUBTS, 'more check')}" if len(doubts) > MOST_DOUBTS else ""
        listed = f"{' · '.join(doubts[:MOST_DOUBTS])}{more}"
        lines.append(_line("suspected", f"{listed} (confidence below 0.5: neither counted nor changed)"))
    return lines


def _by_check(findings: Any) -> list[str]:
    """Checks with how many findings each has, the most first."""
    counts = findings.group_by("check").aggregate([("check", "count")]).to_pylist()
    return [f"{c['check']} {c['check_count']:,}" for c in sorted(counts, key=lambda c: (-c["check_count"], c["check"]))]


def lift_lines(lift: Mapping[str, Any]) -> list[str]:
    """The verdict's lines: lift with its interval, the placebo, and what each family was worth."""
    if "closed" in lift:
        return [_line("Verdict", f"none: {lift['closed']}")]
    placebo, metric = lift["placebo"], lift["metric"]
    verdict = _line("Verdict", f"{lift['verdict']} ({effect_in_words(lift, str(metric))})")
    if lift["verdict"] == UNCHANGED:
        return [verdict]
    lines = [
        _line(
            "Lift",
            f"{_signed(lift['lift'])} {metric} · 95 % [{_signed(lift['low'])}, {_signed(lift['high'])}] · "
            f"placebo {_signed(placebo['lift'])} [{_signed(placebo['low'])}, {_signed(placebo['high'])}] · "
            f"minimum detectable effect {_visible(lift['minimal_detectable_effect'])}",
        )
    ]
    worth = [f"{c['family']} {_signed(c['lift'])} ({c['verdict']})" for c in lift["contributions"]]
    lines += [_line("", " · ".join(worth[at : at + 3])) for at in range(0, len(worth), 3)]
    by = lift.get("contributions_by")
    if by and worth:
        total = f"{_signed(by['lift'])} [{_signed(by['low'])}, {_signed(by['high'])}] in all"
        lines.append(_line("", f"(measured with {by['learner']}, which is more sensitive to data errors: {total})"))
    warnings = [note.removeprefix(WARNING) for note in lift.get("notes") or () if note.startswith(WARNING)]
    lines += [_line("Warning", words[:1].upper() + words[1:]) for words in warnings]
    return [*lines, verdict]


def _visible(effect: float) -> str:
    """The smallest effect a proof could see; unknown where no score ever moved."""
    return f"{effect:.4f}" if effect else "unknown"


def _signed(value: float) -> str:
    """A difference to four places; none is plainly 0."""
    return "0" if abs(value) < 5e-5 else f"{value:+.4f}"
