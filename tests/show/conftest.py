"""A small run folder with known figures, hostile texts and personal data."""

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.core.finding import Dimension, findings
from karat.core.patch import changes
from karat.core.schema import Column, Role, Schema
from karat.store.versions import Store

EVIL = "<script>alert(1)</script>"
SCHEMA = Schema(
    (
        Column("age", Role.NUMBER, "int64", nulls=("-1",)),
        Column(EVIL, Role.CATEGORY),
        Column("城市", Role.CATEGORY),
        Column("y", Role.TARGET),
    ),
    task="classification",
)
RAW = pa.table(
    {
        "age": ["30", "300", None, "30"],
        EVIL: ["a", "b", EVIL, "a"],
        "城市": ["北京", "北京 ", "上海", "北京"],
        "y": ["n", "p", "n", "n"],
    }
)


def _gain(lift: float) -> dict[str, float]:
    return {"lift": lift, "low": lift - 0.01, "high": lift + 0.01}


def _level(value: float) -> dict[str, float]:
    return {"value": value, "low": value - 0.01, "high": value + 0.01}


def certificate(verdict: str, lift: float) -> dict[str, Any]:
    """A ``lift.json``."""
    return _gain(lift) | {
        "protocol": "procedure",
        "metric": "AUC",
        "raw": _level(0.7),
        "plain": _level(0.71),
        "refined": _level(0.7 + lift),
        "p_value": 0.01,
        "over_plain": _gain(lift - 0.01),
        "placebo": _gain(0.0),
        "over_placebo": _gain(lift),
        "minimal_detectable_effect": 0.008,
        "verdict": verdict,
        "contributions": [{"family": "duplicates", "verdict": "keep", "p_value": 0.1, "shipped": 1.0} | _gain(0.01)],
        "slices": [
            {"column": "age", "slice": "age < 26", "records": 30, "raw": 0.6, "refined": 0.7, "p_value": 0.5}
            | _gain(0.1)
        ],
        "robustness": [{"test": "missing", "fall_before": 0.1, "fall_after": 0.05} | _gain(0.05)],
        "gap": {"before": _level(0.06), "after": _level(0.03)},
        "next": [{"action": "ask a person", "lift": 0.004, "low": 0, "high": 0.01}],
    }


def _clean_run(folder: Path) -> Path:
    """A folder as ``karat clean`` leaves it."""
    folder.mkdir(parents=True, exist_ok=True)
    found = pa.concat_tables(
        [
            findings(
                "OutlyingNumbers",
                Dimension.ACCURACY,
                1,
                row=[1],
                column="age",
                value=["300"],
                confidence=[0.9],
                message=[f"300 is far off {EVIL}"],
            ),
            findings(
                "StrayWhitespace",
                Dimension.CONSISTENCY,
                1,
                row=[1],
                column="城市",
                value=["北京 "],
                suggestion=["北京"],
                confidence=[0.99],
                message=["a blank at the end; mail wei.wang@example.cn or 13812345678"],
            ),
            findings(
                "OddLabels",
                Dimension.ACCURACY,
                1,
                row=[2],
                column="y",
                value=["n"],
                confidence=[0.3],
                message=["looks odd"],
            ),
            findings(
                "MissingValues",
                Dimension.COMPLETENESS,
                1,
                column="age",
                confidence=[1.0],
                message=["1 of 4 cells is blank"],
            ),
        ]
    )
    ledger = pa.concat_tables(
        [
            changes(
                1,
                row=[1],
                column="城市",
                action="set",
                before=["北京 "],
                after=["北京"],
                check="StrayWhitespace",
                confidence=[0.99],
            ),
            changes(
                1,
                row=[3],
                action="drop",
                before=[json.dumps(RAW.slice(3).to_pylist()[0])],
                check="DuplicateRecords",
                confidence=[1.0],
                keeper=[0],
            ),
        ]
    )
    pq.write_table(found, folder / "findings.parquet")
    pq.write_table(ledger, folder / "ledger.parquet")
    pq.write_table(ledger.slice(0, 0), folder / "review.parquet")
    refined = RAW.slice(0, 3).set_column(2, "城市", pa.array(["北京", "北京", "上海"]))
    ages = pa.array([30, 300, None], pa.int64())
    pq.write_table(
        refined.set_column(0, "age", ages).add_column(0, "_row", pa.array([0, 1, 2])), folder / "data.parquet"
    )
    quarantine = {
        "source": ["x.csv"],
        "line": [5],
        "offset": [9],
        "length": [3],
        "row": pa.array([None], pa.int64()),
        "error": ["2 of 4 fields"],
        "raw": pa.array([EVIL.encode() + b"\xff"], pa.binary()),
    }
    pq.write_table(pa.table(quarantine), folder / "quarantine.parquet")
    dimension = {
        "score": 0.9,
        "low": 0.85,
        "high": 0.95,
        "measures": [{"name": "m", "standard": "ISO", "bad": 1, "total": 10, "unit": "cells"}],
    }
    none = {"score": None, "low": None, "high": None, "measures": []}
    held = {"dimensions": {"accuracy": dimension, "timeliness": none}}
    _write(folder / "scores.json", {"before": held, "after": held})
    _write(folder / "accounting.json", {"in": 5, "kept": 3, "removed": {"DuplicateRecords": 1}, "quarantined": 1})
    _write(folder / "schema.json", SCHEMA.to_json())
    _write(
        folder / "run.json",
        {
            "name": EVIL,
            "fingerprint": "0123456789abcdef",
            "now": "2026-01-02T03:04:05",
            "seed": 0,
            "rooms": {"collect": {}, "clean": {"left_off": ["inconsistent cells"]}, "store": {"raw": 1, "refined": 2}},
            "versions": {"karat": "0"},
            "cost": {"seconds": 1.0, "peak_memory_bytes": 2**20},
        },
    )
    store = Store(folder / "store")
    store.commit(RAW, np.arange(4), parent=None, label="raw", meta={})
    store.commit(refined, np.arange(3), parent=1, label="refined", meta={})
    return folder


def _proved_run(folder: Path, verdict: str = "worth it", lift: float = 0.02) -> Path:
    """A folder as ``karat run`` leaves it."""
    _clean_run(folder)
    _write(folder / "lift.json", certificate(verdict, lift))
    scores = {
        "AUC": _level(0.72) | {"train": 0.8, "gap": 0.08},
        "LogLoss": {"value": None, "low": None, "high": None, "train": None, "gap": None},
    }
    _write(
        folder / "evaluation.json",
        {
            "learners": {"boosted": scores, "naive": {}},
            "headline": "boosted",
            "classes": ["n", EVIL],
            "folds": 5,
            "confusion": [[3, 1], [0, 2]],
        },
    )
    return folder


def _write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


@pytest.fixture
def evil() -> str:
    """A hostile text that stands in names, values and messages."""
    return EVIL


@pytest.fixture
def clean_run(tmp_path: Path) -> Path:
    """A run that cleaned."""
    return _clean_run(tmp_path / "run")


@pytest.fixture
def proved_run(tmp_path: Path) -> Callable[[str, float], Path]:
    """A run that proved, with a verdict and a lift."""
    return lambda verdict, lift: _proved_run(tmp_path / "run", verdict, lift)


# names of metrics, standards and files, and what the small run of these tests calls its own things
ENGLISH = re.compile(
    r"\b(the|of|is|are|was|were|has|have|and|with|from|than|that|this|these|each|every|not|to|it|its|by)\b"
)


class _Texts(HTMLParser):
    """The texts and labels of a page, without code, values of the data and evidence in quotes."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._open: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag not in (
            "meta",
            "link",
            "input",
            "img",
            "br",
            "path",
            "circle",
            "line",
            "rect",
            "polyline",
            "polygon",
            "source",
        ):
            hidden = tag in ("script", "style", "code", "kbd", "svg") or said.get("class") in ("v", "as-is", "told")
            self._open.append(hidden or (bool(self._open) and self._open[-1]))
        self.texts += [said[name] or "" for name in ("title", "aria-label", "placeholder") if said.get(name)]

    def handle_endtag(self, tag: str) -> None:
        if self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if not (self._open and self._open[-1]):
            self.texts.append(" ".join(data.split()))


def _english(page: str) -> list[str]:
    reader = _Texts()
    reader.feed(page)
    outside = (re.sub(r"“.*?”|'.*?'|\".*?\"", "", text) for text in reader.texts)
    return sorted({text for text in outside if len(ENGLISH.findall(text)) > 1})


@pytest.fixture
def english() -> Callable[[str], list[str]]:
    """Finds the sentences of a page that are English, outside of data and code."""
    return _english
