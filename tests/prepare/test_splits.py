import numpy as np
import pytest

from karat.core.errors import InputError, OptionError
from karat.prepare.splits import plan_splits


def classes(make_block, n=400, repeats_of_one=0, **more):
    random = np.random.default_rng(0)
    x = [str(v) for v in np.arange(n)]
    for at in range(repeats_of_one):
        x[n - 1 - at] = f" {at % 20} "
    y = np.where(random.random(n) < 0.2, "yes", "no").astype(object)
    y[:3] = None
    return make_block(x=("category", x), y=("target", y.tolist()), **more)


def test_every_record_tests_once_a_repeat_and_classes_are_even(make_block):
    block = classes(make_block)
    splits = plan_splits(block, repeats=3, folds=5)
    y = np.array(block.table["y"].to_pylist(), object)
    assert splits.fold.shape == (3, 400)
    for repeat in range(3):
        tests = [test for r, _, _, test in splits.pairs() if r == repeat]
        assert np.array_equal(np.sort(np.concatenate(tests)), np.arange(3, 400))  # no target, no test
        shares = [(y[test] == "yes").mean() for test in tests]
        assert max(shares) - min(shares) < 0.02
    for _, _, train, test in splits.pairs():
        assert not set(train) & set(test)
    assert not np.array_equal(splits.fold[0], splits.fold[1])


def test_a_repeat_is_never_on_both_sides(make_block):
    block = classes(make_block, repeats_of_one=150)
    splits = plan_splits(block)
    x = np.array([value.strip() for value in block.table["x"].to_pylist()])
    for _, _, train, test in splits.pairs():
        assert not set(x[train]) & set(x[test])
    sizes = [len(test) for _, _, _, test in splits.pairs()]
    assert max(sizes) - min(sizes) <= 8
    assert "repeats together" in splits.method


def test_a_group_is_never_on_both_sides(make_block):
    group = np.random.default_rng(1).integers(0, 40, 400)
    block = classes(make_block, g=("group", [str(v) for v in group]))
    splits = plan_splits(block)
    for _, _, train, test in splits.pairs():
        assert not set(group[train]) & set(group[test])
    assert "each g on one side" in splits.method


def series(make_block, noise):
    random = np.random.default_rng(2)
    n = 600
    order = random.permutation(n)
    walk = np.cumsum(random.normal(size=n)) if not noise else random.normal(size=n)
    when = np.datetime64("2024-01-01T00") + np.arange(n) * np.timedelta64(1, "h")
    return order, make_block(
        task="regression",
        t=("time", [str(when[i]).replace("T", " ") + ":00" for i in order]),
        y=("target", [repr(float(walk[i])) for i in order]),
    )


def test_a_time_series_is_split_forward(make_block):
    order, block = series(make_block, noise=False)
    splits = plan_splits(block, repeats=2, folds=4)
    assert splits.forward
    assert "forward in time" in splits.method
    seen = 0
    for _, _, train, test in splits.pairs():
        assert len(train) > 50
        assert order[train].max() < order[test].min()
        seen += len(test)
    assert seen > 600
    assert order[splits.part == 2].min() > order[splits.part == 1].max() > order[splits.part == 0].max()


def test_times_without_memory_are_split_at_random(make_block):
    _, block = series(make_block, noise=True)
    splits = plan_splits(block)
    assert not splits.forward
    assert "almost uncorrelated" in splits.method
    assert plan_splits(block, by="time").forward
    assert not plan_splits(series(make_block, noise=False)[1], by="record").forward


def test_a_date_in_parts_is_a_time(make_block):
    n = 24 * 60
    walk = np.cumsum(np.random.default_rng(0).normal(size=n))
    hours = np.arange(n)
    parts = {
        "年": 2023 + hours // (24 * 31),
        "月": 1 + hours // (24 * 31),
        "day": 1 + hours // 24 % 31,
        "hour": hours % 24,
    }
    block = make_block(
        task="regression",
        **{name: ("number", [str(v) for v in part]) for name, part in parts.items()},
        y=("target", [repr(float(v)) for v in walk]),
    )
    splits = plan_splits(block, folds=4)
    assert "in order of 年 + 月 + day + hour" in splits.method
    for _, _, train, test in splits.pairs():
        assert train.max() < test.min()


def test_one_moment_is_never_cut(make_block):
    n = 300
    block = make_block(
        task="regression",
        t=("time", [f"2024-01-{1 + i // 30:02d}" for i in range(n)]),
        x=("category", [str(i) for i in range(n)]),
        y=("target", [str(i) for i in range(n)]),
    )
    for _, _, train, test in plan_splits(block, folds=4).pairs():
        assert not set(train // 30) & set(test // 30)


def test_a_number_is_split_in_even_bands(make_block):
    block = make_block(
        task="regression", x=("category", [str(i) for i in range(500)]), y=("target", [str(i * i) for i in range(500)])
    )
    means = [test.mean() for _, _, _, test in plan_splits(block).pairs()]
    assert max(means) - min(means) < 25


def test_the_seed_decides_and_the_table_says_it(make_block):
    block = classes(make_block)
    one, two, three = plan_splits(block, seed=1), plan_splits(block, seed=1), plan_splits(block, seed=2)
    assert np.array_equal(one.fold, two.fold)
    assert not np.array_equal(one.fold, three.fold)
    table = one.table()
    assert table.column_names == ["_row", "part", *(f"fold_{r}" for r in range(5))]
    shares = table["part"].value_counts().to_pylist()
    assert {entry["values"] for entry in shares} == {"train", "validation", "test"}


@pytest.mark.parametrize(
    ("values", "words"),
    [(["a"] * 50, "only one value"), (["a", "b"] * 2, "and 10 are needed"), ([None] * 50, "has no values")],
)
def test_a_target_that_cannot_be_split_is_refused(make_block, values, words):
    block = make_block(x=("category", [str(i) for i in range(len(values))]), y=("target", values))
    with pytest.raises(InputError, match=words):
        plan_splits(block)


def test_an_unknown_way_is_refused(make_block):
    with pytest.raises(OptionError, match="'group'"):
        plan_splits(classes(make_block), by="groups")
    with pytest.raises(InputError, match="column of times"):
        plan_splits(classes(make_block), by="time")


def test_a_number_named_like_a_time_that_rises_is_an_order(make_block):
    random = np.random.default_rng(0)
    level = np.cumsum(random.normal(size=400))
    date = [f"{k / 400:.4f}" for k in range(400)]
    values = [f"{v:.3f}" for v in level]
    block = make_block("regression", date=("number", date), y=("target", values))
    assert plan_splits(block).forward
    dealt = make_block("regression", date=("number", random.permutation(date).tolist()), y=("target", values))
    assert not plan_splits(dealt).forward
    other = make_block("regression", dose=("number", date), y=("target", values))
    assert not plan_splits(other).forward
