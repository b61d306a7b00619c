"""A contract written from what was learned, for a person to edit."""

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.counts import ColumnCounts, ValueCounts
from karat.core.finding import SURE
from karat.core.parsing import parse_numbers
from karat.core.schema import Column, Role, Schema
from karat.store.contract import LOGICAL, VERSION

MAX_VALUES = 40  # display: a longer list is no rule a person would edit
MIN_RECORDS = 20  # known answers break at 40, hold at 10 (benchmarks/constants.md): fewer prove no rule
SHAPE = re.compile(r"[A-Za-z]+|[0-9]+|.", re.DOTALL)


def write_contract(
    path: Path, *, name: str, schema: Schema, counts: ValueCounts, findings: pa.Table | None = None, owner: str = ""
) -> None:
    """Write ``contract.odcs.yaml``: types, gaps, keys, ranges, allowed values and patterns.

    Parameters
    ----------
    name : str
        Name of the data set.
    counts : ValueCounts
        Values of every column, as the checks share them.
    findings : pyarrow.Table, optional
        Findings: values that were surely found wrong teach no rule.
    owner : str
        Who answers for the data; left out when empty.
    """
    import yaml

    wrong = _wrong(findings)
    columns = [
        _property(column, counts.columns.get(column.name), wrong.get(column.name, frozenset())) for column in schema
    ]
    contract: dict[str, Any] = {
        "apiVersion": VERSION,
        "kind": "DataContract",
        "id": f"urn:karat:contract:{name}",
        "name": name,
        "version": "1.0.0",
        "status": "draft",
        "description": {"purpose": f"What {name} held when it was learned. Edit what should be otherwise."},
        "schema": [{"name": name, "logicalType": "object", "physicalType": "table", "properties": columns}],
    }
    if owner:
        contract["team"] = {"members": [{"username": owner, "role": "owner"}]}
    text = yaml.safe_dump(contract, sort_keys=False, allow_unicode=True, width=120)
    Path(path).write_text(text, encoding="utf-8")


def _wrong(findings: pa.Table | None) -> Mapping[str, Collection[str]]:
    if findings is None:
        return {}
    sure = findings.filter(pc.and_(pc.greater_equal(findings["confidence"], SURE), pc.is_valid(findings["row"])))
    wrong: dict[str, set[str]] = {}
    for column, value in zip(sure["column"].to_pylist(), sure["value"].to_pylist(), strict=True):
        if column is not None and value is not None:
            wrong.setdefault(column, set()).add(value)
    return wrong


def _property(column: Column, counts: ColumnCounts | None, wrong: Collection[str]) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": column.name, "logicalType": LOGICAL[column.type]}
    if column.nulls:
        entry["quality"] = [
            {
                "type": "library",
                "metric": "missingValues",
                "unit": "percent",
                "mustBeLessOrEqualTo": 100,
                "arguments": {"missingValues": ["", *column.nulls]},
            }
        ]
    if counts is None or counts.records < MIN_RECORDS:
        return entry
    here = [at for at, v in enumerate(counts.values) if v not in wrong and v not in column.nulls]
    values, times = [counts.values[at] for at in here], counts.counts[here]
    gaps = counts.blank + sum(int(n) for v, n in zip(counts.values, counts.counts, strict=True) if v in column.nulls)
    entry["required"] = gaps == 0
    if not gaps and counts.whole and len(values) == counts.records and column.role is Role.ID:
        entry["unique"] = True
    if values and counts.whole:
        options, rule = _limits(column, values, times)
        entry |= {"logicalTypeOptions": options} if options else {}
        entry["quality"] = entry.get("quality", []) + ([rule] if rule else [])
    return {key: value for key, value in entry.items() if value != []}


def _limits(column: Column, values: list[str], times: np.ndarray) -> tuple[dict[str, Any], dict[str, Any] | None]:
    if column.numeric:
        numbers = parse_numbers(pa.array(values, pa.string()), column)
        numbers = numbers[np.isfinite(numbers)]
        if not len(numbers) or column.role is Role.ID:
            return {}, None
        ends = {"minimum": float(numbers.min()), "maximum": float(numbers.max())}
        return {key: int(v) if v.is_integer() else v for key, v in ends.items()}, None
    if column.type == "timestamp":
        return ({"format": column.format} if column.format else {}), None
    if column.role in (Role.CATEGORY, Role.TARGET, Role.SOURCE) and len(values) <= MAX_VALUES and int(times.min()) > 1:
        return {}, {
            "type": "library",
            "metric": "invalidValues",
            "mustBe": 0,
            "arguments": {"validValues": sorted(values)},
        }
    shape = _shape(values)
    return ({"pattern": shape} if shape else {}), None


def _shape(values: list[str]) -> str:
    """A pattern that all values share, where it says more than "some letters"."""
    if len(values) < MIN_RECORDS:
        return ""
    shapes = {_pattern(value) for value in values}
    shape = shapes.pop() if len(shapes) == 1 else ""
    return f"^{shape}$" if "[0-9]" in shape else ""


def _pattern(value: str) -> str:
    return "".join(
        f"[0-9]{{{len(part)}}}"
        if part.isascii() and part.isdigit()
        else f"[A-Z]{{{len(part)}}}"
        if part.isascii() and part.isalpha() and part.isupper()
        else f"[a-z]{{{len(part)}}}"
        if part.isascii() and part.isalpha() and part.islower()
        else f"[A-Za-z]{{{len(part)}}}"
        if part.isascii() and part.isalpha()
        else re.escape(part)
        for part in SHAPE.findall(value)
    )
