"""What a corpus's report is told from: a funnel, languages, lengths, and examples at the margin of every rule."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.flow.document_checks import tokens
from karat.flow.document_verdicts import Step, Verdicts
from karat.flow.part_store import Parts, mended_texts
from karat.quality.chinese_script import SIMPLIFIED
from karat.quality.documents import DocumentCheck

Checks = Mapping[str, DocumentCheck]

SHOWN = 240  # display: characters of a document
AT_THE_MARGIN = 3  # display: examples of a rule
LENGTH_BINS = 24  # display: bars
LANGUAGES = 12  # display: the others are told as one


def beginnings(parts: Parts, text: str, rows: Iterable[int], size: int = SHOWN) -> dict[int, str]:
    """The beginnings of some documents, each on one line, as mended; every part is read once."""
    wanted = np.array(sorted(set(rows)), np.int64)
    part = np.searchsorted(parts.first_rows, wanted, side="right") - 1
    said = {}
    for at in np.unique(part).tolist():
        texts, first = mended_texts(parts.places[at], text), int(parts.first_rows[at])
        for row in wanted[part == at].tolist():
            said[row] = " ".join((texts[row - first].as_py() or "")[: 4 * size].split())[:size]
    return said


def story(parts: Parts, verdicts: Verdicts, checks: Sequence[DocumentCheck], profile: str, text: str) -> dict[str, Any]:
    """``corpus.json``."""
    by_code = {check.code(): check for check in checks}
    lengths, languages, counted = [], [], []
    for at in range(len(parts)):
        facts = parts.facts(at)
        lengths.append(facts["characters"].to_numpy())
        languages.append(_with_script(facts))
        counted.append(tokens(facts))
    characters, size = np.concatenate(lengths), np.concatenate(counted)
    return {
        "profile": profile,
        "documents": parts.documents,
        "kept": int(verdicts.kept.sum()),
        "tokens": int(size.sum()),
        "tokens_kept": int(size[verdicts.kept].sum()),
        "funnel": _funnel(verdicts, size, by_code),
        "languages": _languages(pa.chunked_array(languages), verdicts.kept),
        "lengths": _lengths(characters, verdicts.kept),
        "rules": _margins(parts, verdicts, by_code, text),
    }


def _funnel(verdicts: Verdicts, size: np.ndarray, checks: Checks) -> list[dict[str, Any]]:
    left, rest = len(size), int(size.sum())
    steps = []
    for step, count in verdicts.counts().items():
        lost = int(size[verdicts.rows_at(step)].sum())
        left, rest = left - count, rest - lost
        entry = {"step": _name(step), "dimension": _dimension(step, checks), "documents": count, "tokens": lost}
        steps.append(entry | {"left": left, "tokens_left": rest})
    return steps


def _with_script(facts: pa.Table) -> pa.Array:
    """The language of each document; of Chinese in traditional signs, or in both, which."""
    languages, scripts = facts["language"].combine_chunks(), facts["chinese_script"].combine_chunks()
    named = pc.binary_join_element_wise(languages, scripts, " ")
    other = pc.fill_null(pc.not_equal(scripts, SIMPLIFIED), fill_value=False)
    return pc.if_else(other, named, languages)


def _languages(languages: pa.ChunkedArray, kept: np.ndarray) -> list[dict[str, Any]]:
    table = pa.table({"language": languages, "kept": kept.astype(np.int64)})
    grouped = table.group_by("language", use_threads=False).aggregate([("kept", "count"), ("kept", "sum")])
    rows = sorted(grouped.to_pylist(), key=lambda row: (-row["kept_count"], row["language"] or ""))
    named = [{"language": r["language"], "documents": r["kept_count"], "kept": r["kept_sum"]} for r in rows]
    named = [entry for entry in named if entry["language"] is not None]
    rest = named[LANGUAGES:]
    if rest:
        other = {"language": "other", "documents": sum(r["documents"] for r in rest)}
        named = [*named[:LANGUAGES], other | {"kept": sum(r["kept"] for r in rest)}]
    return named


def _lengths(characters: np.ndarray, kept: np.ndarray) -> dict[str, Any]:
    logs = np.log10(np.maximum(characters, 1))
    edges = np.linspace(0, max(1.0, float(logs.max(initial=0))), LENGTH_BINS + 1)
    return {
        "edges": [round(float(10**edge), 1) for edge in edges],
        "documents": np.histogram(logs, edges)[0].tolist(),
        "kept": np.histogram(logs[kept], edges)[0].tolist(),
    }


def _name(step: Step) -> str:
    """A check, and which of its limits."""
    return ".".join(part for part in step if part)


def _dimension(step: Step, checks: Checks) -> str:
    return str(checks[step[0]].dimension) if step[0] in checks else ""


def _margins(parts: Parts, verdicts: Verdicts, checks: Checks, text: str) -> list[dict[str, Any]]:
    """Per step: how many documents it dropped, and the ones nearest its limit."""
    nearest: dict[Step, list[int]] = {}
    for step in verdicts.counts():
        rows = verdicts.rows_at(step)
        far = np.abs(verdicts.measure[rows] - verdicts.limit[rows])
        order = np.argsort(np.where(np.isnan(far), 0, far), kind="stable")
        nearest[step] = rows[order[:AT_THE_MARGIN]].tolist()
    texts = beginnings(parts, text, (row for rows in nearest.values() for row in rows))
    rules = []
    for step, count in verdicts.counts().items():
        check = checks.get(step[0])
        rules.append(
            {
                "step": _name(step),
                "dimension": _dimension(step, checks),
                "source": check.source_of(step[1]) if check else "",
                "documents": count,
                "examples": [
                    {
                        "row": row,
                        "text": texts[row],
                        "message": check.evidence(step[1], *_measured(verdicts, row)) if check else "",
                    }
                    for row in nearest[step]
                ],
            }
        )
    return rules


def _measured(verdicts: Verdicts, row: int) -> tuple[float, float, int]:
    return float(verdicts.measure[row]), float(verdicts.limit[row]), int(verdicts.keeper[row])
