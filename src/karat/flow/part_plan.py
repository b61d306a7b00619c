"""What is to be read of a corpus and how, before anything is read."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from karat import kinds
from karat.collect.assumed import ReadingOptions
from karat.collect.document_columns import CLASSES, SOURCES, URLS, named
from karat.collect.file_pieces import cuttable, pieces
from karat.collect.piece import Piece
from karat.collect.read import open_data
from karat.core.errors import InputError, OptionError
from karat.flow import document_checks
from karat.flow.data_reference import resolved
from karat.flow.document_checks import chosen
from karat.flow.filter_facts import filter_ways, require_addresses
from karat.flow.folder import PART_STORES, RunFolder, digest
from karat.flow.job import Job, code_version, input_hash
from karat.flow.parameters import left_out, treatment, with_settings
from karat.flow.part_store import PartStore, Plan
from karat.quality.accuracy.boilerplate_lines import BoilerplateLines
from karat.quality.accuracy.broken_characters import BrokenCharacters
from karat.quality.accuracy.flagged_words import FlaggedWords
from karat.quality.accuracy.poor_texts import PoorTexts
from karat.quality.accuracy.strange_texts import StrangeTexts
from karat.quality.accuracy.test_set_texts import TestSetTexts
from karat.quality.accuracy.worthless_texts import WorthlessTexts
from karat.quality.confidentiality.personal_data import PersonalData
from karat.quality.consistency.html_in_texts import HtmlInTexts
from karat.quality.consistency.other_languages import OtherLanguages
from karat.quality.consistency.two_languages import TwoLanguages

INPUT = "input.parquet"


def store_of(job: Job, folder: RunFolder) -> PartStore:
    """The part store of a job's parts; those of other inputs and other ways to read are cleared away."""
    key = digest(input_hash(job.data), _ways(job), code_version(), *([job.after] if job.after else []))
    part_store = PartStore(folder.path / ".work" / f"{PART_STORES}{key[:16]}")
    for old in (folder.path / ".work").glob(f"{PART_STORES}*"):
        if old.name not in (part_store.path.name, job.after):
            shutil.rmtree(old, ignore_errors=True)
    part_store.path.mkdir(parents=True, exist_ok=True)
    part_store.swept()
    return part_store


def planned(job: Job, part_store: PartStore) -> Plan:
    """The plan, from the part store or made now."""
    if (known := Plan.read(part_store.plan_path)) is not None:
        return known
    cut = pieces(_on_disk(job, part_store))
    text = _text_column(job, cut)
    cut = [replace(piece, text=text) if text in piece.columns else piece for piece in cut]
    how = _ways(job) | _columns(job, cut, text)
    require_addresses(how, [name for name in dict.fromkeys(n for piece in cut for n in piece.columns) if name != text])
    plan = Plan(tuple(cut), text, how)
    if job.after:
        plan = _following(PartStore(part_store.path.with_name(job.after)), part_store, plan)
    plan.write(part_store.plan_path)
    return plan


def _following(before: PartStore, part_store: PartStore, plan: Plan) -> Plan:
    """A plan of the pieces that were read before and those of another plan; what was read is taken over.

    Raises
    ------
    InputError
        The new documents lie in another column, or what was read before is not there any more.
    """
    first = Plan.read(before.plan_path)
    if first is None:
        raise InputError(f"what was read of the documents is not in {before.path} any more", "Run karat clean on all")
    if first.text not in {name for piece in plan.pieces for name in piece.columns}:
        raise InputError(f"the new documents have no column {first.text!r}", "Rename it")
    for path in sorted(before.path.glob("[0-9]*")):
        taken = part_store.path / path.name
        shutil.copytree(path, taken, dirs_exist_ok=True) if path.is_dir() else shutil.copyfile(path, taken)
    added = (replace(piece, text=first.text) if first.text in piece.columns else piece for piece in plan.pieces)
    return Plan((*first.pieces, *added), first.text, first.how)


def _on_disk(job: Job, part_store: PartStore) -> Any:
    """The input as files that can be cut: a table in memory or in a file of another form is written down first."""
    data = resolved(job.data)
    if isinstance(data, (str, Path)) and "://" in str(data):
        from karat.collect.fetch import Fetched

        fetched = Fetched(str(data))
        return fetched.path.rename(part_store.path / fetched.path.name)
    wants = job.settings.collect
    options = ReadingOptions.of(wants)
    stored = isinstance(data, (str, Path, list, tuple)) and cuttable(data)
    if stored and not (wants.query or options.encoding or options.delimiter or options.header_row or options.sheet):
        return data
    import pyarrow.parquet as pq

    reading = open_data(data, query=wants.query or None, contents=kinds.of("text").contents, options=options)
    place = part_store.path / INPUT
    with pq.ParquetWriter(place, reading.schema, compression="lz4") as writer:
        for batch in reading.batches():
            writer.write_batch(batch, row_group_size=4_096)
    return place


def done_with_input(part_store: PartStore) -> None:
    """Without the copy of a table in memory, once all of it is read: it holds what may be masked elsewhere."""
    (part_store.path / INPUT).unlink(missing_ok=True)


def _text_column(job: Job, cut: list[Piece]) -> str:
    wanted = job.settings.collect.text
    if not wanted:
        return cut[0].text
    known = {name for piece in cut for name in piece.columns}
    if wanted not in known:
        raise OptionError.unknown("column", wanted, known, "[collect] text")
    return wanted


def _ways(job: Job) -> dict[str, Any]:
    """The settings that change what stands in the part store."""
    checks = document_checks.checks_of(job)
    poor, usual = chosen(checks, PoorTexts), chosen(checks, StrangeTexts).usual
    languages, tests = chosen(checks, OtherLanguages), chosen(checks, TestSetTexts).files
    if bool(poor.good) != bool(poor.bad):
        raise OptionError("PoorTexts names only one of good and bad", "Name both files, or neither")
    if poor.good and poor.model:
        raise OptionError("PoorTexts names good and bad examples and a quality model", "Name one or the other")
    filters = filter_ways(checks, job.settings)
    beside = (*tests, poor.good, poor.bad, poor.model, usual, *filters["drop_urls"])
    return {
        "text": job.settings.collect.text,
        "form": any(isinstance(check, WorthlessTexts) for check in checks),
        "cut_lines": document_checks.cut_by(job),
        "repair_unicode": chosen(checks, BrokenCharacters).repair,
        "identify_languages": languages.identify or bool(languages.languages),
        "personal_data": "keep" if "PersonalData" in left_out(job.settings) else treatment(job.settings),
        "mask_names": with_settings(PersonalData(), job.settings).names,
        "near_duplicates": document_checks.threshold(checks),
        "test_sets": list(tests),
        "good": poor.good,
        "bad": poor.bad,
        "quality_model": poor.model,
        "quality_label": poor.label,
        **filters,
        "second_language": any(check.max_share < 1 for check in checks if isinstance(check, TwoLanguages)),
        "html": chosen(checks, HtmlInTexts).remove,
        "boilerplate": chosen(checks, BoilerplateLines).cut,
        "flagged_words": list(chosen(checks, FlaggedWords).words),
        "usual": usual,
        "examples": [input_hash(file) for file in beside if file],
    }


def _columns(job: Job, cut: list[Piece], text: str) -> dict[str, Any]:
    names = [name for name in dict.fromkeys(n for piece in cut for n in piece.columns) if name != text]
    source, addresses = named(names, SOURCES), named(names, URLS)
    url = "" if source else addresses
    if job.settings.collect.target and job.settings.collect.target not in names:
        raise OptionError.unknown("column", job.settings.collect.target, names, "--target")
    return {
        "source_column": source or url,
        "source_is_url": bool(url),
        "url_column": addresses,
        "class_column": job.settings.collect.target or named(names, CLASSES),
    }
