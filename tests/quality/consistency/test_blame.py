"""Which cells of a record are wrong when columns that go together do not."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.quality.consistency._blame import Blame
from karat.quality.consistency._dependencies import Coded

WRONG = range(0, 800, 40)


def block_of(columns):
    table = pa.table(
        {name: pa.array([None if v is None else str(v) for v in cells], pa.string()) for name, cells in columns.items()}
    )
    return Block(np.arange(table.num_rows), table, Schema(tuple(Column(name, Role.CATEGORY) for name in columns)))


def places(size=800):
    """Street → town → region: each street has one town, each town one region."""
    street = np.random.default_rng(4).integers(0, 60, size)
    town = street % 20
    return {"street": [f"s{v}" for v in street], "town": [f"t{v}" for v in town], "region": [f"r{v % 5}" for v in town]}


def judged(columns):
    block = block_of(columns)
    coded = Coded.of(block)
    blame = Blame.of(coded, block.schema)
    return blame, coded, blame.judge(coded)


def said(verdicts, coded):
    """Record and column of each cell that is likely wrong, with what should stand there."""
    out = {}
    for name, verdict in verdicts.items():
        for at, wrong, best in zip(verdict.at.tolist(), verdict.wrong.tolist(), verdict.best.tolist(), strict=True):
            if wrong > 0.5:
                out[at, name] = coded.values[name][best].as_py()
    return out


def test_a_clean_table_blames_nobody():
    assert judged(places())[2] == {}


def test_the_column_that_two_dependencies_accuse_is_wrong():
    columns = places()
    truth = {at: columns["town"][at] for at in WRONG}
    for at in WRONG:
        columns["town"][at] = f"t{(int(truth[at][1:]) + 7) % 20}"  # another town, of another region
    _, coded, verdicts = judged(columns)
    assert said(verdicts, coded) == {(at, "town"): text for at, text in truth.items()}
    town = verdicts["town"]
    assert town.fits.min() > 0.9
    assert (town.backers <= town.others).all()


def test_a_wrong_end_is_blamed_alone():
    columns = places()
    truth = {at: columns["region"][at] for at in WRONG}
    for at in WRONG:
        columns["region"][at] = f"r{(int(truth[at][1:]) + 2) % 5}"
    _, coded, verdicts = judged(columns)
    assert said(verdicts, coded) == {(at, "region"): text for at, text in truth.items()}
    assert (verdicts["region"].edges >= 2).all(), "street and town say so"


def test_a_value_never_met_elsewhere_is_rare():
    columns = places()
    columns["region"][5] = "zz"
    for at in (45, 85, 125):
        columns["region"][at] = f"r{(int(columns['region'][at][1:]) + 2) % 5}"
    _, _, verdicts = judged(columns)
    rare = dict(zip(verdicts["region"].at.tolist(), verdicts["region"].rare.tolist(), strict=True))
    assert rare[5]


def test_blanks_are_errors_only_beside_other_errors():
    columns = places()
    for at in WRONG:
        columns["region"][at] = None
    blame, _, verdicts = judged(columns)
    assert blame.gaps == frozenset()
    assert verdicts == {}
    for at in range(7, 800, 60):
        columns["region"][at] = f"r{(int(columns['region'][at][1:]) + 2) % 5}"
    blame, coded, verdicts = judged(columns)
    assert blame.gaps == {"region"}
    assert {at for at, name in said(verdicts, coded) if name == "region"} >= set(WRONG)


@pytest.mark.parametrize(("others", "errors"), [(3, True), (2, False)])
def test_three_other_errors_and_a_third_as_many_as_the_blanks_are_enough(others, errors):
    columns = places()
    for at in range(40, 40 + 9 * 50, 50):
        columns["region"][at] = None
    for at in range(13, 13 + others * 70, 70):
        columns["region"][at] = f"r{(int(columns['region'][at][1:]) + 2) % 5}"
    assert ("region" in judged(columns)[0].gaps) == errors


def test_values_that_win_a_group_are_usual():
    columns = places()
    columns["region"][5] = "zz"
    blame, _, _ = judged(columns)
    assert sorted(blame.usual("region")) == ["r0", "r1", "r2", "r3", "r4"]


def test_values_that_repeat_without_winning_are_shared():
    columns = places()
    for at in range(0, 800, 35):
        columns["region"][at] = "unclear"  # 23 cells are more than one in forty
    blame, _, _ = judged(columns)
    assert blame.shared("region").to_pylist() == ["unclear"]
    for at in range(0, 800, 70):
        columns["region"][at] = "r0"
    assert judged(columns)[0].shared("region").to_pylist() == []


def test_another_block_is_judged_by_what_was_learned():
    columns = places()
    block = block_of(columns)
    blame = Blame.of(Coded.of(block), block.schema)
    new = block_of({"street": ["s1", "s1"], "town": ["t1", "t1"], "region": ["r1", "r3"]})
    verdicts = blame.judge(blame.values.read(new))
    assert verdicts["region"].at.tolist() == [1]
    assert blame.values.values["region"][int(verdicts["region"].best[0])].as_py() == "r1"


def test_records_can_be_picked_from_a_verdict():
    columns = places()
    for at in WRONG:
        columns["region"][at] = f"r{(int(columns['region'][at][1:]) + 2) % 5}"
    verdict = judged(columns)[2]["region"]
    some = verdict.take(np.array([1, 0]))
    assert some.at.tolist() == verdict.at[[1, 0]].tolist()
    assert len(some.fits) == len(some.rare) == len(some.edges) == 2


def test_recounted_dependencies_keep_their_codes_and_gaps():
    columns = places()
    blame, coded, _ = judged(columns)
    counted = {
        ("town", "region"): pa.table({"key_0": ["t0", "t99"], "value": ["r0", "r9"], "n": [50, 50]}),
    }
    again = blame.recounted(counted)
    assert again.gaps == blame.gaps
    known = coded.values["region"].to_pylist()
    assert again.values.values["region"].to_pylist()[: len(known)] == known
    assert again.values.values["region"].to_pylist()[-1] == "r9"
    assert [(edge.left, edge.right) for edge in again.edges] == [(edge.left, edge.right) for edge in blame.edges]


def teams(records):
    """Franchise → city and park; ``records`` break both, and 20 more break one of the two."""
    franchise = np.arange(800) % 20
    city, park = [f"c{v}" for v in franchise], [f"p{v}" for v in franchise]
    for at in records:
        city[at], park[at] = "moved", "moved too"
    return {"franchise": [f"f{v}" for v in franchise], "city": city, "park": park}


def joint(columns):
    return {name: verdict.at[verdict.joint].tolist() for name, verdict in judged(columns)[2].items()}


def test_columns_that_break_a_dependency_in_the_same_records_are_told():
    together = joint(teams([3, 4, 5]))
    assert together["city"] == together["park"] == [3, 4, 5]
    assert not any(joint(teams([3])).values())


def test_columns_that_meet_in_fewer_than_85_of_100_records_are_no_exceptions():
    columns = teams(range(3, 303, 50))
    columns["city"][40] = "gone"

    assert joint(columns)["city"] == list(range(3, 303, 50))
    columns["city"][41] = "gone"
    columns["city"][42] = "gone"
    assert not any(joint(columns).values())
