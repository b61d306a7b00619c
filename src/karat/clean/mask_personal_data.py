"""Puts a sign in the place of personal data, and hands over what stood there."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.errors import OptionError
from karat.quality.confidentiality.spans import find

WAYS = ("mask", "hash", "drop")
SIGNS = {
    "e-mail": "EMAIL",
    "resident ID (CN)": "RESIDENT_ID",
    "bank card": "BANK_CARD",
    "IBAN": "IBAN",
    "mobile phone (CN)": "PHONE",
    "phone": "PHONE",
    "landline (CN)": "PHONE",
    "phone (+)": "PHONE",
    "social security number (US)": "SSN",
    "licence plate (CN)": "PLATE",
    "passport (CN)": "PASSPORT",
    "IP address": "IP",
    "IP address (v6)": "IP",
    "WeChat ID": "WECHAT",
    "QQ number": "QQ",
    "medical insurance number (CN)": "MEDICAL_ID",
    "travel permit (CN)": "TRAVEL_PERMIT",
    "officer ID (CN)": "OFFICER_ID",
    "social credit code (CN)": "CREDIT_CODE",
    "driver's licence": "DRIVER_LICENCE",
    "vehicle identification number": "VIN",
    "bank account": "ACCOUNT",
    "person name": "NAME",
    "postal address": "ADDRESS",
    "password in a URL": "URL_WITH_PASSWORD",
    "secret key": "SECRET",
}


@dataclass(frozen=True)
class Masked:
    """Texts without personal data, and where it stood.

    Parameters
    ----------
    texts : pyarrow.Array
        Null stays null.
    spans : pyarrow.Table
        ``row`` (position), ``start``, ``end``, ``entity``, ``confidence``; places in the texts as they were.
    changed : ndarray of bool, shape (n,)
    """

    texts: pa.Array
    spans: pa.Table
    changed: np.ndarray


def mask(
    texts: Any, how: str = "mask", *, key: bytes = b"", entities: Iterable[str] = (), min_confidence: float = 0.5
) -> Masked:
    """Take personal data out of texts.

    A model that has read a telephone number can say it again to anybody. The originals are the caller's: they belong
    into the vault, or nowhere.

    Parameters
    ----------
    how : str
        ``mask`` writes the kind, ``<EMAIL>``; ``hash`` adds a keyed code, the same for the same original,
        ``<EMAIL:5f0c…>``, so that records can still be joined; ``drop`` leaves nothing.
    key : bytes
        For ``hash``, at least 16 bytes: without it the codes of all telephone numbers could be tried out.
    entities : iterable of str
        Kinds to look for, all when empty.
    min_confidence : float
        In [0, 1].

    Raises
    ------
    OptionError
        A way or an entity that is not known, or no key to hash with.
    """
    if how not in WAYS:
        raise OptionError.unknown("way to mask", how, WAYS)
    if how == "hash" and len(key) < 16:
        raise OptionError(f"the key for hashing has {len(key)} bytes, and must have at least 16", "Give a longer key")
    column = texts if isinstance(texts, (pa.Array, pa.ChunkedArray)) else pa.array(texts, pa.string())
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    spans = find(column, entities, min_confidence)
    changed = np.zeros(len(column), bool)
    rows = spans["row"].to_numpy()
    if not len(rows):
        return Masked(column, spans, changed)
    first = np.flatnonzero(np.diff(rows, prepend=-1))
    places = rows[first]
    changed[places] = True
    starts, ends, kinds = spans["start"].to_pylist(), spans["end"].to_pylist(), spans["entity"].to_pylist()
    written = []
    for text, begin, end in zip(
        column.take(pa.array(places)).to_pylist(), first.tolist(), [*first[1:].tolist(), len(rows)], strict=True
    ):
        out, last = [], 0
        for at in range(begin, end):
            out += [text[last : starts[at]], _sign(kinds[at], text[starts[at] : ends[at]], how, key)]
            last = ends[at]
        written.append("".join([*out, text[last:]]))
    return Masked(pc.replace_with_mask(column, pa.array(changed), pa.array(written, column.type)), spans, changed)


def _sign(entity: str, original: str, how: str, key: bytes) -> str:
    if how == "drop":
        return ""
    sign = SIGNS.get(entity, entity.upper())
    if how == "mask":
        return f"<{sign}>"
    plain = "".join(letter for letter in original.casefold() if letter.isalnum())
    return f"<{sign}:{hmac.new(key, plain.encode(), hashlib.sha256).hexdigest()[:12]}>"
