"""``karat demo risk``: made-up loans, spoiled, down to the scorecard and the reasons of one applicant."""

import json
from pathlib import Path

import numpy as np

from karat.cli.demo import Spoiled, walk_spoiled
from karat.cli.say import say
from karat.core.finding import SURE

APPLICANTS = 3_000  # display: of the demo
HOMES = ("rent", "own", "parents", "租房")


def demonstrate(out: Path | None, *, workers: int, quiet: bool) -> None:
    """Walk the loans and print what lenders ask for first."""
    _, home = walk_spoiled("risk", loans(), "late", out, workers=workers, quiet=quiet)
    if not quiet:
        say("\n".join(_report_lines(home)))


def loans(size: int = APPLICANTS) -> Spoiled:
    """Applicants whose risk rises with debt and short employment, made by a known rule, and defects planted in them."""
    chance = np.random.default_rng(11)
    age = chance.integers(19, 75, size)
    years = np.minimum(chance.geometric(0.15, size) - 1, age - 18)
    income = np.round(np.exp(chance.normal(7.8, 0.4, size)))
    debt = np.round(income * chance.gamma(2, 0.8, size))
    schooling = chance.choice([1, 2, 3], size, p=[0.3, 0.5, 0.2])
    home = chance.choice(HOMES, size, p=[0.4, 0.3, 0.15, 0.15])
    margin = -3 + 0.9 * debt / income - 0.15 * years + 0.6 * (schooling == 3) + 0.6 * (home == "rent")
    late = chance.random(size) < 1 / (1 + np.exp(-margin))
    columns: dict[str, list[str | None]] = {
        "applicant": [f"A{10_000 + at}" for at in range(size)],
        "age": [str(v) for v in age],
        "years_employed": [str(v) for v in years],
        "income": [f"{v:.0f}" for v in income],
        "debt": [f"{v:.0f}" for v in debt],
        "schooling": [str(v) for v in schooling],
        "home": [str(v) for v in home],
        "late": ["yes" if v else "no" for v in late],
    }
    spoiled = Spoiled(columns, chance)
    spoiled.spoil("unit in a number", "consistency", ["income", "debt"], lambda cell: f"{cell} EUR")
    spoiled.spoil("gap in disguise", "completeness", ["income", "debt"], lambda _: "unknown")
    spoiled.spoil("code no book lists", "accuracy", ["schooling"], lambda _: "0")
    spoiled.repeat()
    return spoiled


def _report_lines(home: Path) -> list[str]:
    """The card's quality, the odd codes, and the riskiest applicant's reasons."""
    import pyarrow.parquet as pq

    evaluation = json.loads((home / "evaluation.json").read_text(encoding="utf-8"))
    lines = ["", "The scorecard"]
    for name, scores in evaluation["learners"].items():
        scores_text = " · ".join(
            f"{metric} {scores[metric]['value']:.3f}" for metric in ("AUC", "Gini", "KS", "Brier") if metric in scores
        )
        lines.append(f"  {name:<22}{scores_text}")
    findings = pq.read_table(home / "findings.parquet", filters=[("check", "==", "UndocumentedCodes")]).to_pylist()
    lines += [f"  {finding['column']}: {finding['message']}" for finding in findings if finding["confidence"] >= SURE]
    for prediction in evaluation["predictions"][:1]:
        lines.append(f"  the riskiest, row {prediction['row']}: {prediction['answer']:.0%} late, because of")
        lines += [f"    {part['column']} = {part['value']} ({part['part']:+.2f})" for part in prediction["parts"][:4]]
    return lines
