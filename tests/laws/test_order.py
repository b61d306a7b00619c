"""No verdict depends on the order of records or columns, but where a check says why the order is evidence."""

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from karat.core import counts
from karat.core.block import Block
from karat.core.registry import units
from karat.core.schema import Column, Role, Schema
from karat.flow import dataset, engine
from karat.flow.dataset import Dataset
from tests.conftest import planted
from tests.laws.test_checks import with_answers
from tests.quality._events import block_of as events_of
from tests.quality._events import people, robots
from tests.quality._pictures import as_bytes, good_pictures
from tests.quality._pictures import block_of as pictures_of

CHECKS = units("check")
DOCUMENTS = {code for code, check in CHECKS.items() if "documents" in check.needs}  # facts come one by one with each
Verdicts = dict[str, list[tuple]]


def table() -> Block:
    """Records with defects of every kind, equations, copies and near copies."""
    block = with_answers(planted(400))
    chance = np.random.default_rng(2)

    def some(count: int = 6) -> np.ndarray:
        return chance.choice(400, count, replace=False)

    net = chance.integers(10, 900, 400)
    total = net + net // 5
    total[some()] *= 100
    mass, size, day, city = (
        np.array(cells, object)
        for cells in (
            np.round(chance.normal(70, 8, 400), 1).astype(str),
            chance.integers(30, 48, 400).astype(str),
            [f"2024-{at % 12 + 1:02}-{at % 28 + 1:02}" for at in range(400)],
            block.text("city").to_pylist(),
        )
    )
    mass[some()] = "70250.0"
    size[some()], size[some(2)] = "large", "4l"
    day[some()] = "3 March 2024"
    labels = np.array(block.text("y").to_pylist(), object)
    reason = np.where(labels == "yes", "arrears", "none")
    for at in some(8):
        labels[at] = "no" if labels[at] == "yes" else "yes"
    labels[3], labels[400 - 7] = "perhaps", None
    long = [f"{'<p>' if at % 50 == 0 else ''}A remark of some length about parcel {at % 90}, " for at in range(400)]
    more = {"net": net, "tax": net // 5, "total": total, "mass": mass, "size": size, "day": day, "town": city[::-1]}
    more |= {"reason": reason, "long": long, "y": labels}
    columns = dict(zip(block.table.column_names, block.table.columns, strict=True))
    columns |= {name: pa.array([v if v is None else str(v) for v in vs], pa.string()) for name, vs in more.items()}
    numbers = [Column(name, Role.NUMBER, "int64") for name in ("net", "tax", "total", "size")]
    words = [Column("reason", Role.CATEGORY), Column("town", Role.CATEGORY), Column("long", Role.TEXT)]
    others = [Column("mass", Role.NUMBER, "float64"), Column("day", Role.TIME, "timestamp")]
    schema = replace(block.schema, columns=(*block.schema, *numbers, *words, *others))
    whole = Block(block.rows, pa.table(columns), schema, block.extra)
    return whole.take(np.concatenate([np.arange(400), [3, 3, 40, 41]]))


def interactions() -> Block:
    rows = people(users=40) + robots(2, size=60)
    return events_of(rows + rows[::40])


def pictures() -> Block:
    good = good_pictures(24)
    spoiled = [good[1] // 8, good[2] // 4 + 190, good[3][::2], good[4], good[5][:, :, :1].repeat(3, axis=2)]
    near = good[6].copy()
    near[:4, :4] = 0
    cells = [as_bytes(picture) for picture in (*good, *spoiled, near)]
    return pictures_of(cells, labels=["cat" if at % 2 else "dog" for at in range(len(cells))])


def chats(chat_block) -> Block:
    chance = np.random.default_rng(4)
    words = [a + b for a in "bdfgklmnprst" for b in ("anto", "erolo", "ilumi", "omira", "ustana")]
    texts = [" ".join(chance.choice(words, 14)) for _ in range(30)]
    answers = [" ".join(chance.choice(words, 9)) + "." for _ in range(30)]
    answers[3], answers[4], answers[5] = "", texts[4], "I'm sorry, but I can't help with that."
    answers[6] = answers[6][:25]
    records = [{"question": text, "answer": answer} for text, answer in zip(texts, answers, strict=True)]
    records += [{"question": texts[9].upper() + "!", "answer": answers[9]}, {"question": texts[0], "answer": "42"}]
    return chat_block([*records, {"question": texts[0], "answer": "43"}])


def texts() -> Block:
    chance = np.random.default_rng(5)
    words = ["the", "of", "and", "to", "in", "a", "is", "that", "it", "for", "was", "on", "are", "with", "be", "at"]
    cells = [" ".join(chance.choice(words, chance.integers(3, 120))) + "." for _ in range(30)]
    cells += ["lorem ipsum dolor " * 20, "{ return x; }", "", "请打开 javascript", "- a\n- b\n- c\n" * 9]
    schema = Schema((Column("text", Role.TEXT), Column("when", Role.TIME, "timestamp")), kind="text")
    when = [f"2024-01-{at % 28 + 1:02}" for at in range(len(cells))]
    return Block(np.arange(len(cells)), pa.table({"text": cells, "when": when}), schema)


def reordered(block: Block, records: np.ndarray, columns: np.ndarray) -> Block:
    names = [block.schema.names[at] for at in columns]
    schema = replace(block.schema, columns=tuple(block.schema[name] for name in names))
    extra = {
        name: part[records] if isinstance(part, np.ndarray) and part.ndim else part
        for name, part in block.extra.items()
    }
    return Block(np.arange(len(records)), block.table.select(names).take(pa.array(records)), schema, extra)


def verdicts(block: Block, records: np.ndarray) -> Verdicts:
    """What each check says, by the contents it says it of; of a check that does not apply, why."""
    data = Dataset(block.schema, table=block.table, rows=block.rows, extra=block.extra)
    learned = engine.learn(data)
    parts = [engine.conclude(learned, block.schema), *(part for _, part in engine.judge(data, learned))]
    content = block.content
    out: Verdicts = defaultdict(list)
    for finding in pa.concat_tables(parts).to_pylist():
        whose = -1 if finding["row"] is None else int(content[finding["row"]])
        words = [str(finding[name]) for name in ("column", "kind", "value", "suggestion")]
        out[finding["check"]].append((whose, *words, round(finding["confidence"], 6)))
    out |= {code: [(0, reason)] for code, reason in learned.skipped.items()}
    return {code: sorted(said) for code, said in out.items()}


@pytest.fixture(scope="module")
def outcomes(request) -> dict[str, dict[str, Verdicts]]:
    """By kind of data, what is said of it as it is, with its records shuffled, and with its columns reordered."""
    chat_block = request.getfixturevalue("chat_block")
    blocks = {"table": table(), "event": interactions(), "image": pictures(), "text": texts()}
    blocks["chat"] = chats(chat_block)
    out = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dataset, "BLOCK_RECORDS", 128)
        patch.setattr(counts, "MAX_SAMPLE", 150)
        patch.setattr(counts, "MAX_DISTINCT", 120)
        for kind, block in blocks.items():
            as_it_is, columns = np.arange(len(block)), np.arange(len(block.schema))
            mixed = np.random.default_rng(8).permutation(as_it_is)
            ways = {"as it is": (as_it_is, columns), "records": (mixed, columns), "columns": (as_it_is, columns[::-1])}
            out[kind] = {way: verdicts(reordered(block, *order), order[0]) for way, order in ways.items()}
    return out


def told(outcomes: dict[str, dict[str, Verdicts]], code: str, way: str) -> dict[str, list[tuple]]:
    return {kind: ways[way].get(code, []) for kind, ways in outcomes.items()}


@pytest.mark.parametrize("code", [code for code in CHECKS if code not in DOCUMENTS])
def test_the_order_of_columns_changes_no_verdict(code, outcomes):
    assert told(outcomes, code, "columns") == told(outcomes, code, "as it is")


@pytest.mark.parametrize(
    "code", [code for code, check in CHECKS.items() if not check.by_order and code not in DOCUMENTS]
)
def test_the_order_of_records_changes_no_verdict(code, outcomes):
    assert told(outcomes, code, "records") == told(outcomes, code, "as it is")


def test_most_checks_find_something_in_what_they_are_tried_on(outcomes):
    speaking = {code for code in CHECKS for said in told(outcomes, code, "as it is").values() if len(said) > 1}
    assert len(speaking) >= 33, sorted(speaking)


@pytest.mark.parametrize("code", [code for code, check in CHECKS.items() if check.by_order])
def test_why_the_order_of_records_is_evidence_is_said_in_words(code):
    assert len(CHECKS[code].by_order.split()) >= 5
