"""What sources reported, in the states of a check: samples, all reports and answers."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.quality.consistency._reported import AllReports, AnsweredReports, facts_of, reports_of, sampled_of
from karat.quality.sampled import Sampled

GOOD, BAD = ("own", "gate", "desk", "board"), ("copy1", "copy2", "copy3")
NAMES = ("thing", "by", "gate")


def reports(things=60, wrong=0.6, seed=0):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 50, things)
    rows = []
    for thing in range(things):
        for source in (*GOOD, *BAD):
            off = rng.random() < (0.03 if source in GOOD else wrong)
            rows.append((f"T{thing}", source, f"G{rng.integers(0, 50) if off else truth[thing]}"))
    return rows, {f"T{at}": f"G{v}" for at, v in enumerate(truth)}


def block_of(rows):
    table = pa.table(
        {name: pa.array(list(cells), pa.string()) for name, cells in zip(NAMES, zip(*rows, strict=True), strict=True)}
    )
    return Block(np.arange(len(rows)), table, Schema(tuple(Column(name, Role.CATEGORY) for name in NAMES)))


def tables_of(rows):
    thing, by, gate = zip(*rows, strict=True)
    return (pa.table({"key_0": list(thing), "key_1": list(by), "value": list(gate), "n": [1] * len(rows)}),)


def texts_of(facts):
    fact = facts["gate"]
    return dict(zip(fact.things.to_pylist(), fact.texts.to_pylist(), strict=True))


@pytest.fixture(scope="module")
def rows():
    return reports()[0]


def right(facts, truth):
    said = texts_of(facts)
    return np.mean([said.get(thing) == text for thing, text in truth.items()])


def test_the_sample_of_any_state(rows):
    sampled = Sampled.of(block_of(rows))
    everything = AllReports(sampled, tables_of(rows))
    assert sampled_of(sampled) is sampled_of(everything) is sampled
    assert sampled_of(AnsweredReports(sampled, ())) is sampled
    assert sampled_of(AnsweredReports(everything, ())) is sampled
    assert reports_of(everything).facts == ("gate",)
    assert reports_of(sampled) is reports_of(everything), "found once"


def test_facts_from_the_sample_and_from_all_reports(rows):
    _, truth = reports()
    sampled = Sampled.of(block_of(rows))
    assert right(facts_of(sampled), truth) >= 0.98
    more, _ = reports(seed=0)
    everything = AllReports(sampled, tables_of(more))
    assert texts_of(facts_of(everything)) == texts_of(facts_of(sampled))
    assert facts_of(everything) is facts_of(everything)


def test_all_reports_hold_things_that_the_sample_lacks(rows):
    _, truth = reports()
    part = Sampled.of(block_of(rows[: 40 * 7]))
    assert set(texts_of(facts_of(part))) == {f"T{at}" for at in range(40)}
    assert right(facts_of(AllReports(part, tables_of(rows))), truth) >= 0.98


def test_where_sources_are_all_right_equally_often_nothing_is_a_fact():
    alike, _ = reports(wrong=0.03)
    assert facts_of(Sampled.of(block_of(alike))) == {}
    noise = [(thing, f"s{at % 9}", f"G{at * 7 % 50}") for at, (thing, _, _) in enumerate(alike)]
    assert facts_of(Sampled.of(block_of(noise))) == {}


def test_reports_of_two_parts_merge(rows):
    first, second = Sampled.of(block_of(rows[:210])), Sampled.of(block_of(rows[210:]))
    both = AllReports(first, tables_of(rows[:210])).merge(AllReports(second, tables_of(rows[210:])))
    assert both.tables[0].num_rows == len(rows)
    assert both.sampled.sample.records == len(rows)
    bare = AllReports(first, tables_of(rows[:210])).merge(second)
    assert (bare.tables[0].num_rows, bare.sampled.sample.records) == (210, len(rows))


def test_answers_stay_when_reports_merge(rows):
    answers = (pa.table({"thing": ["T0"], "value": ["G0"]}),)
    first, second = Sampled.of(block_of(rows[:210])), Sampled.of(block_of(rows[210:]))
    everything = AllReports(second, tables_of(rows[210:]))
    assert AnsweredReports(first, answers).merge(second).reported.sample.records == len(rows)
    merged = AnsweredReports(first, answers).merge(everything)
    assert isinstance(merged.reported, AllReports)
    assert merged.answers is answers
    both = AnsweredReports(AllReports(first, tables_of(rows[:210])), answers).merge(everything)
    assert both.reported.tables[0].num_rows == len(rows)


def test_what_a_person_says_is_heard(rows):
    _, truth = reports()
    two = [row for row in rows if row[0] != "T0"] + [("T0", "own", truth["T0"]), ("T0", "copy1", "G99")]
    state = Sampled.of(block_of(two))
    assert texts_of(facts_of(state))["T0"] == truth["T0"]
    answered = AnsweredReports(state, (pa.table({"thing": ["T0"], "value": ["G99"]}),))
    assert texts_of(facts_of(answered))["T0"] == "G99"
