"""``karat label``: files in, labels out."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.errors import InputError, OptionError
from karat.core.registry import units
from karat.core.schema import Column, Role, Schema
from karat.core.unit import Voter
from karat.flow.decisions_applied import votes as decided_votes
from karat.flow.folder import write_table, write_text
from karat.label.aggregated import AggregatedLabels
from karat.label.aggregating import aggregate
from karat.label.exchange.annotation_files import AnnotationReading, Ledger
from karat.label.exchange.formats import FORMATS, format_named, read_annotations
from karat.label.items import COST, item_names
from karat.label.language_model_trial import MOST_TRIED, Trial, trial_of
from karat.label.spending import QuestionCost
from karat.label.vote_columns import with_vote_columns
from karat.label.vote_table import texts

TINY_MONEY = 1e-12  # definition: a limit that no question keeps


@dataclass(frozen=True)
class Labelling:
    """What ``karat label`` was given; paths of files, None where absent.

    Parameters
    ----------
    votes : str or None
        A file of votes, or Label Studio's JSON.
    rules : str or None
        A Python file of rules; needs ``items``.
    model : str
        A language model to ask as well; needs ``items`` and ``classes``.
    voters : tuple of str
        Codes of voters to ask as well; need ``items``.
    source, to, question : str
        The format of the file of votes, that of the file with labels ("" for the same), and the question in it.
    parallel : int
        Questions to a language model at once.
    per_minute, max_cost, price_in, price_out : float
        Limits on its questions and money, and its prices for a million tokens.
    answers, keep : str
        The type of the answers and the rule for repeated votes, as in ``karat.label.aggregate``.
    columns : mapping of str to str
        "item", "voter" or "label" to the column of a table of votes that holds it.
    """

    votes: str | None
    items: str | None = None
    gold: str | None = None
    probs: str | None = None
    rules: str | None = None
    classes: tuple[str, ...] = ()
    method: str = "auto"
    model: str = ""
    seed: int = 0
    voters: tuple[str, ...] = ()
    answers: str = "auto"
    keep: str = "last"
    source: str = "auto"
    to: str = ""
    question: str = ""
    parallel: int = 8
    per_minute: float = 0.0
    max_cost: float = 0.0
    price_in: float = 0.0
    price_out: float = 0.0
    columns: Mapping[str, str] = field(default_factory=dict)

    def asked(self, home: Path) -> list[Voter]:
        """The voters that are asked for, those that cost money last. Raises OptionError for an unknown one."""
        known = units("voter")
        for code in self.voters:
            if code not in known:
                raise OptionError.unknown("voter", code, known, "--voter")
        every = sorted((unit for unit in known.values() if issubclass(unit, Voter)), key=lambda unit: unit.costs)
        options = asdict(self) | {"cache": str(home / "answers.sqlite")}
        return [voter for unit in every if (voter := unit.asked(options)) is not None]


@dataclass(frozen=True, eq=False)
class Labelled:
    """The labels, what a language model cost, what was read of an annotation tool's file, and the file to hand back.

    ``columns`` says in words which columns were taken for the votes, where they had other names.
    """

    labels: AggregatedLabels
    cost: dict[str, Any] = field(default_factory=dict)
    ledger: Ledger | None = None
    written: tuple[str, str] | None = None
    votes: pa.Table | None = None
    items: pa.Table | None = None
    columns: str = ""

    def save(self, folder: Path) -> Path:
        """Write the tables of the labels, and where a format is asked for, a file of it with the labels.

        Beside them lie ``votes.parquet`` and ``items.parquet``, which the review page shows.
        """
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in (("votes", self.votes), ("items", self.items)):
            if table is not None:
                write_table(folder / f"{name}.parquet", _plain(table).replace_schema_metadata())
        for name, table in self.labels.tables().items():
            write_table(folder / f"{name}.parquet", table)
        if self.written is not None:
            write_text(folder / self.written[0], self.written[1])
        return folder


def _plain(table: pa.Table) -> pa.Table:
    """The table with lists and records as JSON, which a page can show."""
    for at, name in enumerate(table.column_names):
        if pa.types.is_nested(table[name].type):
            table = table.set_column(at, name, texts(table[name], "label"))
    return table


def label(labelling: Labelling, home: Path, say: Callable[[str], None] = lambda _: None) -> Labelled:
    """Collect every voter's votes and find the labels behind them.

    Parameters
    ----------
    home : Path
        Answers of a language model are kept here.
    say : function of str
        Gets what the trial of a language model came to, before the rest is paid for.
    """
    written_as = format_named(labelling.to) if labelling.to else None
    reading = (
        None if labelling.votes is None else read_annotations(labelling.votes, labelling.source, labelling.question)
    )
    items, gold = _items(labelling, reading), _gold(labelling, reading)
    parts, columns = _votes(labelling, reading)
    cost: dict[str, Any] = {}
    if asked := labelling.asked(home):
        items, votes, cost = _asked_for(labelling, asked, items, home, reading, say)
        parts += [part.select(["item", "voter", "label"]) for part in votes] if parts else votes
    if not parts:
        raise OptionError("karat label was given no votes", "Name a file of votes, or --items with --rules")
    voted = _with_people(_joined(parts), decided_votes(home))
    aggregated = aggregate(
        voted,
        items=items,
        gold=gold,
        probs=_table(labelling.probs) if labelling.probs else None,
        method=labelling.method,
        classes=labelling.classes or None,
        seed=labelling.seed,
        answers=reading.answers if reading is not None and labelling.answers == "auto" else labelling.answers,
        keep=labelling.keep,
    )
    written = _written(written_as or (reading and FORMATS[reading.name]), reading, aggregated, items)
    return Labelled(aggregated, cost, None if reading is None else reading.ledger, written, voted, items, columns)


def _items(labelling: Labelling, reading: AnnotationReading | None) -> pa.Table | None:
    return _table(labelling.items) if labelling.items else reading.items if reading is not None else None


def _gold(labelling: Labelling, reading: AnnotationReading | None) -> pa.Table | None:
    return _table(labelling.gold) if labelling.gold else reading.gold if reading is not None else None


def _votes(labelling: Labelling, reading: AnnotationReading | None) -> tuple[list[pa.Table], str]:
    """The votes of the file, and which of its columns were taken for them where they had other names."""
    if reading is not None:
        return [reading.votes], ""
    if not labelling.votes:
        return [], ""
    named, columns = with_vote_columns(_table(labelling.votes), labelling.columns)
    return [named], columns


def _asked_for(
    labelling: Labelling,
    asked: list[Voter],
    items: pa.Table | None,
    home: Path,
    reading: AnnotationReading | None,
    say: Callable[[str], None],
) -> tuple[pa.Table, list[pa.Table], dict[str, Any]]:
    """The items by name, what the voters that were asked for say of them, and what that cost."""
    if items is None:
        option = "--rules" if labelling.rules else "--model" if labelling.model else "--voter"
        raise OptionError(f"{option} was given without items to vote on", "Name a file of items with --items")
    block = _block(items)
    items = _named(items, block)
    tried = trial(labelling, home, reading) if labelling.model and (labelling.gold or reading) else None
    if tried is not None:
        say(str(tried))
        asked = _poorer(labelling, tried).asked(home)
    votes = [voter.vote(block) for voter in asked]
    return items, votes, _bill(votes, tried)


def _written(form: Any, reading: Any, aggregated: Any, items: pa.Table | None) -> tuple[str, str] | None:
    """Name and content of the file that another program reads; None where none is wanted."""
    if form is None:
        return None
    same = reading if reading is not None and reading.name == form.name else None
    return form.file_name, form.write(aggregated.labels, items, aggregated.answers.name, same)


def trial(labelling: Labelling, home: Path, reading: AnnotationReading | None = None) -> Trial | None:
    """The language model on records with a known answer; None where there are none.

    Parameters
    ----------
    labelling : Labelling
        With ``model``, ``items`` and ``gold``.
    reading : AnnotationReading, optional
        What was read of an annotation tool's file, which may hold items and known answers.
    """
    items, gold = _items(labelling, reading), _gold(labelling, reading)
    if items is None or gold is None:
        return None
    block = _block(items)
    known = zip(texts(gold["item"], "item").to_pylist(), texts(gold["label"], "label").to_pylist(), strict=True)
    truth = {item: label for item, label in known if item is not None and label is not None}
    names = item_names(block)
    rows = [row for row, name in enumerate(names) if name in truth][:MOST_TRIED]
    voter = next((voter for voter in labelling.asked(home) if voter.costs), None)
    if not rows or voter is None:
        return None
    votes = voter.vote(_block(_named(items, block).take(pa.array(rows))))
    return trial_of(labelling.model, votes, [names[row] for row in rows], truth, len(names) - len(rows))


def _poorer(labelling: Labelling, tried: Trial) -> Labelling:
    """The same with the money that a trial left; 0 would be no limit."""
    left = max(labelling.max_cost - float(tried.cost["money"]), TINY_MONEY)
    return replace(labelling, max_cost=left) if labelling.max_cost else labelling


def _bill(votes: Sequence[pa.Table], tried: Trial | None) -> dict[str, Any]:
    """What language models cost, a trial among it; answers that the trial paid for are not counted as cached."""
    bills = [
        QuestionCost(**json.loads(part.schema.metadata[COST])) for part in votes if COST in (part.schema.metadata or {})
    ]
    if not bills:
        return {}
    total = sum(bills[1:], bills[0])
    if tried is not None:
        paid = QuestionCost(**tried.cost)
        total = total + paid
        total.cached -= len(tried.pairs)
    return asdict(total)


def _with_people(voted: pa.Table, decided: pa.Table) -> pa.Table:
    """The votes and what people have decided on the review page; a person's later word replaces an earlier one."""
    if not decided.num_rows:
        return voted
    said = set(zip(decided["item"].to_pylist(), decided["voter"].to_pylist(), strict=True))
    texts = pa.table({name: voted[name].cast(pa.string()) for name in ("item", "voter", "label")})
    pairs = zip(texts["item"].to_pylist(), texts["voter"].to_pylist(), strict=True)
    earlier = texts.filter(pa.array([pair not in said for pair in pairs], pa.bool_()))
    return pa.concat_tables([earlier, decided.select(["item", "voter", "label"])])


def _table(path: str) -> pa.Table:
    from karat.collect.read import open_data

    reading = open_data(path)
    batches = list(reading.batches())
    if reading.quarantine:
        first = reading.quarantine[0]
        raise InputError(
            f"{path} has {len(reading.quarantine):,} lines that cannot be read, "
            f"the first at {first.get('line')}: {first.get('error')}",
            "Correct the file",
        )
    if not batches:
        raise InputError(f"{path} has no records", "Name another file")
    return pa.Table.from_batches(batches)


def _block(items: pa.Table) -> Block:
    columns = tuple(Column(name, Role.TEXT) for name in items.column_names)
    texts = [items.column(name).cast(pa.string()) for name in items.column_names]
    return Block(np.arange(items.num_rows), pa.table(texts, names=items.column_names).combine_chunks(), Schema(columns))


def _named(items: pa.Table, block: Block) -> pa.Table:
    """The items with a column that names them, as the voters do."""
    if "item" in items.column_names or "id" in items.column_names:
        return items
    return items.append_column("item", pa.array(item_names(block), pa.string()))


def _joined(parts: Sequence[pa.Table]) -> pa.Table:
    if len(parts) == 1:
        return parts[0]
    names = ["item", "voter", "label"]
    for part in parts:
        lacking = [name for name in names if name not in part.column_names]
        if lacking:
            raise InputError(f"votes lack the columns {', '.join(lacking)}", "Give the columns item, voter and label")
    texts = [part.select(names).cast(pa.schema([(name, pa.string()) for name in names])) for part in parts]
    return pa.concat_tables([text.replace_schema_metadata() for text in texts])


def with_classes(labelling: Labelling, listed: str) -> Labelling:
    """The same with classes from a comma-separated list; a full-width comma parts them too."""
    names = tuple(name.strip() for name in listed.replace("，", ",").split(",") if name.strip())
    if len(set(names)) < len(names):
        raise OptionError(f"--classes names a class twice: {listed}", "Name each once")
    return replace(labelling, classes=names)
