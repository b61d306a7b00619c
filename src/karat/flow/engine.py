"""The local engine: folds blocks into states on all cores, groups with DuckDB, and judges.

Checks see the columns in the order of their names, so that no verdict depends on the order they came in.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import pyarrow as pa

from karat.core.block import Block
from karat.core.executor import Tick, in_order
from karat.core.finding import DoesNotApply, no_findings
from karat.core.plugins import attempted
from karat.core.registry import instances
from karat.core.schema import Schema
from karat.core.unit import Annotation, Check, Grouping
from karat.flow.annotations import annotated_block
from karat.flow.dataset import Dataset
from karat.quality.annotating import annotated, needed
from karat.quality.calibration import calibrated

GROUPING_MEMORY = "1500MB"  # beyond this DuckDB spills to disk, beside the data
T = TypeVar("T")


@dataclass(frozen=True)
class Learned:
    """What the checks know after their passes.

    Parameters
    ----------
    checks : checks that apply, by code.
    states : their states.
    skipped : why the others do not apply.
    before : per ordered check, the merged state of all earlier blocks, one entry per block.
    """

    checks: dict[str, Check]
    states: dict[str, Any]
    skipped: dict[str, str]
    before: dict[str, list[Any]]

    def annotations(self, schema: Schema) -> dict[str, Annotation]:
        """What its checks need measured of such records."""
        return needed(self.checks.values(), schema)


def all_checks() -> list[Check]:
    """One of every check found, with its default parameters."""
    return instances("check")


def learn(
    data: Dataset, checks: Sequence[Check] | None = None, *, workers: int = 1, tick: Tick | None = None
) -> Learned:
    """Fold all blocks into the checks' states.

    Parameters
    ----------
    checks : sequence of Check or None
        None takes every check there is; those whose ``needs`` are neither in ``data.extra`` nor annotations of such
        columns are left out and say so.
    workers : int
        Threads. The result does not depend on it.
    """
    chosen, skipped = _applicable(checks if checks is not None else all_checks(), data)
    ordered = {code for code, check in chosen.items() if check.ordered}
    annotations = needed(chosen.values(), data.schema)
    history: dict[str, list[Any]] = {code: [] for code in ordered}
    counter: list[tuple[int, dict[str, Any]]] = []  # (blocks, states): merged like a binary counter, in block order

    def states_of(at: int) -> dict[str, Any]:
        block = annotated_block(data, at, annotations).by_name
        return _without_none(
            {c: attempted(check, "learn", partial(check.learn, block), None) for c, check in chosen.items()}
        )

    for done, fresh in enumerate(in_order(range(data.block_count), states_of, workers), start=1):
        for code in ordered:
            history[code].append(fresh.get(code))
        states_so_far, size = fresh, 1
        while counter and counter[-1][0] == size:
            states_so_far, size = _merged(chosen, counter.pop()[1], states_so_far), size * 2
        counter.append((size, states_so_far))
        if tick:
            tick(done, data.block_count)
    states: dict[str, Any] = counter.pop()[1] if counter else {}
    while counter:
        states = _merged(chosen, counter.pop()[1], states)
    if not states:
        return Learned({}, {}, skipped | dict.fromkeys(chosen, "no records"), {})
    states = _grouped(chosen, states, data, workers)
    skipped |= dict.fromkeys(chosen.keys() - states.keys(), "failed at learn")
    chosen = {code: check for code, check in chosen.items() if code in states}
    before = {
        code: attempted(chosen[code], "merge", partial(_prefixes, parts), [None] * len(parts))
        for code, parts in history.items()
        if code in states
    }
    return Learned(chosen, states, skipped, before)


def _applicable(checks: Iterable[Check], data: Dataset) -> tuple[dict[str, Check], dict[str, str]]:
    chosen: dict[str, Check] = {}
    skipped: dict[str, str] = {}
    checks = sorted(checks, key=lambda check: check.code())
    there = data.extra.keys() | needed(checks, data.schema).keys()
    for check in checks:
        lacking = sorted(check.needs - there)
        refusal: DoesNotApply | None = DoesNotApply("failed at applies")
        applies = partial(check.applies, data.schema.by_name)
        verdict = (
            DoesNotApply(f"needs {', '.join(lacking)}") if lacking else attempted(check, "applies", applies, refusal)
        )
        if not data.schema.suits(check.kinds):
            verdict = DoesNotApply(f"not made for {data.schema.kind}")
        if verdict is None:
            chosen[check.code()] = check
        else:
            skipped[check.code()] = verdict.reason
    return chosen, skipped


def _merged(checks: Mapping[str, Check], left: Mapping[str, Any], right: Mapping[str, Any]) -> dict[str, Any]:
    """States merged by code; a state that several checks share is merged once and stays shared."""
    once: dict[tuple[int, int], Any] = {}
    out = {}
    for code, state in left.items():
        if code not in right:
            continue  # a stranger's check that failed on some block is left out altogether
        pair = (id(state), id(right[code]))
        if pair not in once:
            once[pair] = attempted(checks[code], "merge", partial(state.merge, right[code]), None)
        out[code] = once[pair]
    return _without_none(out)


def _without_none(states: Mapping[str, Any]) -> dict[str, Any]:
    return {code: state for code, state in states.items() if state is not None}


def _prefixes(parts: Sequence[Any]) -> list[Any]:
    out: list[Any] = [None]
    for part in parts[:-1]:
        out.append(part if out[-1] is None else out[-1].merge(part))
    return out


def _grouped(checks: Mapping[str, Check], states: dict[str, Any], data: Dataset, workers: int) -> dict[str, Any]:
    def asked(codes: Iterable[str]) -> dict[str, Sequence[Grouping]]:
        lists = {code: _next_pass(checks[code], states[code]) for code in codes}
        return {code: groupings for code, groupings in lists.items() if groupings}

    wanted = asked(states)
    while wanted:
        distinct = list(dict.fromkeys(g for groupings in wanted.values() for g in groupings))
        answers = group(data, distinct, workers)
        for code, groupings in wanted.items():
            mine = {grouping: answers[grouping] for grouping in groupings}
            states[code] = attempted(
                checks[code], "learn_groups", partial(checks[code].learn_groups, states[code], mine), None
            )
        states = _without_none(states)
        wanted = asked(code for code in wanted if code in states)
    return states


def _next_pass(check: Check, state: Any) -> Sequence[Grouping]:
    return attempted(check, "next_pass", lambda: list(check.next_pass(state)), [])


def group(data: Dataset, groupings: Sequence[Grouping], workers: int = 1) -> dict[Grouping, pa.Table]:
    """How often each value stands beside each key, by DuckDB; sorted, blanks left out."""
    import duckdb

    out = {}
    with (
        TemporaryDirectory(dir=data.path.parent if data.path else None) as spill,
        duckdb.connect(
            config={"threads": workers, "memory_limit": GROUPING_MEMORY, "temp_directory": spill}
        ) as connection,
    ):
        connection.register("records", data.scannable())
        for wanted in groupings:
            keys = ", ".join(f'{_quoted(name)} AS "key_{at}"' for at, name in enumerate(wanted.keys))
            full = " AND ".join(f"{_quoted(name)} IS NOT NULL" for name in (*wanted.keys, wanted.value))
            order = ", ".join(f'"key_{at}"' for at in range(len(wanted.keys)))
            own, both = (", ".join(map(_quoted, names)) for names in (wanted.keys, (*wanted.keys, wanted.value)))
            several = f"QUALIFY count(*) OVER (PARTITION BY {own}) > 1" if wanted.conflicts_only else ""
            query = (
                f'SELECT {keys}, {_quoted(wanted.value)} AS "value", count(*) AS n FROM records WHERE {full} '
                f'GROUP BY {both} {several} ORDER BY {order}, "value"'
            )
            out[wanted] = connection.sql(query).to_arrow_table()
    return out


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def judge(
    data: Dataset, learned: Learned, *, workers: int = 1, tick: Tick | None = None
) -> Iterator[tuple[Block, pa.Table]]:
    """Each block with its findings, in order; sorted within a block by record, column and check."""
    annotations = learned.annotations(data.schema)

    def judged(at: int) -> tuple[Block, pa.Table]:
        block = annotated_block(data, at, annotations)
        return block, judge_block(learned, block, {code: parts[at] for code, parts in learned.before.items()})

    for done, answer in enumerate(in_order(range(data.block_count), judged, workers), start=1):
        yield answer
        if tick:
            tick(done, data.block_count)


def judge_block(learned: Learned, block: Block, before: Mapping[str, Any] | None = None) -> pa.Table:
    """The findings of all checks about one block."""
    block = annotated(block, learned.annotations(block.schema)).by_name
    tables: list[pa.Table] = []
    for code, check in learned.checks.items():
        call = partial(check.judge, learned.states[code], block, (before or {}).get(code))
        verdict = attempted(check, "judge", call, DoesNotApply("failed at judge"))
        if isinstance(verdict, DoesNotApply):
            learned.skipped.setdefault(code, verdict.reason)
        elif verdict.num_rows:
            tables.append(calibrated(code, verdict))
    if not tables:
        return no_findings()
    order = [("row", "ascending"), ("column", "ascending"), ("check", "ascending"), ("span_start", "ascending")]
    return pa.concat_tables(tables).combine_chunks().sort_by(order)


def conclude(learned: Learned, schema: Schema) -> pa.Table:
    """Findings about whole columns and the data set, check by check."""
    tables: list[pa.Table] = []
    for code, check in learned.checks.items():
        call = partial(check.conclude, learned.states[code], schema.by_name)
        tables.append(calibrated(code, attempted(check, "conclude", call, no_findings())))
    return pa.concat_tables([no_findings(), *tables]).combine_chunks()


def each_block(work: Callable[[Block], T], data: Dataset, workers: int) -> Iterator[T]:
    """``work`` over all blocks on several threads, answers in block order, at most a few blocks in flight."""
    return in_order(range(data.block_count), lambda at: work(data.block(at)), workers)
