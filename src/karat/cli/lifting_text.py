"""``karat lift A B`` for two versions of a corpus: nothing to predict but the text itself."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.errors import InputError
from karat.flow.job import is_named
from karat.flow.loading import alike, documents, masked_how
from karat.lift.certificate import Certificate
from karat.lift.text_arms import Corpora, Documents
from karat.lift.text_proof import ngram_trial, prove_text

MASKED = "personal data in A, and in the texts to judge by, is masked as in B: masks are neither merit nor harm"


def measured_text(
    before: Any,
    after: Any,
    *,
    test: Any = "",
    text: str = "",
    seed: int = 0,
    workers: int = 1,
    full: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Certificate:
    """The certificate in bits per byte; see ``karat.lift.text_proof.prove_text``.

    Raises
    ------
    InputError
        When the documents of the two versions cannot be paired.
    """
    test_documents = None
    if is_named(test):
        texts, rows, _ = documents(test, text)
        test_documents = Documents(texts, rows)
    alike_masked = _masker(before, after)
    if test_documents is not None and alike_masked:
        test_documents = Documents(alike_masked(test_documents.texts), test_documents.rows)
    texts, rows, numbered = documents(before, text)
    first = (alike_masked(texts) if alike_masked else texts, rows, numbered)
    older, newer = _paired(first, documents(after, text), free=test_documents is not None)
    if test_documents is not None:
        test_documents = _unseen(test_documents, older, newer)
    corpora = Corpora(older, newer, test_documents, np.concatenate([alike(before), alike(after)]))
    certificate = prove_text(corpora, trial=ngram_trial(full=full), seed=seed, workers=workers, progress=progress)
    return replace(certificate, notes=(*certificate.notes, MASKED)) if alike_masked else certificate


def _masker(before: Any, after: Any) -> Callable[[pa.Array], pa.Array] | None:
    """Masks texts as those of B were, where A's were not: a mask is easier to predict than a name, and no merit."""
    how = masked_how(after)
    if how == "keep" or masked_how(before) == how:
        return None
    from karat.clean.mask_personal_data import mask
    from karat.flow.text_edits import hash_key

    key = hash_key() if how == "hash" else b""
    return lambda texts: mask(texts, how, key=key).texts


def _paired(before: Any, after: Any, *, free: bool) -> tuple[Documents, Documents]:
    """Both versions with numbers that fit: by ``_row``, by position, or by what stands in the documents."""
    (texts, rows, _), (others, numbers, numbered) = before, after
    older = Documents(texts, rows)
    if numbered or len(others) == len(texts):
        return older, Documents(others, numbers if numbered else rows)
    place = np.asarray(pc.fill_null(pc.index_in(others, value_set=texts), -1))
    lone = place < 0
    if lone.any() and not free:
        raise InputError(
            f"{int(lone.sum()):,} documents of B are not in A, and there is no column _row to pair them by",
            "Give run folders, a column _row, or texts to judge by with --test",
        )
    own = int(rows.max()) + 1 + np.arange(len(others))
    return older, Documents(others, np.where(lone, own, rows[np.maximum(place, 0)]))


def _unseen(test_documents: Documents, *versions: Documents) -> Documents:
    """The texts to judge by that no arm trains on."""
    fresh = np.ones(len(test_documents), bool)
    for version in versions:
        fresh &= ~np.asarray(pc.is_in(test_documents.texts, value_set=version.texts))
    if not fresh.any():
        raise InputError("every text of --test is also in one of the versions", "Give other texts")
    return Documents(test_documents.texts.filter(fresh), test_documents.rows[fresh])
