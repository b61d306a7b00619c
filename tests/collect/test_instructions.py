"""Chat files in all their shapes: read as turns, written back as they were."""

import json

import pyarrow as pa
import pytest

from karat.collect.instructions import MAX_TURNS, chat_schema, originals, rebuilt, written_back
from karat.collect.read import ANYTHING, open_data
from karat.core.schema import Column, Role, Schema

OPENAI = {"id": 1, "messages": [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "你好"}]}
SHAREGPT = {"conversations": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hello"}]}
PAIR = {
    "prompt": "Hi",
    "chosen": [{"role": "assistant", "content": "A"}],
    "rejected": [{"role": "assistant", "content": "B"}],
}
SEED = {"instruction": "Add.", "instances": [{"input": "1 1", "output": "2"}, {"input": "", "output": "none"}]}


def read(path, contents=ANYTHING):
    reading = open_data(path, contents=contents)
    table = pa.Table.from_batches(list(reading.batches()))
    assert tuple(table.column_names) == reading.names
    return table.to_pylist(), reading


def write(path, records):
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("record", "cells"),
    [
        (OPENAI, {"messages[0].role": "system", "messages[1].content": "你好", "id": "1"}),
        (SHAREGPT, {"messages[0].role": "human", "messages[1].content": "Hello"}),
        (PAIR, {"prompt": "Hi", "chosen[0].content": "A", "rejected[0].role": "assistant"}),
        (SEED, {"instances[0].input": "1 1", "instances[1].input": None, "instances[1].output": "none"}),
    ],
)
def test_turn_k_is_a_column_and_goes_back_where_it_was(tmp_path, record, cells):
    path = write(tmp_path / "chat.jsonl", [record])
    rows, _ = read(path)
    assert cells.items() <= rows[0].items()
    column, text = next((name, text) for name, text in cells.items() if text and "[" in name)
    back = written_back(record, {column: "new"})
    assert back != record
    assert written_back(back, {column: text}) == record
    assert json.loads(json.dumps(back).replace('"new"', json.dumps(text))) == record


def test_a_document_a_table_and_lines_read_the_same(tmp_path):
    records = [OPENAI, {"id": 2, "messages": [*OPENAI["messages"], {"role": "assistant", "content": "", "weight": 1}]}]
    document = tmp_path / "chat.json"
    document.write_text(json.dumps(records), encoding="utf-8")
    lines, reading = read(write(tmp_path / "chat.jsonl", records))
    assert read(document)[0] == lines
    assert read(pa.Table.from_pylist(records))[0] == lines
    assert read(pa.Table.from_pylist(records).to_reader())[0] == lines
    assert lines[0]["messages[2].weight"] is None
    assert lines[1]["messages[2].weight"] == "1"
    assert reading.sources[0]["records"] == 2


def test_what_is_no_list_of_turns_stays_in_a_column_of_its_own(tmp_path):
    long = {"messages": [{"role": "user", "content": "x"}] * (MAX_TURNS + 1)}
    rows, reading = read(write(tmp_path / "chat.jsonl", [OPENAI, OPENAI, {"messages": "oops"}, long, OPENAI]))
    assert rows[2]["messages"] == "oops"
    assert json.loads(rows[3]["messages"]) == long["messages"]
    assert rows[0]["messages"] is None
    assert len(reading.names) == 6


def test_a_bad_line_goes_to_quarantine_and_the_rest_is_read(tmp_path):
    path = write(tmp_path / "chat.jsonl", [OPENAI])
    path.write_text(path.read_text(encoding="utf-8") + "{broken\n" + json.dumps(SHAREGPT) + "\n", encoding="utf-8")
    _, reading = read(path)
    assert [one["line"] for one in reading.quarantine] == [2]


def test_words_that_mean_missing_elsewhere_are_words_in_a_chat():
    names = ("messages[0].role", "messages[0].content", "id")
    schema = Schema(
        (*(Column(name, Role.CATEGORY, nulls=("None",)) for name in names[:2]), Column("id", Role.ID, "int64"))
    )
    made = chat_schema(schema)
    assert [column.nulls for column in made] == [(), (), ()]
    assert [column.role for column in made] == [Role.CATEGORY, Role.TEXT, Role.ID]


def test_originals_come_with_their_lines_and_columns_make_records_again(tmp_path):
    path = write(tmp_path / "chat.jsonl", [OPENAI, SHAREGPT])
    found = list(originals(path))
    assert [record for record, _ in found] == [OPENAI, SHAREGPT]
    assert json.loads(found[1][1]) == SHAREGPT
    rows, _ = read(path)
    assert rebuilt(rows[0])["messages"] == OPENAI["messages"]
