from karat.quality.completeness.cold_start import ColdStart
from tests.quality._events import block_of, judged


def test_users_and_items_with_few_events_are_counted():
    rows = [(f"u{at % 20}", f"i{at % 7}", 3, at) for at in range(400)]
    rows += [("一", "i0", 3, 500), ("二", "i1", 3, 501), ("二", "新", 3, 502)]
    found, learned = judged(ColdStart(), block_of(rows))
    assert [(one["column"], one["message"][:20], one["confidence"]) for one in found] == [
        ("user", "2 of 22 users have f", 0.3),
        ("item", "1 of 8 items have fe", 0.3),
    ]
    held = learned.checks["ColdStart"].measures(learned.states["ColdStart"], block_of(rows).schema, None)
    assert [(m.bad, m.total, m.unit) for m in held] == [(2, 22, "users"), (1, 8, "items")]


def test_many_cold_users_count():
    found, _ = judged(ColdStart(), block_of([(f"u{at}", f"i{at % 3}", 3, at) for at in range(100)]))
    assert [one["confidence"] for one in found] == [0.6]
