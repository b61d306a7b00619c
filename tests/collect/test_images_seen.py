import io
import zipfile

import pyarrow as pa
import pytest
from PIL import Image

from karat.collect.folders import Pictures
from karat.collect.images_seen import seen
from karat.collect.read import Contents, open_data
from karat.core.errors import InputError


def png(colour="red", size=(20, 20)):
    sink = io.BytesIO()
    Image.new("RGB", size, colour).save(sink, "PNG")
    return sink.getvalue()


@pytest.fixture
def folder(tmp_path):
    for label, colour in (("猫", "red"), ("dog", "blue")):
        (tmp_path / label).mkdir()
        for at in range(3):
            (tmp_path / label / f"{at}.png").write_bytes(png(colour))
    (tmp_path / "dog" / "3.jpg").write_text("not a picture")
    (tmp_path / "dog" / "4.png").write_bytes(png()[:60])
    return tmp_path


def test_what_cannot_be_read_goes_to_quarantine_with_its_reason(folder):
    (folder / "bird").mkdir()
    reading = open_data(folder)
    records = pa.Table.from_batches(list(reading.batches())).to_pylist()
    assert [(one["path"], one["label"]) for one in records][-1] == ("猫/2.png", "猫")
    assert len(records) == 6
    assert {(one["source"], one["error"]) for one in reading.quarantine} == {
        ("dog/3.jpg", "not a picture: text"),
        ("dog/4.png", "a PNG that is cut off"),
    }
    assert [one["path"].rsplit("/", 1)[1] for one in reading.sources if one.get("empty")] == ["bird"]


def test_an_archive_and_a_table_of_bytes_are_looked_at_alike(folder, tmp_path):
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*.*")):
            if file != path:
                archive.write(file, file.relative_to(folder))
    reading = open_data(path)
    assert sum(batch.num_rows for batch in reading.batches()) == 6
    assert len(reading.quarantine) == 2
    table = pa.table({"picture": pa.array([png(), b"text", None], pa.binary())})
    reading = open_data(table)
    assert sum(batch.num_rows for batch in reading.batches()) == 2
    assert len(reading.quarantine) == 1


def test_bytes_that_are_no_pictures_are_left_alone():
    table = pa.table({"blob": pa.array([b"\x00\x01", b"abc"], pa.binary())})
    reading = open_data(table)
    assert sum(batch.num_rows for batch in reading.batches()) == 2
    assert reading.quarantine == []


def test_a_reading_without_bytes_is_handed_on_as_it_is():
    reading = open_data(pa.table({"a": ["1"]}))
    assert seen(reading) is reading


def test_a_folder_without_pictures_is_an_error(tmp_path):
    (tmp_path / "cat").mkdir()
    with pytest.raises(InputError):
        open_data(tmp_path, contents=Contents("pictures"))


def test_a_picture_without_a_reader_is_counted(tmp_path):
    Image.new("RGB", (30, 30), "red").save(tmp_path / "a.png")
    (tmp_path / "b.heic").write_bytes(b"\x00\x00\x00\x18ftypheic" + bytes(40))
    reading = seen(Pictures().read(tmp_path), sure=True)
    assert [batch.num_rows for batch in reading.batches()] == [1]
    assert [(entry["source"], "HEIC" in entry["error"]) for entry in reading.quarantine] == [("b.heic", True)]
