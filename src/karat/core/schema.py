"""What the columns of a data set are: roles, types, and how their text is read."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from functools import cached_property
from hashlib import blake2b
from typing import Any, Self

from karat.core.errors import InputError, OptionError


class Role(StrEnum):
    """What a column is for."""

    NUMBER = "number"
    CATEGORY = "category"
    TEXT = "text"
    TIME = "time"
    ID = "id"
    GROUP = "group"
    USER = "user"  # of interactions: who did it
    ITEM = "item"  # and with what
    SOURCE = "source"
    TARGET = "target"
    IMAGE = "image"
    IGNORE = "ignore"


class Meaning(StrEnum):
    """What the values of a column are: its semantic type."""

    PERSON = "person"
    PLACE = "place"
    ADDRESS = "address"
    ORGANISATION = "organisation"
    CONTACT = "contact"  # e-mail, telephone number, web address
    CODE = "code"  # short symbols that stand for something: postcodes, ICD codes, product codes
    IDENTIFIER = "identifier"
    GUID = "guid"
    COORDINATE = "coordinate"
    AMOUNT = "amount"  # of money
    QUANTITY = "quantity"  # a measurement, with or without a unit
    SHARE = "share"
    COUNT = "count"
    YEAR = "year"
    DATE = "date"  # with or without a time of day
    CLOCK = "clock"  # a time of day
    BOOLEAN = "boolean"
    ORDINAL = "ordinal"
    CATEGORY = "category"
    TEXT = "text"


# Names that kinds of data had in earlier versions, in settings, run folders and units of other packages
EARLIER_KINDS = {"corpus": "text", "instructions": "chat", "images": "image", "interactions": "event"}


def kind_name(name: str) -> str:
    """The name of a kind of data, for an earlier name of it too."""
    return EARLIER_KINDS.get(name, name)


TYPES = ("int64", "float64", "string", "timestamp", "bool", "binary")


@dataclass(frozen=True)
class Column:
    """One column: its name, role, type, and how its text is read.

    Parameters
    ----------
    name : str
        As it stands in the input.
    role : Role
        What it is for.
    type : str
        One of ``TYPES``: what its cells are written as in ``data.parquet``.
    nulls : tuple of str
        Texts that stand for a missing value in this column, beside the blank.
    format : str
        ``strptime`` format of a time column, "" when ISO 8601.
    century : int
        The first of the hundred years in which two-digit years are read; 0 is 1969, as in POSIX.
    decimal, thousands : str
        Marks inside its numbers.
    monotone : str
        "increasing" or "decreasing": along this number the answer may only rise, or only fall; "" leaves it free.
    meanings : tuple of str
        The semantic types (``Meaning``) its values may have, likeliest first; empty where none was inferred.
    unit : str
        The unit that every cell carried and that was taken off, "" when there is none.
    stored : str
        The Arrow type it had in a typed source and has again in ``data.parquet``, as ``karat.collect.exact`` writes
        it; "" where the source held text, or a cell no longer fits it.
    """

    name: str
    role: Role
    type: str = "string"
    nulls: tuple[str, ...] = ()
    format: str = ""
    decimal: str = "."
    thousands: str = ""
    monotone: str = ""
    meanings: tuple[str, ...] = ()
    unit: str = ""
    stored: str = ""
    century: int = 0

    @cached_property
    def key(self) -> str:
        """A name for what is derived from a column read so, written once: wide tables ask for it often."""
        return repr(self)

    @property
    def numeric(self) -> bool:
        """Are its cells numbers?"""
        return self.type in ("int64", "float64")


@dataclass(frozen=True)
class Schema:
    """The columns of a data set, in order.

    Parameters
    ----------
    columns : tuple of Column
        In the order of the input.
    task : str
        "classification", "regression", or "" without a target.
    kind : str
        Name of a kind in ``karat.kinds``; an earlier name of it is replaced.
    also : tuple of str
        Kinds whose units suit it too: those of a table suit a series.
    learner : str
        Code of the learner that leads; "" leaves it to the kind of data.
    """

    columns: tuple[Column, ...]
    task: str = ""
    kind: str = "table"
    learner: str = ""
    also: tuple[str, ...] = ()
    _place: dict[str, int] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", kind_name(self.kind))
        for at, column in enumerate(self.columns):
            if column.name in self._place:
                raise InputError(f"two columns are named {column.name!r}", "Rename one of them")
            self._place[column.name] = at

    @cached_property
    def key(self) -> str:
        """A name for what is derived from all columns together, made once: wide tables ask for it often."""
        return blake2b(repr(self).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

    @cached_property
    def by_name(self) -> Self:
        """The same columns in the order of their names."""
        columns = tuple(sorted(self.columns, key=lambda column: column.name))
        return self if columns == self.columns else replace(self, columns=columns)

    @cached_property
    def judged(self) -> tuple[Column, ...]:
        """The columns whose text is judged: all but pictures and what the user set aside."""
        return tuple(c for c in self.columns if c.type != "binary" and c.role not in (Role.IMAGE, Role.IGNORE))

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)

    def __getitem__(self, name: str) -> Column:
        if name not in self._place:
            raise OptionError.unknown("column", name, self._place)
        return self.columns[self._place[name]]

    def __contains__(self, name: object) -> bool:
        return name in self._place

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The column names, in order."""
        return tuple(column.name for column in self.columns)

    def with_role(self, *roles: Role) -> tuple[Column, ...]:
        """The columns that have one of the roles."""
        return tuple(column for column in self.columns if column.role in roles)

    def first(self, role: Role) -> Column | None:
        """The first column of a role, or None."""
        return next((column for column in self.columns if column.role is role), None)

    @property
    def target(self) -> Column | None:
        """The column to predict, or None."""
        return self.first(Role.TARGET)

    @cached_property
    def features(self) -> tuple[Column, ...]:
        """The columns a model may learn from."""
        return self.with_role(Role.NUMBER, Role.CATEGORY, Role.TEXT, Role.TIME, Role.IMAGE)

    @cached_property
    def parsed(self) -> tuple[Column, ...]:
        """Those of them whose cells are more than their text: numbers, times and pictures."""
        return tuple(c for c in self.features if c.role in (Role.NUMBER, Role.TIME) or c.type == "binary")

    def suits(self, kinds: Collection[str]) -> bool:
        """Is a unit that is made for such kinds of data made for this one?"""
        return not {self.kind, *self.also}.isdisjoint(map(kind_name, kinds))

    def replacing(self, *columns: Column) -> Self:
        """A schema in which columns of the same name are replaced."""
        new = {column.name: column for column in columns}
        return replace(self, columns=tuple(new.get(column.name, column) for column in self.columns))

    def to_json(self) -> dict[str, Any]:
        """Plain values for ``schema.json``."""
        lists = ({"role": str(c.role), "nulls": list(c.nulls), "meanings": list(c.meanings)} for c in self.columns)
        names = [own.name for own in fields(Column)]
        columns = [
            {name: getattr(column, name) for name in names} | plain
            for column, plain in zip(self.columns, lists, strict=True)
        ]
        optional = ("monotone", "meanings", "unit", "stored", "century")
        columns = [{key: value for key, value in known.items() if key not in optional or value} for known in columns]
        lead: dict[str, Any] = {"learner": self.learner} if self.learner else {}
        lead |= {"also": list(self.also)} if self.also else {}
        return {"kind": self.kind, "task": self.task, **lead, "columns": columns}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """The inverse of ``to_json``."""
        tuples = ("nulls", "meanings")
        columns = (
            Column(**(c | {"role": Role(c["role"])} | {key: tuple(c.get(key, ())) for key in tuples}))
            for c in values["columns"]
        )
        lead = {"learner": values.get("learner", ""), "also": tuple(values.get("also", ()))}
        return cls(tuple(columns), task=values["task"], kind=values["kind"], **lead)


def pictures_alone(schema: Schema) -> bool:
    """Are there pictures, and no texts beside them?"""
    return bool(schema.with_role(Role.IMAGE)) and not schema.with_role(Role.TEXT)
