from karat.core.words import many


def test_one_is_singular():
    assert [many(1, "cell"), many(0, "cell"), many(1234, "entry", "entries")] == ["1 cell", "0 cells", "1,234 entries"]
