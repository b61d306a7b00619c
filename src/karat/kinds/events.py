"""Interactions: who did what with which item, and when."""

from dataclasses import replace
from typing import ClassVar

from karat.collect.interactions import Interactions
from karat.collect.read import Contents
from karat.core.block import Block
from karat.core.errors import InputError, OptionError
from karat.core.schema import Role, Schema
from karat.kinds.kind import Goal, Kind, Sample, spans


class Events(Kind):
    """Events: two columns of recurring keys, users and items, with little beside them and nothing to predict.

    Their names say so, or, whatever the names are, the keys hardly ever recur as a pair beside a time and a small
    scale or kind of act.
    """

    name: ClassVar[str] = "event"
    rank: ClassVar[int] = 40
    contents: ClassVar[Contents] = Contents(turns=False, pictures=False)
    goal: ClassVar[Goal] = Goal.RANK

    def recognised(self, sample: Sample) -> str:
        """By the columns of users and items."""
        if sample.target or sample.schema is None:
            return ""
        pair = _named(sample.schema) or _seen(sample).pair()
        return f"users in column {pair[0]!r}, items in {pair[1]!r}" if pair else ""

    def roles(self, sample: Sample) -> Schema:
        """Users, items and times get their roles.

        Raises
        ------
        InputError
            There are no two such columns.
        OptionError
            A target is named.
        """
        assert sample.schema is not None
        if sample.target:
            raise OptionError(
                f"--target {sample.target!r} does not apply to events, where items are ranked",
                "Leave --target out, or use --kind table",
            )
        seen = _seen(sample)
        pair = _named(sample.schema) or seen.pair() or seen.named_pair() or seen.best_pair()
        if pair is None:
            raise InputError(
                f"no columns of users and items among {', '.join(map(repr, sample.schema.names))}",
                'Name them in karat.toml: [collect.columns.NAME] role = "user", and "item"',
            )
        return replace(seen.as_interactions(*pair), kind=self.name)

    def provable(self, schema: Schema) -> bool:
        """Always: items are ranked."""
        return True

    def facts(self, block: Block) -> list[tuple[str, str]]:
        """Users and items, how many each, and the time they span."""
        roles = {"users": Role.USER, "items": Role.ITEM}
        named = {word: column for word, role in roles.items() if (column := block.schema.first(role))}
        said = [
            (word, f"{len(block.coded(column.name)[1]):,} in column {column.name!r}") for word, column in named.items()
        ]
        return said + spans(block)


def _named(schema: Schema) -> tuple[str, str] | None:
    """The columns that the user has named users and items."""
    user, item = schema.first(Role.USER), schema.first(Role.ITEM)
    return (user.name, item.name) if user and item else None


def _seen(sample: Sample) -> Interactions:
    assert sample.schema is not None
    assert sample.counts is not None
    return Interactions(sample.schema, sample.counts, sample.table, tuple(sample.chosen))
