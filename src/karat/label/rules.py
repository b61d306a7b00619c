"""Rules: functions of one record that say a label or nothing."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, overload

import pyarrow as pa

from karat.core.block import Block
from karat.core.errors import InputError
from karat.core.unit import Voter
from karat.label.items import item_names, votes_table

Record = dict[str, str | None]
Function = Callable[[Record], Any]


@dataclass(frozen=True)
class Rule:
    """A function of one record under a name; call it as the function it is.

    Parameters
    ----------
    function : function of a record to str, int or None
        Gets the record's columns as text, None for a blank; None abstains.
    """

    name: str
    function: Function

    def __call__(self, record: Record) -> Any:
        return self.function(record)


@overload
def rule(function: Function) -> Rule: ...
@overload
def rule(*, name: str) -> Callable[[Function], Rule]: ...
def rule(function: Function | None = None, *, name: str = "") -> Rule | Callable[[Function], Rule]:
    """Make a function a voter.

    Parameters
    ----------
    function : function of a record
        Gets a dict of the record's columns as text, None for a blank. Gives a label, or None to abstain.
    name : str, optional
        What the voter is called; the function's name by default.

    Examples
    --------
    >>> @rule
    ... def asks_for_money(record):
    ...     return "垃圾" if "转账" in record["text"] else None
    >>> asks_for_money({"text": "请立即转账"})
    '垃圾'
    """
    if function is None:
        return lambda decorated: Rule(name or decorated.__name__, decorated)
    return Rule(name or getattr(function, "__name__", "rule"), function)


@dataclass(frozen=True)
class Rules(Voter):
    """The rules in a Python file vote: cheap, quick to change, and wrong in ways that agree with each other.

    A rule that fires on few records and errs with a system hurts more than a careless person, so that its votes are
    read by a label model rather than counted. Source: labelling functions, Ratner et al. 2016.

    Parameters
    ----------
    path : str
        A Python file with functions under ``@karat.rule``. It is run, so it must be your own.
    """

    path: str

    @classmethod
    def asked(cls, options: Mapping[str, Any]) -> Voter | None:
        """The rules of the file that is named."""
        return cls(options["rules"]) if options["rules"] else None

    def vote(self, block: Block) -> pa.Table:
        """Votes of every rule that fires; a rule that fails is an error that names the record."""
        rules = load_rules(Path(self.path))
        names, records = item_names(block), block.table.to_pylist()
        items: list[str] = []
        voters: list[str] = []
        labels: list[str] = []
        for voter in rules:
            for name, record in zip(names, records, strict=True):
                label = _label(voter, record, name, self.path)
                if label is not None:
                    items.append(name)
                    voters.append(voter.name)
                    labels.append(label)
        return votes_table(items, voters, labels)


def _label(voter: Rule, record: Record, name: str, path: str) -> str | None:
    try:
        label = voter(record)
    except Exception as error:  # noqa: BLE001  a user's function may raise anything
        raise InputError(
            f"rule {voter.name} of {path} failed on item {name!r}: {type(error).__name__}: {error}",
            "Correct the rule; a blank is None",
        ) from None
    if label is None:
        return None
    if isinstance(label, bool) or not isinstance(label, (str, int)):
        raise InputError(
            f"rule {voter.name} of {path} gave {label!r} on item {name!r}", "Return a text, a number or None"
        )
    return str(label)


def load_rules(path: Path) -> list[Rule]:
    """The rules in a file, in the order written.

    Raises
    ------
    InputError
        There is no such file, it does not run, holds no rule, or two of one name.
    """
    if not path.is_file():
        raise InputError(f"rules {path} not found", "Check the path")
    name = f"_karat_rules_{abs(hash(str(path.resolve())))}"
    spec = spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise InputError(f"{path} is not a Python file", "Give a file of rules that ends in .py")
    module = module_from_spec(spec)
    sys.modules[name] = module  # what the file pickles or types refers to itself by name
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # noqa: BLE001  a user's file may raise anything
        raise InputError(
            f"{path} failed while it was read: {type(error).__name__}: {error}", "Correct the file"
        ) from None
    finally:
        del sys.modules[name]
    rules = [value for value in vars(module).values() if isinstance(value, Rule)]
    if not rules:
        raise InputError(f"{path} has no functions under @karat.rule", "Write @karat.rule above each")
    names = [voter.name for voter in rules]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"{path} has two rules of one name: {', '.join(twice)}", "Rename one of them")
    return rules
