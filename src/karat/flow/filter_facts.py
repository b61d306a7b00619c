"""What the user's own filters need to know of the documents of a part."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from karat.clean.document_filters import first_match, host_of, listed, require_expressions, text_order
from karat.core.errors import OptionError
from karat.flow import document_checks
from karat.flow.document_checks import chosen
from karat.flow.domain_caps import DOMAIN, ORDER
from karat.flow.settings import Settings
from karat.quality.accuracy.filtered_texts import LISTED, UNMATCHED, UNWANTED, FilteredTexts
from karat.quality.consistency.crowded_domains import CrowdedDomains
from karat.quality.consistency.replaced_patterns import ReplacedPatterns
from karat.quality.documents import DocumentCheck

ABOUT = "about"  # tokens are estimated, not counted


def filter_ways(checks: Sequence[DocumentCheck], settings: Settings) -> dict[str, Any]:
    """The settings of filters that change what is measured.

    Raises
    ------
    OptionError
        An expression that cannot be read.
    """
    filters, replacing = chosen(checks, FilteredTexts), chosen(checks, ReplacedPatterns).patterns
    for setting in ("drop_matching", "keep_matching"):
        require_expressions(setting, getattr(filters, setting))
    require_expressions("replace", replacing)
    return {
        "drop_urls": list(filters.drop_urls),
        "drop_matching": list(filters.drop_matching),
        "keep_matching": list(filters.keep_matching),
        "replace": dict(replacing),
        "count_tokens": (settings.prepare.tokenizer or ABOUT) if filters.counts_tokens else "",
        "cap_domains": chosen(checks, CrowdedDomains).max_documents > 0,
    }


def require_addresses(how: Mapping[str, Any], names: Sequence[str]) -> None:
    """Raise OptionError where filters look at addresses and there are none."""
    for setting, address in (
        ("drop_urls", how["url_column"]),
        ("max_per_domain", how["url_column"] or how["source_column"]),
    ):
        asked = how["drop_urls"] if setting == "drop_urls" else how["cap_domains"]
        if asked and not address:
            shown = ", ".join(names) or "no other column than the text"
            raise OptionError(
                f"[clean] {setting} needs a column of addresses such as 'url', and there is {shown}", "Rename one"
            )


def filter_facts(table: pa.Table, texts: pa.Array, stats: pa.Table, how: Mapping[str, Any]) -> dict[str, Any]:
    """Columns for the filters that are set; none where none is."""
    facts: dict[str, Any] = {}
    if how["drop_urls"]:
        facts[LISTED] = listed(_cells(table, how["url_column"]), how["drop_urls"]).astype(np.int64)
    if how["drop_matching"]:
        facts[UNWANTED] = first_match(texts, how["drop_matching"])
    if how["keep_matching"]:
        facts[UNMATCHED] = (first_match(texts, how["keep_matching"]) == 0).astype(np.int64)
    if how["count_tokens"]:
        facts["tokens"] = _tokens(texts, stats, how["count_tokens"])
    if how["cap_domains"]:
        facts |= {DOMAIN: _domains(table, how), ORDER: text_order(texts)}
    return facts


def _tokens(texts: pa.Array, stats: pa.Table, counter: str) -> np.ndarray:
    if counter == ABOUT:
        return document_checks.tokens(stats)
    tokenizer = _tokenizer(counter)
    return np.array([len(tokens.ids) for tokens in tokenizer.encode_batch(texts.to_pylist())], np.int64)


@cache
def _tokenizer(path: str) -> Any:
    from karat.prepare.tokens import load_tokenizer

    return load_tokenizer(path)


def _cells(table: pa.Table, name: str) -> pa.Array:
    if name not in table.column_names:
        return pa.nulls(table.num_rows, pa.string())
    return table.column(name).combine_chunks().cast(pa.string())


def _domains(table: pa.Table, how: Mapping[str, Any]) -> pa.Array:
    if not how["url_column"]:
        return _cells(table, how["source_column"])
    coded = _cells(table, how["url_column"]).dictionary_encode()
    hosts = pa.array([host_of(address) for address in coded.dictionary.to_pylist()], pa.string())
    return hosts.take(coded.indices)
