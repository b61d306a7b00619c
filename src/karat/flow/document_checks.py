"""Which checks judge the documents of a corpus, with which parameters, and what was measured for them."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa

from karat.core.errors import OptionError
from karat.core.registry import units
from karat.flow.guard import ALL
from karat.flow.job import Job
from karat.flow.parameters import left_out, with_parameters, with_settings
from karat.quality.accuracy.broken_characters import BrokenCharacters
from karat.quality.alike_documents import AlikeDocuments
from karat.quality.consistency.near_duplicate_texts import NearDuplicateTexts
from karat.quality.documents import DocumentCheck, DocumentFacts
from karat.quality.text_form import form_scores
from karat.quality.text_profiles import LINE_RULES, profile_of

STAT = "stat."
C = TypeVar("C", bound=DocumentCheck)
NOTHING: Mapping[type[DocumentCheck], DocumentCheck] = {BrokenCharacters: BrokenCharacters(repair=False)}
DEFAULT_PROFILE = "karat"


def checks_of(job: Job) -> list[DocumentCheck]:
    """The checks of documents in the order in which they are asked: the profile's first, then the registry's.

    Raises
    ------
    OptionError
        A profile, check or parameter that is not known.
    """
    clean, chosen = job.settings.clean, job.settings.quality
    known = {code for kind in ("check", "fix") for code in units(kind)}
    ignored = left_out(job.settings)
    for name in {*clean.allow} - {ALL}:
        if name not in known:
            raise OptionError.unknown("check or fix", name, known, "--allow")
    profile = profile_of(clean.profile or DEFAULT_PROFILE).checks
    others: list[DocumentCheck] = []
    for code, unit in units("check").items():
        named = code in chosen and code not in {check.code() for check in profile}
        if issubclass(unit, DocumentCheck) and (named or not unit.of_profile):
            others.append(with_settings(unit(), job.settings))
    checks = [*(with_parameters(check, chosen.get(check.code(), {})) for check in profile), *others]
    return [check for check in checks if check.code() not in ignored]


def chosen(checks: Sequence[DocumentCheck], unit: type[C]) -> C:
    """The check of a class with the parameters it is asked with; with none of its own where it is left out."""
    return next((check for check in checks if isinstance(check, unit)), NOTHING.get(unit) or unit())  # type: ignore[return-value]


def by_content(checks: list[DocumentCheck]) -> list[DocumentCheck]:
    """The checks that remove a document for what stands in it."""
    return [check for check in checks if check.removes and not isinstance(check, AlikeDocuments)]


def by_likeness(checks: Sequence[DocumentCheck]) -> list[DocumentCheck]:
    """The checks that remove a document for being like another."""
    return [check for check in checks if isinstance(check, AlikeDocuments)]


def threshold(checks: list[DocumentCheck]) -> float:
    """The likeness from which documents are the same; 0 where none are to be compared."""
    return next((check.min_jaccard for check in checks if isinstance(check, NearDuplicateTexts)), 0.0)


def cut_by(job: Job) -> tuple[str, ...]:
    """The rules by which the profile cuts lines."""
    if {"FilteredLines", "CutLines"} & left_out(job.settings):
        return ()
    return tuple(LINE_RULES[at] for at in profile_of(job.settings.clean.profile or DEFAULT_PROFILE).lines)


def statistics(texts: pa.Array) -> pa.Table:
    """Every statistic of the documents, ``STAT`` before its name."""
    from karat.quality.text_family import text_scores

    scores = text_scores(texts, 1)
    return scores.rename_columns([STAT + name for name in scores.column_names])


def form(texts: pa.Array, languages: pa.Array, probabilities: pa.Array) -> dict[str, pa.Array]:
    """What the signs of worthless documents look at beside those statistics, ``STAT`` before its name."""
    scores = form_scores(texts, languages, probabilities)
    return {
        STAT + name: column.combine_chunks() for name, column in zip(scores.column_names, scores.columns, strict=True)
    }


def facts_of(measured: pa.Table, **more: Any) -> DocumentFacts:
    """What was measured of the documents of a part, as checks read it."""
    names = measured.column_names
    numbers = {n.removeprefix(STAT): measured[n].to_numpy() for n in names if n.startswith(STAT)}
    return DocumentFacts(numbers, {n: measured[n].combine_chunks() for n in names if not n.startswith(STAT)}, **more)


def tokens(measured: pa.Table) -> np.ndarray:
    """(n,) int64: about how many tokens a document has: words, and characters of scripts without spaces."""
    counts = np.stack([measured[STAT + name].to_numpy() for name in ("spaced_words", "han", "kana")])
    total: np.ndarray = counts.sum(axis=0, dtype=np.int64)
    return total
