import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.finding import DoesNotApply
from karat.core.schema import Column, Role, Schema
from karat.core.state import freeze, thaw
from karat.quality.consistency.near_duplicate_labels import NearDuplicateLabels

WORDS = [
    "river",
    "market",
    "window",
    "garden",
    "engine",
    "letter",
    "summer",
    "bridge",
    "doctor",
    "forest",
    "planet",
    "silver",
    "kitchen",
    "island",
    "winter",
    "teacher",
    "record",
    "village",
    "mirror",
    "station",
    "camera",
    "harbour",
    "orange",
    "pencil",
]
HAN = "山水风云花鸟鱼虫春夏秋冬东南西北金木火土天地人和日月星辰书画琴棋"


def block(texts, labels, role=Role.TEXT):
    table = pa.table({"text": pa.array(texts, pa.string()), "y": pa.array(labels, pa.string())})
    schema = Schema((Column("text", role), Column("y", Role.TARGET)), task="classification")
    return Block(np.arange(len(texts)), table, schema)


def others(size, seed=0):
    """Texts that have nothing to do with each other, in English and Chinese by turns."""
    rng = np.random.default_rng(seed)
    return [" ".join(rng.choice(WORDS, 14)) if at % 2 else "".join(rng.choice(list(HAN), 20)) for at in range(size)]


def labelled(size=60):
    return others(size), ["好" if at % 3 else "坏" for at in range(size)]


def judged(texts, labels, size=None):
    whole, check = block(texts, labels), NearDuplicateLabels()
    step = size or len(texts)
    parts = [whole.take(np.arange(at, min(at + step, len(texts)))) for at in range(0, len(texts), step)]
    state = check.learn(parts[0])
    for part in parts[1:]:
        state = state.merge(check.learn(part))
    state = thaw(freeze(state))
    return pa.concat_tables([check.judge(state, part) for part in parts]), check, state, whole


@pytest.mark.parametrize("size", [7, None])
def test_the_outvoted_label_of_nearly_the_same_text_is_found(size):
    texts, labels = labelled()
    texts[10] = "The service was quick, the room clean and the breakfast very good: we will come back next year"
    texts[20] = "the service was quick, the room clean and the breakfast very good - we will come back next year!"
    texts[59] = "The service was quick; the room clean, and the breakfast very good. We will come back, next year"
    texts[11] = "房间很干净，早餐也不错，服务员非常热情，下次还会再来住。"
    texts[30] = "房间很干净,早餐也不错,服务员非常热情,下次还会再来住！"
    texts[41] = "房间很干净。早餐也不错。服务员非常热情。下次还会再来住"
    for at in (10, 20, 59, 11, 30, 41):
        labels[at] = "好"
    labels[20] = labels[41] = "坏"
    found, check, state, whole = judged(texts, labels, size)
    sure = {f["row"]: f for f in found.to_pylist() if f["confidence"] >= 0.5}
    assert {row: (f["column"], f["value"], f["suggestion"]) for row, f in sure.items()} == {
        20: ("y", "坏", "好"),
        41: ("y", "坏", "好"),
    }
    assert "record 10" in sure[20]["message"] or "record 59" in sure[20]["message"]
    measure = check.measures(state, whole.schema, found)[0]
    assert (measure.bad, measure.total) == (2, 60)


def test_of_two_neither_is_believed():
    texts, labels = labelled()
    texts[10] = "The service was quick, the room clean and the breakfast very good: we will come back next year"
    texts[20] = texts[10].upper()
    labels[10], labels[20] = "好", "坏"
    found = judged(texts, labels)[0].to_pylist()
    assert [f["row"] for f in found] == [10, 20]
    assert all(0.3 < f["confidence"] < 0.5 and f["suggestion"] is None for f in found)


@pytest.mark.parametrize(
    ("one", "other"), [("这家酒店的服务好", "这家酒店的服务不好"), ("the film was good", "the film was not good")]
)
def test_a_word_that_turns_the_meaning(one, other):
    texts, labels = labelled()
    texts[10] = texts[30] = one
    texts[20] = other
    labels[10] = labels[30] = "好"
    labels[20] = "坏"
    assert all(f["confidence"] < 0.5 for f in judged(texts, labels)[0].to_pylist())


def test_where_likeness_says_nothing_of_the_label_nothing_is_sure():
    rng = np.random.default_rng(1)
    form = "dear customer your order has been sent today and will reach the {} before the end of the week"
    texts = [form.format(rng.choice(WORDS)) + " " * int(at) + "." * int(at) for at in range(60)]
    labels = [str(one) for one in rng.integers(0, 2, 60)]
    found = judged(texts, labels)[0]
    assert max(found["confidence"].to_pylist(), default=0) < 0.5


def test_equal_texts_are_left_to_the_check_of_conflicts():
    texts, labels = labelled()
    texts[10] = texts[20]
    labels[10], labels[20] = "好", "坏"
    assert judged(texts, labels)[0].num_rows == 0


def test_when_it_does_not_apply():
    check = NearDuplicateLabels()
    assert isinstance(check.applies(block(["a"], ["b"], Role.CATEGORY).schema), DoesNotApply)
    assert isinstance(check.applies(Schema((Column("text", Role.TEXT),))), DoesNotApply)
    number = Schema((Column("text", Role.TEXT), Column("y", Role.TARGET)), task="regression")
    assert isinstance(check.applies(number), DoesNotApply)
    assert check.applies(block(["a"], ["b"]).schema) is None
    empty = block(["", None, "x"], ["a", None, "b"])
    assert check.judge(check.learn(empty), empty).num_rows == 0
