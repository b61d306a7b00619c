"""Judge texts by published rules: statistics in one visit to the bytes, decisions from statistics, lines cut.

``judge_text`` is the call of ``karat.clean``; ``judge``, ``decide`` and ``profiles`` are for corpora.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.errors import InputError, MissingExtraError
from karat.quality.accuracy.worthless_texts import WorthlessTexts
from karat.quality.languages import languages
from karat.quality.text_family import text_scores
from karat.quality.text_form import form_scores
from karat.quality.text_profiles import LINE_RULES, PROFILES, profile_of
from karat.quality.text_rules import ANY, RuleDecision, decided, numbers_of
from karat.quality.text_signs import SIGNS, evidence

EDITS = pa.schema(
    [
        ("row", pa.int64()),
        ("span_start", pa.int64()),
        ("span_end", pa.int64()),
        ("before", pa.string()),
        ("after", pa.string()),
        ("check", pa.string()),
    ]
)


@dataclass(frozen=True, eq=False)
class Judged:
    """What one look at some texts gave.

    Parameters
    ----------
    decision : Decision
        keep, check, measure, limit of each text, and every rule it breaks.
    scores : pyarrow.Table
        Every statistic, int32, a row a text: what ``decide`` decides from.
    edits : pyarrow.Table
        ``EDITS``: lines or parts of lines to cut; ``row`` from 0, spans in characters of the text before.
    texts : pyarrow.Array
        The texts with the edits made, dropped ones too.
    """

    decision: RuleDecision
    scores: pa.Table
    edits: pa.Table
    texts: pa.Array

    @property
    def keep(self) -> np.ndarray:
        """(n,) bool."""
        return self.decision.keep


def judge_text(texts: Any, profile: str = "karat", workers: int = 2) -> pa.Table:
    """Which texts to keep, and the rule that the others break.

    Parameters
    ----------
    texts : list of str, or Arrow string array, chunked or not
        A missing text counts as empty.
    profile : str
        ``karat`` (all signs together, by language and kind of text), ``gopher``, ``c4``, ``fineweb``, ``refinedweb``,
        ``dclm``, ``datatrove`` (that library's defaults) or ``zh``.
    workers : int
        Threads; the answer does not depend on them.

    Returns
    -------
    pyarrow.Table
        ``keep`` bool and ``check`` string, null when kept.

    Raises
    ------
    OptionError
        For a profile that is not known.
    InputError
        For what is no text.

    Examples
    --------
    >>> from karat.clean.judging_text import judge_text
    >>> judge_text(["", "{"], profile="c4").to_pylist()
    [{'keep': False, 'check': 'empty'}, {'keep': False, 'check': 'c4_few_sentences'}]
    """
    decision = decide(_scores(text_array(texts), profile, workers), profile)
    return decision.table().select(["keep", "check"])


def judge(texts: Any, profile: str = "karat", limits: Mapping[str, float] | None = None, workers: int = 1) -> Judged:
    """Statistics, decision and line edits of some texts; parameters as for ``judge_text`` and ``decide``."""
    array = text_array(texts)
    scores = _scores(array, profile, workers)
    edits, edited = line_edits(array, profile)
    return Judged(decide(scores, profile, limits), scores, edits, edited)


def decide(scores: pa.Table, profile: str = "karat", limits: Mapping[str, float] | None = None) -> RuleDecision:
    """Decide again from statistics, no text read.

    Parameters
    ----------
    scores : pyarrow.Table
        As in ``Judged.scores`` of the same profile.
    limits : mapping of str to float
        Other limits, by the code of the rule.

    Raises
    ------
    OptionError
        For a profile, or a rule of ``limits``, that is not known.
    """
    asked = profile_of(profile)
    decision = decided(scores, asked.rules, limits)
    return decision if asked.votes is None else _voted(scores, decision, asked.votes)


def _scores(texts: pa.Array, profile: str, workers: int) -> pa.Table:
    """What the rules and signs of a profile look at; where no language can be told, the signs do without."""
    scores = text_scores(texts, workers)
    if profile_of(profile).votes is None:
        return scores
    try:
        told = languages(texts)
    except MissingExtraError:
        told = pa.table(
            {"language": pa.nulls(len(texts), pa.string()), "probability": pa.nulls(len(texts), pa.float64())}
        )
    form = form_scores(texts, told["language"], told["probability"])
    return pa.table(dict(zip(scores.column_names + form.column_names, scores.columns + form.columns, strict=True)))


def _voted(scores: pa.Table, decision: RuleDecision, votes: WorthlessTexts) -> RuleDecision:
    """The decision of the rules, and of all signs together about the texts that those leave; the strongest is named."""
    signs = evidence(numbers_of(scores))
    gone = votes.removed(signs) & decision.keep
    codes = pa.array([sign.code for sign in SIGNS])
    check = pc.if_else(pa.array(gone), codes.take(pa.array(signs.strongest)), decision.check)
    speaking = {sign.code: np.flatnonzero(signs.strength[:, at] > 0) for at, sign in enumerate(SIGNS)}
    return RuleDecision(
        decision.keep & ~gone,
        check,
        np.where(gone, signs.probability, decision.measure),
        np.where(gone, votes.min_probability, decision.limit),
        decision.failing | {code: rows for code, rows in speaking.items() if len(rows)},
    )


def profiles() -> pa.Table:
    """Every rule of every profile: its check, family, dimension, script, measure, limit, published value and source."""
    rows = [
        {
            "profile": profile.name,
            "check": rule.code,
            "family": rule.family,
            "dimension": str(rule.dimension),
            "script": rule.script,
            "measure": " + ".join(rule.top) + (f" / {rule.bottom}" if rule.bottom else ""),
            "least": rule.low is not None,
            "limit": rule.limit,
            "published": rule.published,
            "source": rule.source,
        }
        for profile in PROFILES.values()
        for rule in profile.rules
    ]
    rows += [
        {
            "profile": profile.name,
            "check": sign.code,
            "family": sign.group,
            "dimension": str(WorthlessTexts.dimension),
            "script": ANY,
            "measure": sign.says,
            "least": False,
            "limit": sign.low,
            "published": sign.low,
            "source": "karat",
        }
        for profile in PROFILES.values()
        for sign in (SIGNS if profile.votes else ())
    ]
    return pa.Table.from_pylist(rows)


def line_edits(
    texts: pa.Array, profile: str = "karat", *, lines: Sequence[int] | None = None
) -> tuple[pa.Table, pa.Array]:
    """The lines that a profile (or some of ``LINE_RULES``) cuts, as ``EDITS``, and the texts without them."""
    lines = profile_of(profile).lines if lines is None else lines
    if not lines or not len(texts):
        return EDITS.empty_table(), texts
    from karat.kernels.text_edits import spans_of, without_spans

    filled = pc.fill_null(texts.cast(pa.large_string()), "")
    offsets = np.frombuffer(filled.buffers()[1], np.int64, len(filled) + 1, filled.offset * 8)
    data = filled.buffers()[2]
    buf = np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(1, np.uint8)
    spans = spans_of(buf, offsets, sum(1 << rule for rule in lines))
    if not len(spans):
        return EDITS.empty_table(), texts
    left, ends = without_spans(buf, offsets, spans)
    edited = pa.LargeStringArray.from_buffers(len(filled), pa.py_buffer(ends), pa.py_buffer(left))
    before = [buf[low:high].tobytes().decode() for low, high in spans[:, 1:3].tolist()]
    columns = [spans[:, 0], spans[:, 3], spans[:, 4], before, [""] * len(before), np.array(LINE_RULES)[spans[:, 5]]]
    table = pa.table([pa.array(c, f.type) for c, f in zip(columns, EDITS, strict=True)], schema=EDITS)
    return table, pc.if_else(pc.is_null(texts), None, edited.cast(texts.type))


def text_array(texts: Any) -> pa.Array:
    """One Arrow array of strings from what a caller has."""
    if isinstance(texts, (pa.ChunkedArray, pa.Array)):
        whole = texts
    elif isinstance(texts, Sequence) and not isinstance(texts, str):
        try:
            whole = pa.array(texts, pa.large_string())
        except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeEncodeError) as problem:
            raise InputError(
                f"the list is not one of texts: {str(problem).splitlines()[0]}",
                "Pass strings, and None where one is missing",
            ) from None
    else:
        raise InputError(f"texts are of type {type(texts).__name__}", "Pass a list of strings or an Arrow string array")
    if not (pa.types.is_string(whole.type) or pa.types.is_large_string(whole.type) or pa.types.is_null(whole.type)):
        raise InputError(f"an Arrow array of {whole.type} cannot be read as texts", "Cast it to string")
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.cast(pa.large_string()).combine_chunks()
        whole = whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole
    return whole.cast(pa.large_string()) if pa.types.is_null(whole.type) else whole
