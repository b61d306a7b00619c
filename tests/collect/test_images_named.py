import io

import pyarrow as pa
import pytest
from PIL import Image

from karat.collect.arrow import read_frame
from karat.collect.images_named import with_named_pictures
from karat.collect.read import open_data


def test_a_table_of_paths_gets_the_bytes_of_its_pictures(tmp_path):
    (tmp_path / "pics").mkdir()
    for at in range(4):
        sink = io.BytesIO()
        Image.new("RGB", (10, 10), (at, 0, 0)).save(sink, "PNG")
        (tmp_path / "pics" / f"{at}.png").write_bytes(sink.getvalue())
    (tmp_path / "outside.csv").write_text("secret")
    rows = [f"pics/{at}.png,{'ab'[at % 2]}" for at in range(4)] + ["pics/9.png,a", "../x.png,b"]
    (tmp_path / "list.csv").write_text("image,label\n" + "\n".join(rows) + "\n")
    reading = open_data(tmp_path / "list.csv")
    table = pa.Table.from_batches(list(reading.batches()))
    assert table.column_names == ["image", "label", "bytes"]
    assert table.num_rows == 4
    assert table["bytes"][3].as_py() == (tmp_path / "pics" / "3.png").read_bytes()
    assert [one["source"] for one in reading.quarantine] == ["pics/9.png", "../x.png"]


def test_a_column_that_only_sounds_like_pictures_is_left_alone(tmp_path):
    (tmp_path / "list.csv").write_text("file,label\nreport,a\nletter,b\n")
    reading = open_data(tmp_path / "list.csv")
    table = pa.Table.from_batches(list(reading.batches()))
    assert table.column_names == ["file", "label"]
    assert table.num_rows == 2


@pytest.mark.parametrize("name", ["x" * 300 + ".png", "a\0b.png", "loop.png"])
def test_a_path_that_no_file_can_have_goes_to_quarantine(tmp_path, name):
    (tmp_path / "loop.png").symlink_to("loop.png")
    Image.new("RGB", (10, 10)).save(tmp_path / "a.png")
    (tmp_path / "list.csv").write_text("")
    reading = with_named_pictures(read_frame(pa.table({"image": ["a.png", name]})), tmp_path)
    assert sum(batch.num_rows for batch in reading.batches()) == 1
    assert [entry["source"] for entry in reading.quarantine] == [name]
