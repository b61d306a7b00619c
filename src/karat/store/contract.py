"""Data contracts in the Open Data Contract Standard 3: what every record and the whole must keep to.

Source: ODCS v3.1.0 (Bitol, Linux Foundation); v3.0 is read too. What is not known is an error.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from karat.core.errors import InputError, OptionError
from karat.store.contract_shapes import ARGUMENT_SHAPES, SHAPES, Shapes, check_bounds, check_shape

VERSION = "v3.1.0"
LOGICAL = {
    "int64": "integer",
    "float64": "number",
    "string": "string",
    "timestamp": "timestamp",
    "bool": "boolean",
    "binary": "string",
}
PHYSICAL = {
    "integer": "int64",
    "number": "float64",
    "string": "string",
    "timestamp": "timestamp",
    "date": "timestamp",
    "boolean": "bool",
}
FIELDS: dict[str, list[str]] = json.loads(files("karat.store").joinpath("contract_fields.json").read_text("utf-8"))
SAID = frozenset(FIELDS["said"])
TOP = SAID | set(FIELDS["top"])
OBJECT = SAID | set(FIELDS["object"])
PROPERTY = SAID | set(FIELDS["property"])
OPTIONS = frozenset(FIELDS["options"])
COMPARED = tuple(FIELDS["compared"])
METRICS = ("nullValues", "missingValues", "invalidValues", "duplicateValues", "rowCount")
EARLIER = {
    "nullCheck": "nullValues",
    "duplicateCount": "duplicateValues",
    "uniqueCheck": "duplicateValues",
    "validValues": "invalidValues",
}  # names of v3.0
QUALITY = frozenset(FIELDS["quality"] + FIELDS["compared"])
ARGUMENTS = frozenset(FIELDS["arguments"])


@dataclass(frozen=True)
class ContractRule:
    """One quality rule: a count, or the value of a query, compared with a bound.

    Parameters
    ----------
    metric : str
        One of ``METRICS``, or "" for a query.
    query : str
        SQL that gives one value; ``${object}`` and ``${property}`` stand for table and column.
    bounds : mapping
        ``mustBe`` and its like.
    percent : bool
        The count is compared as a share of the records, in percent.
    """

    metric: str
    query: str
    arguments: Mapping[str, Any]
    bounds: Mapping[str, Any]
    percent: bool
    name: str


@dataclass(frozen=True)
class Property:
    """What one column must keep to.

    Parameters
    ----------
    kind : str
        Logical type, "" when any.
    options : mapping
        Bounds, lengths, pattern.
    missing : tuple of str
        Texts that mean a missing value, beside the blank.
    reference : (str, str) or None
        File and column in which each value must occur.
    """

    name: str
    kind: str = ""
    required: bool = False
    unique: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    rules: tuple[ContractRule, ...] = ()
    reference: tuple[str, str] | None = None


@dataclass(frozen=True)
class Contract:
    """A contract over one table.

    Parameters
    ----------
    keys : tuple of str
        Columns that name a record together; empty when none are stated.
    rules : tuple of Rule
        About the whole table.
    """

    name: str
    properties: tuple[Property, ...]
    keys: tuple[str, ...] = ()
    rules: tuple[ContractRule, ...] = ()


def read_contract(path: Path) -> Contract:
    """A contract from a YAML file; its first schema object is the table, the others may be referred to.

    Raises
    ------
    InputError
        No such file, no YAML, or no contract.
    OptionError
        A key, type, metric or reference that is not known.
    """
    import yaml

    try:
        document = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"contract {path} not found", "Check the path") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # a date or number that is none is a ValueError
        raise InputError(f"{path} is not YAML: {' '.join(str(error).split())[:200]}", "Correct the file") from None
    if not isinstance(document, dict) or document.get("kind") != "DataContract" or not document.get("schema"):
        raise InputError(
            f"{path} is not a data contract: kind: DataContract and a schema are missing",
            "Write one with karat assess DATA --write-contract FILE",
        )
    if not str(document.get("apiVersion", "")).startswith("v3."):
        raise InputError(f"contract {path} has apiVersion {document.get('apiVersion')!r}", "Use v3")
    where = Path(path).name
    _known(document, TOP, "key of a contract", where)
    table, *others = document["schema"]
    name = _name(table, where)
    _known(table, OBJECT, "key of a schema object", f"{where} {name}")
    files = {
        _name(other, where): str(Path(path).parent / str(other.get("physicalName", other["name"]))) for other in others
    }
    properties = tuple(_property(entry, f"{where} {name}", files) for entry in table.get("properties") or ())
    keyed = [entry for entry in table.get("properties") or () if entry.get("primaryKey")]
    keyed.sort(key=lambda entry: entry.get("primaryKeyPosition", 0))
    rules = tuple(_rule(entry, where) for entry in table.get("quality") or () if entry.get("type") != "text")
    return Contract(name, properties, tuple(str(entry["name"]) for entry in keyed), rules)


def _name(entry: Mapping[str, Any], where: str) -> str:
    check_shape(entry, where)
    if "name" not in entry:
        raise InputError(f"{where} has an object or a property without a name", "Add name:")
    return str(entry["name"])


def _known(entry: Mapping[str, Any], names: Iterable[str], kind: str, where: str, shapes: Shapes = SHAPES) -> None:
    for key in entry:
        if key not in set(names):
            raise OptionError.unknown(kind, str(key), names, where)
    check_shape(entry, where, shapes)


def _property(entry: Mapping[str, Any], where: str, files: Mapping[str, str]) -> Property:
    name = _name(entry, where)
    where = f"{where}.{name}"
    _known(entry, PROPERTY, "key of a property", where)
    kind = entry.get("logicalType", "")
    if kind and kind not in PHYSICAL:
        raise OptionError.unknown("logicalType", str(kind), PHYSICAL, where)
    options = dict(entry.get("logicalTypeOptions") or {})
    _known(options, OPTIONS, "logicalTypeOption", where)
    check_bounds(options, kind, where)
    rules = [_rule(rule, where) for rule in entry.get("quality") or () if rule.get("type") != "text"]
    missing = next(
        (
            tuple(str(v) for v in rule.arguments.get("missingValues") or () if v)
            for rule in rules
            if rule.metric == "missingValues"
        ),
        (),
    )
    return Property(
        name,
        kind,
        bool(entry.get("required")),
        bool(entry.get("unique")),
        options,
        missing,
        tuple(rules),
        _reference(entry, where, files),
    )


def _reference(entry: Mapping[str, Any], where: str, files: Mapping[str, str]) -> tuple[str, str] | None:
    for relation in entry.get("relationships") or ():
        check_shape(relation, where)
        if relation.get("type", "foreignKey") != "foreignKey":
            raise OptionError.unknown("relationship", str(relation.get("type")), ["foreignKey"], where)
        table, _, column = str(relation.get("to", "")).rpartition(".")
        if table not in files:
            raise OptionError.unknown("referenced object", table, files, where)
        return files[table], column
    return None


def _rule(entry: Mapping[str, Any], where: str) -> ContractRule:
    _known(entry, QUALITY, "key of a quality rule", where)
    kind = entry.get("type", "library")
    if kind not in ("library", "sql"):
        raise OptionError.unknown("type of quality rule", str(kind), ["library", "sql", "text"], where)
    arguments = dict(entry.get("arguments") or {}) | (
        {"validValues": entry["validValues"]} if "validValues" in entry else {}
    )
    _known(arguments, ARGUMENTS, "argument of a quality rule", where, ARGUMENT_SHAPES)
    metric = str(entry.get("metric") or entry.get("rule") or "")
    metric = EARLIER.get(metric, metric)
    if kind == "library" and metric not in METRICS:
        raise OptionError.unknown("metric", metric, METRICS, where)
    if kind == "sql" and not entry.get("query"):
        raise InputError(f"{where} has no query", "Add query:")
    bounds = {key: entry[key] for key in COMPARED if key in entry} or {"mustBe": 0}
    return ContractRule(
        "" if kind == "sql" else metric,
        str(entry.get("query") or ""),
        arguments,
        bounds,
        entry.get("unit") == "percent",
        str(entry.get("name") or entry.get("description") or entry.get("id") or metric or "query"),
    )
