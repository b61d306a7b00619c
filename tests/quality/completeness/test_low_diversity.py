from karat.quality.completeness.low_diversity import LowDiversity


def test_constants_and_copies_of_columns_are_named(make):
    varied = [str(at % 7) for at in range(100)]
    block = make({"a": varied, "b": varied, "c": ["同"] * 100, "d": varied[::-1], "e": [None] * 99 + ["x"]})
    check = LowDiversity()
    state = check.learn(block.take(block.rows[:50])).merge(check.learn(block.take(block.rows[50:])))
    told = check.conclude(state, block.schema).to_pylist()
    assert [f["column"] for f in told] == ["b", "c", "e"]
    assert "'a'" in told[0]["message"]
    measure = check.measures(state, block.schema, None)[0]
    assert (measure.bad, measure.total) == (3, 5)
