"""Rows that come later: read alone, merged into the states, judged by what is known of all, and kept."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from karat import kinds
from karat.collect.piece import QUARANTINE
from karat.core.block import ROW
from karat.core.errors import InputError
from karat.core.finding import FINDINGS
from karat.core.measure import Measure
from karat.core.patch import no_changes
from karat.core.plugins import present
from karat.core.schema import Schema
from karat.core.state import freeze, thaw
from karat.flow import collecting, engine
from karat.flow.data_reference import resolved
from karat.flow.dataset import Dataset
from karat.flow.engine import Learned
from karat.flow.folder import read_json, write_json, write_table, write_text
from karat.flow.guard import Stop, stopped_in
from karat.flow.job import Job, input_hash
from karat.flow.journal import APPENDED, WORK, Change, locked, require_unaltered_run
from karat.flow.masking import Masking, findings_of, ledger_of, without_personal_data
from karat.flow.refine import all_fixes, joined, patched, propose
from karat.flow.review import REVIEW, case_table
from karat.flow.run import walk
from karat.flow.scores import Doubt, by_check, dimension_score, score
from karat.flow.settings import made_settings, read_settings
from karat.flow.typed import write_data
from karat.flow.weighing import LabelWeights
from karat.kinds import Layout
from karat.quality.documents import KIND
from karat.store.versions import HEAD, Store


def append(run: Path, new: Any, *, workers: int = 1) -> dict[str, int]:
    """Add records to a run: only they are read; what was learned from them joins what was learned before.

    Documents are judged together with those before them, as copies of each other too.

    Dependencies and sources are those found first; their counts, like all other states, grow. The run's tables, books
    and scores are brought up to date, and the store gets a version. A model, if there is one, stays as it is.

    Parameters
    ----------
    run : Path
        A folder made by ``karat clean`` or ``karat run``.
    new : path or table
        Records with the same columns.

    Returns
    -------
    dict : ``first`` (number of the first new record), ``in``, ``kept``, ``quarantined``, ``findings``, ``cells``,
    ``version``.

    Raises
    ------
    InputError
        Without a run, or with other columns.
    """
    with appending(run, new, workers=workers) as done:
        return done


@contextmanager
def appending(run: Path, new: Any, *, workers: int = 1) -> Iterator[dict[str, int]]:
    """``append`` for a caller that tells somebody else: until it has, the same append is finished, not repeated.

    A process that was killed when the records had their place leaves a note; the next append of the same records
    answers with what was done.
    """
    if not (run / "checks.json").exists() or not (run / "data.parquet").exists():
        raise InputError(f"{run} is not a run folder", "Make one with karat clean DATA or karat run DATA")
    with locked(run):
        require_unaltered_run(run)
        asked = input_hash(new)
        note = read_json(run / APPENDED) if (run / APPENDED).exists() else {}
        append_to = APPEND[kinds.of(Schema.from_json(read_json(run / "schema.json")).kind).layout]
        yield note["done"] if note.get("input") == asked else append_to(run, new, workers, asked)
        change = Change(run)
        change.remove(APPENDED)
        change.commit()


def _append_records(run: Path, new: Any, workers: int, asked: str) -> dict[str, int]:
    with _scratch(run) as scratch:
        books = read_json(run / "accounting.json")
        first = books["in"] - books["quarantined"]
        masking = Masking(first) if read_settings(run / "karat.toml").clean.mask else None
        data, quarantined = _read(run, new, scratch, first, masking)
        known = present(thaw((run / "checks.json").read_text(encoding="utf-8")))
        alone = engine.learn(data, [check for check, _ in known.values()], workers=workers)
        states = {code: _merged(known[code][1], alone.states[code]) for code in alone.checks}
        learned = replace(alone, states=states)
        findings, ledger, cases, kept = _mended(data, learned, workers, stopped_in(run))
        change = Change(run)
        _scores(change, data, alone, findings, ledger)
        if masking:
            seen = masking.keep(run / "vault")
            findings, ledger = _with_masked(findings, ledger, seen)
        _tables(change, findings, ledger, cases, quarantined)
        _books(change, books, len(data), ledger, quarantined.num_rows)
        write_text(
            change.path("checks.json"),
            freeze({code: (check, states.get(code, state)) for code, (check, state) in known.items()}),
        )
        versions = _versions(change, data, kept)
        done = {
            "first": first,
            "in": len(data) + quarantined.num_rows,
            "kept": len(kept),
            "quarantined": quarantined.num_rows,
            "findings": findings.num_rows,
            "cells": ledger.num_rows - (len(data) - len(kept)),
            "version": versions[HEAD],
        }
        write_json(change.path(APPENDED), {"input": asked, "done": done})
        change.commit(versions)
    return done


def _append_documents(run: Path, new: Any, workers: int, asked: str) -> dict[str, int]:
    """New documents after those before them: only they are read; all are judged, as copies of each other too."""
    settings = read_settings(run / "karat.toml").model_dump(mode="json")
    settings["workers"], settings["collect"]["kind"] = workers, KIND
    before = read_json(run / "run.json")["rooms"]["collect"].get("part_store", "")
    job = Job(new, run, "clean", made_settings(settings, str(run / "karat.toml")), after=before)
    if not before:
        raise InputError(f"{run} was made before documents could be appended", "Run karat clean on all of them")
    books = read_json(run / "accounting.json")
    rooms = walk(job).rooms
    shutil.rmtree(run / WORK / job.after, ignore_errors=True)
    now, first = read_json(run / "accounting.json"), books["in"] - books["quarantined"]
    done = {
        "first": first,
        "in": now["in"] - books["in"],
        "quarantined": now["quarantined"] - books["quarantined"],
        "version": rooms["store"]["refined"],
    }
    for name, file in (("kept", "data"), ("findings", "findings"), ("cells", "ledger")):
        table = pq.read_table(run / f"{file}.parquet", columns=[ROW if name == "kept" else "row"])
        done[name] = int(pc.sum(pc.greater_equal(table.column(0), first)).as_py() or 0)
    gone = now["in"] - now["quarantined"] - first - done["kept"]
    done["cells"] -= gone
    change = Change(run)
    write_json(change.path(APPENDED), {"input": asked, "done": done})
    change.commit()
    return done


APPEND = {Layout.BLOCKS: _append_records, Layout.PARTS: _append_documents}


@contextmanager
def _scratch(run: Path) -> Iterator[Path]:
    """Where new records lie while they are read: in the run folder, where a killed append leaves them at most."""
    place = run / WORK / "appending"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _with_masked(findings: pa.Table, ledger: pa.Table, seen: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Findings and ledger, with what was masked."""
    more = (findings_of(seen).cast(findings.schema), ledger_of(seen).cast(ledger.schema))
    return pa.concat_tables([findings, more[0]]), pa.concat_tables([ledger, more[1]])


def _read(run: Path, new: Any, scratch: Path, first: int, masking: Masking | None) -> tuple[Dataset, pa.Table]:
    """The new records, numbered on from the last, and what could not be read of them; masked where the run is."""
    from karat.collect.read import open_data
    from karat.collect.write import write_blocks

    schema = Schema.from_json(read_json(run / "schema.json"))
    reading = collecting.unnumbered(open_data(resolved(new)))
    if set(reading.names) != set(schema.names):
        odd = ", ".join(map(repr, sorted(set(reading.names) ^ set(schema.names))))
        raise InputError(f"{new} has other columns than {run}: {odd}", "Rename or add them")
    reading = masking.reading(reading) if masking else reading
    write_blocks(reading, scratch / "new.arrow")
    with pa.OSFile(str(scratch / "new.arrow")) as file:
        table = pa.ipc.open_file(file).read_all().select([*schema.names]).combine_chunks()
    quarantined = pa.Table.from_pylist(reading.quarantine, schema=QUARANTINE)
    quarantined = without_personal_data(quarantined) if masking else quarantined
    return Dataset(schema, table=table, rows=np.arange(first, first + table.num_rows)), quarantined


def _merged(old: Any, new: Any) -> Any:
    """The state of all records. Where the new ones alone suggested other groupings, they join without them."""
    try:
        return old.merge(new)
    except ValueError:
        return old.merge(new.sampled)


def _mended(
    data: Dataset, learned: Learned, workers: int, stops: Sequence[Stop]
) -> tuple[pa.Table, pa.Table, pa.Table, Dataset]:
    fixes = all_fixes()
    findings, ledgers, cases, parts = [FINDINGS.empty_table()], [no_changes()], [REVIEW.empty_table()], []
    for block, judged in engine.judge(data, learned, workers=workers):
        patches, waiting = propose(fixes, block, judged, stops)
        ledger = joined(patches)
        findings.append(judged)
        ledgers.append(ledger)
        cases.append(case_table(judged, waiting, ledger))
        parts.append(patched(block, ledger))
    table = pa.concat_tables([part.table for part in parts]).combine_chunks()
    rows = np.concatenate([part.rows for part in parts])
    return (
        pa.concat_tables(findings),
        pa.concat_tables(ledgers),
        pa.concat_tables(cases),
        Dataset(data.schema, table=table, rows=rows),
    )


def _tables(change: Change, findings: pa.Table, ledger: pa.Table, cases: pa.Table, quarantined: pa.Table) -> None:
    for name, more in (("findings", findings), ("ledger", ledger), ("review", cases), ("quarantine", quarantined)):
        old = pq.read_table(change.run / f"{name}.parquet")
        write_table(
            change.path(f"{name}.parquet"), pa.concat_tables([old, more.select(old.column_names).cast(old.schema)])
        )


def _books(change: Change, books: dict[str, Any], records: int, ledger: pa.Table, quarantined: int) -> None:
    gone = ledger.filter(pc.equal(ledger["action"], "drop"))
    removed = dict(books["removed"])
    for check in gone["check"].to_pylist():
        removed[check] = removed.get(check, 0) + 1
    fresh = {
        "in": books["in"] + records + quarantined,
        "kept": books["kept"] + records - gone.num_rows,
        "removed": removed,
        "quarantined": books["quarantined"] + quarantined,
    }
    write_json(change.path("accounting.json"), fresh)


def _scores(change: Change, data: Dataset, learned: Learned, findings: pa.Table, ledger: pa.Table) -> None:
    """Numerators and denominators add up; scores and intervals follow from the sums."""
    old = read_json(change.run / "scores.json")
    parts = by_check(findings, learned)
    fresh = {
        "before": score(learned, data.schema, parts, len(data)),
        "after": score(learned, data.schema, parts, len(data), ledger),
    }
    write_json(change.path("scores.json"), {when: _added(old[when], fresh[when]) for when in old})


def _added(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    dimensions = {}
    for name, dimension in old["dimensions"].items():
        ours, more = _named(dimension["measures"]), _named(new["dimensions"][name]["measures"])
        measures = [_sum(m, more.get(key)) for key, m in ours.items()]
        measures += [Measure(**m) for key, m in more.items() if key not in ours]
        items = _added_items(dimension, new["dimensions"][name])
        doubt = Doubt(**dimension["doubt"]) if "doubt" in dimension else None  # as among the first records
        labels = {"labels": dimension["labels"]} if "labels" in dimension else {}  # likewise
        dimensions[name] = dimension_score(measures, items, doubt) | labels
    return {"dimensions": dimensions}


def _added_items(old: dict[str, Any], new: dict[str, Any]) -> list[Measure] | None:
    if "items" not in old:
        return None
    totals = {(item["unit"]): [item["bad"], item["total"]] for item in old["items"]}
    for item in new.get("items", ()):
        so_far = totals.setdefault(item["unit"], [0, 0])
        totals[item["unit"]] = [so_far[0] + item["bad"], so_far[1] + item["total"]]
    return [Measure(unit, "", bad, total, unit) for unit, (bad, total) in totals.items()]


def _named(measures: list[dict[str, Any]]) -> dict[tuple[str, str, int], dict[str, Any]]:
    """Measures by name, unit and which one of that name: two checks may fill measures of one name."""
    seen: dict[tuple[str, str], int] = {}
    out = {}
    for measure in measures:
        key = (measure["name"], measure["unit"])
        seen[key] = seen.get(key, 0) + 1
        out[*key, seen[key]] = measure
    return out


def _sum(measure: dict[str, Any], other: dict[str, Any] | None) -> Measure:
    return (
        Measure(**measure)
        if other is None
        else Measure(**{k: v + other[k] if k in ("bad", "total") else v for k, v in measure.items()})
    )


def _versions(change: Change, data: Dataset, kept: Dataset) -> dict[str, int]:
    """``data.parquet`` of all records kept, and versions of all records; which names shall stand for them."""
    store = Store(change.run / "store")
    named, fresh, refined = store.named(), data.whole(), kept.whole()
    head = store.head()
    versions = {}
    if named.get("raw", head) != head:
        versions["raw"] = store.append(
            fresh.table, fresh.rows, meta={"appended": len(data)}, to=named["raw"], point=False
        )
    number = store.append(refined.table, refined.rows, meta={"appended": len(kept)}, to=head, point=False)
    table, rows = store.read(number)
    write_data(Dataset(data.schema, table=table, rows=rows), change.path("data.parquet"))
    LabelWeights.load(change.run).put(change.path("data.parquet"))  # new records count 1
    label = next(version.label for version in store.log() if version.number == number)
    return versions | {label: number, HEAD: number}
