"""What is measured of the documents of one part, and what is mended in them, with nothing known of the others."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.patch import LEDGER
from karat.flow import document_checks, perplexity
from karat.flow.example_texts import scored
from karat.flow.filter_facts import filter_facts
from karat.flow.part_store import Plan
from karat.flow.text_edits import cleared, edited, without_contents
from karat.store.vault import ORIGINALS

BLANK = r"^\s*$"


@dataclass(frozen=True)
class Measured:
    """One part, measured and mended.

    Parameters
    ----------
    table : pyarrow.Table
        The documents as they may be kept on disk: with personal data masked where it is to be masked.
    refined : pyarrow.Array
        The texts as mended; null where nothing changed.
    facts : pyarrow.Table
        A row a document.
    edits : pyarrow.Table
        Ledger rows, ``row`` counted within the part.
    originals : pyarrow.Table
        ``row``, ``column``, ``original``: for the vault.
    """

    table: pa.Table
    refined: pa.Array
    facts: pa.Table
    edits: pa.Table
    originals: pa.Table


def measure(table: pa.Table, plan: Plan) -> Measured:
    """Repair, judge, identify and mask the documents of one part."""
    from karat.clean.cut_lines import CutLines
    from karat.clean.flagged_words import flagged

    how = plan.how
    raw = table.column(plan.text).combine_chunks()
    texts, edits = edited(pc.fill_null(raw, ""), plan.text, how)
    stats = document_checks.statistics(texts)
    texts, cut = CutLines(tuple(how["cut_lines"])).cut(texts, plan.text)
    texts = texts.cast(pa.string())
    edits.append(cut)
    columns = _facts(table, texts, plan) | _language(texts, how) | _second_language(texts, how) | scored(texts, how)
    columns |= dict(zip(stats.column_names, stats.columns, strict=True))
    if how["form"]:
        columns |= document_checks.form(texts, columns["language"], columns["language_probability"])
    columns |= filter_facts(table, texts, stats, how)
    columns |= {"flagged": flagged(texts, how["flagged_words"])} | perplexity.judged(texts, stats, how)
    changed, originals = pa.concat_tables([LEDGER.empty_table(), *edits]), ORIGINALS.empty_table()
    if how["personal_data"] != "keep":
        clear = cleared(table, texts, plan.text, how["personal_data"], names=how["mask_names"])
        table, texts, originals = clear.table, clear.texts, clear.originals
        hidden = np.union1d(originals["row"].to_numpy(), clear.edits["row"].to_numpy())
        changed = pa.concat_tables([without_contents(changed, hidden), clear.edits])
    refined = _refined(table.column(plan.text).combine_chunks(), texts)
    return Measured(table, refined, pa.table(columns), changed, originals)


def _refined(raw: pa.Array, texts: pa.Array) -> pa.Array:
    """The texts as mended where they differ; null where they stand as they came."""
    differs = pc.not_equal(pc.fill_null(raw, ""), texts)
    return pc.if_else(differs, texts, None)


def _facts(table: pa.Table, texts: pa.Array, plan: Plan) -> dict[str, Any]:
    lengths = pc.utf8_length(texts)
    empty = pc.match_substring_regex(texts, BLANK)
    return {
        "characters": pc.if_else(empty, 0, lengths).cast(pa.int64()),
        "source": _sources(table, plan.how),
        "class": _column(table, plan.how["class_column"]),
    }


def _language(texts: pa.Array, how: Mapping[str, Any]) -> dict[str, Any]:
    if not how["identify_languages"]:
        return {
            "language": pa.nulls(len(texts), pa.string()),
            "chinese_script": pa.nulls(len(texts), pa.string()),
            "language_probability": pa.nulls(len(texts), pa.float32()),
        }
    from karat.quality.chinese_script import chinese_scripts
    from karat.quality.languages import languages

    identified = languages(texts)
    chinese = pc.equal(identified["language"], "zh")
    scripts = None
    if pc.any(chinese).as_py():
        scripts = chinese_scripts(pc.if_else(pc.fill_null(chinese, False), texts, None))
    return {
        "language": identified["language"],
        "chinese_script": pa.nulls(len(texts), pa.string()) if scripts is None else scripts,
        "language_probability": identified["probability"].cast(pa.float32()),
    }


def _second_language(texts: pa.Array, how: Mapping[str, Any]) -> dict[str, Any]:
    """How much of each document is in a second language; where a setting asks: it takes as long as all the rest."""
    if not how["second_language"]:
        return {}
    from karat.quality.mixtures import mixtures

    return {"second_language": np.array([mixture.share for mixture in mixtures(texts.to_pylist())], np.float64)}


def _column(table: pa.Table, name: str) -> pa.Array:
    return table.column(name).combine_chunks() if name in table.column_names else pa.nulls(table.num_rows, pa.string())


def _sources(table: pa.Table, how: Mapping[str, Any]) -> pa.Array:
    sources = _column(table, how["source_column"])
    if not how["source_is_url"]:
        return sources
    coded = sources.dictionary_encode()
    hosts = pa.array([_host(url) for url in coded.dictionary.to_pylist()], pa.string())
    return hosts.take(coded.indices)


@cache
def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
