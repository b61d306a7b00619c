import numpy as np
import pyarrow as pa
import pytest

from karat.clean.link.records import link
from karat.core.block import Block
from karat.core.errors import InputError
from karat.core.schema import Column, Role, Schema

FIRST = ["anna", "bela", "carl", "dora", "emil", "王伟", "李娜", "张敏", "gina", "hugo"]
LAST = ["archer", "bishop", "cooper", "dyer", "fisher", "glover", "harper", "mason", "potter", "上官"]


def block(columns):
    table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    return Block(np.arange(table.num_rows), table, Schema(tuple(Column(name, Role.TEXT) for name in columns)))


def people(size, seed):
    rng = np.random.default_rng(seed)
    return [
        [
            str(rng.choice(FIRST)) + str(rng.choice(LAST)),
            f"{rng.integers(1, 300)} road {rng.integers(1, 90)}",
            f"{rng.integers(1930, 2005)}-{rng.integers(1, 13):02}-{rng.integers(1, 29):02}",
            str(rng.integers(10**6, 10**7)),
        ]
        for _ in range(size)
    ]


def spoiled(record, rng):
    out = list(record)
    for at in rng.choice(4, 2, replace=False):
        place = int(rng.integers(len(out[at])))
        out[at] = out[at][:place] + "q" + out[at][place + 1 :]
    return out


def table(records):
    return block(dict(zip(("name", "street", "born", "number"), map(list, zip(*records, strict=True)), strict=True)))


def found(pairs):
    return {(p["left"], p["right"]) for p in pairs.to_pylist() if p["probability"] >= 0.5}


def test_within_a_table_spoiled_copies_are_found_and_chains_closed():
    rng = np.random.default_rng(1)
    records = people(300, 0)
    copies = [(at, spoiled(records[at], rng)) for at in (*range(0, 100, 2), 7, 7, 7)]
    whole = table(records + [copy for _, copy in copies])
    truth = {(source, 300 + at) for at, (source, _) in enumerate(copies)}
    truth |= {(a, b) for a in (350, 351, 352) for b in (350, 351, 352) if a < b}
    pairs = link(whole)
    assert len(found(pairs) & truth) >= 0.97 * len(truth)
    assert len(found(pairs) - truth) <= 1
    assert "equal" in pairs["evidence"][0].as_py()


def test_a_table_without_copies_has_no_pairs():
    assert len(found(link(table(people(300, 5))))) <= 1


@pytest.mark.parametrize("one_to_one", [True, False])
def test_two_tables_meet_in_any_order_and_strangers_stay_alone(one_to_one):
    rng = np.random.default_rng(2)
    left, strangers = people(200, 3), people(60, 4)
    order = rng.permutation(140)
    right = [spoiled(left[at], rng) for at in order] + strangers
    pairs = link(table(left), table(right), one_to_one=one_to_one)
    truth = {(int(source), at) for at, source in enumerate(order)}
    assert len(found(pairs) & truth) >= 0.97 * len(truth)
    assert len(found(pairs) - truth) <= 3


def test_chinese_products_and_a_price():
    rng = np.random.default_rng(0)
    brands, kinds = ["海尔", "美的", "格力", "小米", "华为"], ["冰箱", "空调", "电视机", "洗衣机", "手机"]
    names = [
        (str(rng.choice(brands)), str(rng.choice(kinds)), f"{chr(65 + at % 26)}{rng.integers(100, 999)}-{at}")
        for at in range(120)
    ]
    prices = [f"{rng.integers(100, 9000)}.5" for _ in names]
    left = block({"名称": [f"{b}{k} 型号 {m} 正品 官方 旗舰店" for b, k, m in names], "价格": prices})
    right = block(
        {"名称": [f"{b} {m.replace('-', '')} {k} 家用 新款 包邮 特价" for b, k, m in names][::-1], "价格": prices[::-1]}
    )
    assert len(found(link(left, right)) & {(at, 119 - at) for at in range(120)}) >= 110


def test_tables_with_nothing_in_common_are_refused():
    with pytest.raises(InputError, match="both tables"):
        link(block({"a": ["x", "y"]}), block({"b": ["x", "y"]}))
