"""What other columns say about a cell: values of records that agree with it in another column."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.degrees import SELDOM

MOST_KEYS = 3  # unproven: columns that speak about one; more say more and are wrong more often
MOST_COLUMNS = 60  # cost: beyond, the columns with the fewest values are looked at
LEAST_AGREEMENT = 0.5  # definition: most cells agree with the majority of the others in their group
MOST_GROUPS = 50_000  # cost: of one link, the largest
MOST_USUAL = 50_000  # cost: values of one column
MOST_DISTINCT = 0.95  # unproven: a column of which more of the values differ groups nothing


@dataclass(frozen=True)
class Link:
    """What the values of one column say about another.

    Parameters
    ----------
    weight : float
        How much more often than by the commonest value a cell agrees with the others of its group, in [0, 1].
    groups : pyarrow.Table
        ``key``, the two commonest values ``first`` and ``second`` beside it, their counts ``n_first`` and
        ``n_second``, and ``n``; only keys that occur at least twice.
    """

    key: str
    column: str
    weight: float
    groups: pa.Table


@dataclass(frozen=True)
class TableKnowledge:
    """What is known of a table beside its checks.

    Parameters
    ----------
    usual : dict of column to pyarrow.Table
        ``value`` and ``n``: the values that occur at least twice, at most ``MOST_USUAL`` of them.
    """

    links: tuple[Link, ...]
    usual: dict[str, pa.Table]


@dataclass(frozen=True)
class LinkVotes:
    """What one link says about the cells of a block; own cells left out where they were counted.

    ``best`` (n,) codes into ``texts`` (-1 none), ``n_best``, ``n_own`` and ``n`` (n,) counts.
    """

    best: np.ndarray
    n_best: np.ndarray
    n_own: np.ndarray
    n: np.ndarray
    texts: list[str]


def learn_known(block: Block) -> TableKnowledge:
    """The links between the columns of some records, and their usual values."""
    usual = {}
    for name in (c.name for c in block.schema if c.type != "binary"):
        codes, texts = block.coded(name)
        count = np.bincount(codes[codes >= 0], minlength=len(texts))
        often = np.flatnonzero(count >= 2)
        often = often[np.argsort(-count[often], kind="stable")][:MOST_USUAL]
        usual[name] = pa.table({"value": texts.take(pa.array(often)), "n": pa.array(count[often], pa.int64())})
    return TableKnowledge(learn_links(block), usual)


def learn_links(block: Block) -> tuple[Link, ...]:
    """The most telling columns for every column, up to three each."""
    names = [c.name for c in block.schema if c.type != "binary"]
    distinct = {name: len(block.coded(name)[1]) for name in names}
    names = sorted(names, key=lambda name: (distinct[name], name))[:MOST_COLUMNS]
    keys = [name for name in names if 2 <= distinct[name] <= MOST_DISTINCT * len(block)]
    out: list[Link] = []
    for column in names:
        if distinct[column] < 2:
            continue
        links = [link for key in keys if key != column and (link := _link(block, key, column)) is not None]
        out += sorted(links, key=lambda link: (-link.weight, link.key))[:MOST_KEYS]
    return tuple(out)


def _link(block: Block, key: str, column: str) -> Link | None:
    (codes, keys), (values, texts) = block.coded(key), block.coded(column)
    both = (codes >= 0) & (values >= 0)
    if both.sum() < 2:
        return None
    pair, count = np.unique(codes[both].astype(np.int64) * len(texts) + values[both], return_counts=True)
    group, value = pair // len(texts), pair % len(texts)
    order = np.lexsort((value, -count, group))
    group, value, count = group[order], value[order], count[order]
    start = np.flatnonzero(np.append(True, group[1:] != group[:-1]))
    size = np.add.reduceat(count, start)
    more = np.append(np.diff(start), len(group) - start[-1]) > 1
    after = np.minimum(start + 1, len(group) - 1)
    second, n_second = np.where(more, value[after], -1), np.where(more, count[after], 0)
    several = size >= 2
    covered = size[several].sum() / max(both.sum(), 1)
    if covered < SELDOM:
        return None
    agree = np.where(count[start] - 1 >= n_second, count[start], 0)[several].sum() / size[several].sum()
    usual = np.bincount(values[both]).max() / both.sum()
    if agree < LEAST_AGREEMENT or agree <= usual:
        return None
    groups = pa.table(
        {
            "key": keys.take(pa.array(group[start][several])),
            "first": texts.take(pa.array(value[start][several])),
            "second": texts.take(pa.array(second[several], mask=second[several] < 0)),
            "n_first": count[start][several],
            "n_second": n_second[several],
            "n": size[several],
        }
    )
    groups = groups.sort_by([("n", "descending"), ("key", "ascending")]).slice(0, MOST_GROUPS)
    return Link(key, column, float((agree - usual) / (1 - usual) * covered**0.5), groups)


def votes(link: Link, block: Block, counted: bool) -> LinkVotes:
    """What a link says about every cell of its column.

    Parameters
    ----------
    counted : bool
        Were these records among those the link was learned from?
    """
    codes, keys = block.coded(link.key)
    values, texts = block.coded(link.column)
    place = pc.index_in(keys, value_set=link.groups["key"].combine_chunks())
    place = np.append(pc.fill_null(place, -1).to_numpy(zero_copy_only=False), -1)[codes]
    all_texts = texts.to_pylist()
    known = {text: at for at, text in enumerate(all_texts)}
    first, second = (
        np.array([*(_known(text, known) for text in link.groups[name].to_pylist()), -1], np.int64)[place]
        for name in ("first", "second")
    )
    n_first, n_second, n = (np.append(link.groups[name].to_numpy(), 0)[place] for name in ("n_first", "n_second", "n"))
    own_first, own_second = (values >= 0) & (values == first), (values >= 0) & (values == second)
    here = counted & (values >= 0) & (place >= 0)
    n_first, n_second = n_first - (here & own_first), n_second - (here & own_second)
    rest = n - here
    pick = n_second > n_first
    best = np.where(pick, second, first)
    n_best = np.where(pick, n_second, n_first)
    n_own = np.where(own_first, n_first, np.where(own_second, n_second, 0))
    return LinkVotes(np.where(n_best > 0, best, -1), n_best, n_own, np.maximum(rest, 0), list(known))


def _known(text: str | None, known: dict[str, int]) -> int:
    return -1 if text is None else known.setdefault(text, len(known))
