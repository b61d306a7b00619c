"""Reading JSON lines: fast where they are whole, line by line where they are not, cut or packed."""

import gzip
import itertools
import json

import pyarrow as pa
import pytest

from karat.collect.file_pieces import pieces
from karat.collect.json_lines import text_column
from karat.collect.piece_reader import read, stream


def lines(*records):
    return b"".join(json.dumps(record, ensure_ascii=False).encode() + b"\n" for record in records)


def texts(path, **how):
    return [text for piece in pieces(path, **how) for text in read(piece).table[piece.text].to_pylist()]


def test_fields_become_text_and_nothing_is_guessed(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(
        lines(
            {"text": "一", "n": 1, "day": "2020-01-02T03:04:05Z", "score": 0.5, "ok": True},
            {"text": "two", "n": 12, "day": None, "score": 2.0, "ok": False, "late": "x"},
        )
    )
    (piece,) = pieces(path)
    table = read(piece).table
    assert table.schema == pa.schema([(name, pa.string()) for name in ("text", "n", "day", "score", "ok", "late")])
    assert table.to_pylist()[0] == {
        "text": "一", "n": "1", "day": "2020-01-02T03:04:05Z", "score": "0.5", "ok": "true", "late": None,
    }  # fmt: skip
    assert table["score"].to_pylist() == ["0.5", "2"]


def test_a_field_no_sample_showed_is_not_lost(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(lines(*({"text": "a" * 1000} for _ in range(1100)), {"text": "b", "rare": "kept"}))
    (piece,) = pieces(path)
    assert piece.columns == ("text",)
    assert read(piece).table["rare"].to_pylist()[-1] == "kept"


BAD = {
    "no JSON": b'{"text": "broken\n',
    "half a surrogate": b'{"text": "\\ud800"}\n',
    "NUL": b'{"text": "a\\u0000b"}\n',
    "a NUL": b'{"text": "a\x00b"}\n',
    "bytes that are not utf-8": b'{"text": "\xff\xfe"}\n',
    "a list where": b"[1, 2]\n",
    "where the text belongs": b'{"text": {"a": 1}}\n',
    "nested too deep": b'{"text":' * 100_000 + b"\n",
}


@pytest.mark.parametrize("error", BAD)
def test_a_broken_line_goes_to_quarantine_and_the_rest_goes_on(tmp_path, error):
    path = tmp_path / "a.jsonl"
    before = lines({"text": "好的"}) * 2
    path.write_bytes(before + BAD[error] + lines({"text": "better"}))
    (piece,) = pieces(path)
    part = read(piece)
    assert part.table["text"].to_pylist() == ["好的", "好的", "better"]
    (entry,) = part.quarantine.to_pylist()
    assert error in entry["error"] or error == "nested too deep"
    assert (entry["line"], entry["offset"], entry["raw"]) == (3, len(before), BAD[error])


def test_two_records_on_a_line_or_one_on_two_are_no_records(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"text": "a"}{"text": "b"}\n{"text":\n"c"}\n\n{"text": "d"}\n')
    part = read(pieces(path)[0])
    assert part.table["text"].to_pylist() == ["d"]
    assert part.quarantine["line"].to_pylist() == [1, 2, 3]


def test_integers_keep_all_their_digits(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"text": "a", "n": 12345678901234567891}\n{"text": "b", "n": 0.5}\n')
    assert read(pieces(path)[0]).table["n"].to_pylist() == ["12345678901234567891", "0.5"]


@pytest.mark.parametrize("size", [1, 100, 10_000, 1 << 25])
def test_pieces_of_any_size_give_the_same_records(tmp_path, size):
    path = tmp_path / "a.jsonl"
    path.write_bytes(lines(*({"text": f"text {at} " + "字" * (at % 7), "id": at} for at in range(300))))
    cut = pieces(path, target_bytes=size)
    assert texts(path, target_bytes=size) == [f"text {at} " + "字" * (at % 7) for at in range(300)]
    assert cut[0].begin == 0
    assert cut[-1].end == path.stat().st_size
    assert all(one.end == two.begin for one, two in itertools.pairwise(cut))


def test_lines_are_numbered_over_pieces(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(lines({"text": "x" * 50}) * 100 + b"broken\n" + lines({"text": "y"}))
    bad = [entry for piece in pieces(path, target_bytes=500) for entry in read(piece).quarantine.to_pylist()]
    assert [(entry["line"], entry["raw"]) for entry in bad] == [(101, b"broken\n")]


def test_parts_are_bounded_and_add_up(tmp_path):
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(lines(*({"text": f"{at}" * 3_000} for at in range(2_000)))))
    (piece,) = pieces(path)
    parts = list(stream(piece, part_bytes=4 << 20))
    assert len(parts) == 3
    assert sum(part.table.num_rows for part in parts) == 2_000


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.99])
def test_a_cut_gzip_file_gives_its_beginning(tmp_path, keep):
    whole = gzip.compress(lines(*({"text": f"{at} {hash_like(at)}"} for at in range(20_000))))
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(whole[: int(len(whole) * keep)])
    part = read(pieces(path)[0])
    got = part.table["text"].to_pylist()
    assert len(got) > keep * 15_000
    assert got == [f"{at} {hash_like(at)}" for at in range(len(got))]
    assert any("ends early" in error for error in part.quarantine["error"].to_pylist())


def hash_like(at):
    return str((at * 2_654_435_761) % 4_294_967_291)


def test_damage_in_the_middle_of_gzip_costs_only_what_is_behind(tmp_path):
    whole = bytearray(gzip.compress(lines(*({"text": hash_like(at)} for at in range(20_000)))))
    whole[len(whole) // 2 : len(whole) // 2 + 40] = b"\xff" * 40
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(bytes(whole))
    part = read(pieces(path)[0])
    assert part.table.num_rows > 8_000
    assert part.quarantine.num_rows >= 1


def test_zstd_whole_and_cut(tmp_path):
    data = lines(*({"text": hash_like(at)} for at in range(50_000)))
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as out:
        out.write(data)
    packed = sink.getvalue().to_pybytes()
    path = tmp_path / "a.jsonl.zst"
    path.write_bytes(packed)
    assert len(texts(path)) == 50_000
    path.write_bytes(packed[: len(packed) // 2])
    part = read(pieces(path)[0])
    assert part.quarantine.num_rows
    assert part.table["text"].to_pylist() == [hash_like(at) for at in range(part.table.num_rows)]


@pytest.mark.parametrize("codec", ["gb18030", "big5", "utf-16", "utf-8-sig"])
def test_other_encodings_are_read_as_they_are_meant(tmp_path, codec):
    text = (
        "這是一個關於天氣的報告，今天的天氣很好，我們都去公園玩。"
        if codec == "big5"
        else "今天的天气很好，我们都去公园玩，你也来吧。"
    )
    path = tmp_path / "a.jsonl"
    path.write_bytes("".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for _ in range(50)).encode(codec))
    assert texts(path) == [text] * 50


def test_a_document_of_json_is_read_too(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps([{"content": "one " * 20, "id": 1}, {"content": "two " * 20, "id": 2}], indent=1))
    (piece,) = pieces(path)
    assert piece.text == "content"
    assert read(piece).table["content"].to_pylist() == ["one " * 20, "two " * 20]


def test_the_column_of_texts():
    assert text_column({"id": ["abc" * 99], "Content": ["short"]}) == "Content"
    assert text_column({"id": ["a1"], "story": ["long " * 30]}) == "story"
    assert text_column({}) is None
