from karat.quality.timeliness.stale_items import StaleItems
from tests.quality._events import SPAN, START, block_of, judged


def test_items_that_fell_silent_are_counted():
    rows = [(f"u{at % 30}", f"i{at % 10}", 3, START + at * SPAN // 1_000) for at in range(1_000)]
    rows = [row for row in rows if row[1] not in ("i3", "i4") or row[3] < START + SPAN // 2]
    found, learned = judged(StaleItems(), block_of(rows))
    assert [(one["row"], one["column"], one["confidence"]) for one in found] == [(None, "item", 0.6)]
    assert found[0]["message"].startswith("2 of 10 items")
    measure = learned.checks["StaleItems"].measures(learned.states["StaleItems"], block_of(rows).schema, None)[0]
    assert (measure.bad, measure.total) == (2, 10)


def test_all_at_once_is_not_stale():
    assert not judged(StaleItems(), block_of([("a", f"i{at % 3}", 1, START) for at in range(30)]))[0]
