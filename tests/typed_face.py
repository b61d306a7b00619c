"""What a type checker says of code that calls Karat; mypy reads this file in `make check`, where an ignore that is not
needed is an error.
"""

import pandas as pd
import polars as pl

import karat


def typed(records: pd.DataFrame, others: pl.DataFrame) -> None:
    found: karat.Assessment[pd.DataFrame] = karat.assess(records, target="y", seed=1)
    frame: pd.DataFrame = karat.clean(records, near_duplicates=0.9).data
    other: pl.DataFrame = karat.clean(others).ledger
    karat.clean.judge_text(["a"], profile="zh")
    karat.label.errors([0], [[1.0]])
    verdict: str = karat.lift("a.csv", "b.csv", target="y").verdict
    karat.run("x.csv", metrik="AUC")  # type: ignore[call-overload]
    karat.assess("x.csv", seed="no")  # type: ignore[call-overload]
    karat.clean.judge_texts(["a"])  # type: ignore[attr-defined]
    karat.lift("a.csv", "b.csv", targets="y")  # type: ignore[call-arg]
    print(found.findings.shape, frame.columns, other.columns, verdict.upper())
