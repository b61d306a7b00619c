"""Folders of texts and pictures."""

import io
import zipfile
from pathlib import Path
from typing import Any

from PIL import Image

from karat.collect.folders import Pictures


def test_folders_of_texts_and_pictures(tmp_path: Path, columns: Any) -> None:
    sink = io.BytesIO()
    Image.new("RGB", (4, 4)).save(sink, "PNG")
    picture = sink.getvalue()
    for name, data in (
        ("t/a.txt", b"hello"),
        ("t/b.txt", "中文文本的内容".encode("gbk")),
        ("p/cat/1.png", picture),
        ("p/dog/2.jpg", picture),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    assert columns(tmp_path / "t") == {"path": ["a.txt", "b.txt"], "text": ["hello", "中文文本的内容"]}
    assert columns(tmp_path / "p") == {
        "path": ["cat/1.png", "dog/2.jpg"],
        "label": ["cat", "dog"],
        "bytes": [picture, picture],
    }
    (tmp_path / "flat").mkdir()
    (tmp_path / "flat" / "1.png").write_bytes(picture)
    assert columns(tmp_path / "flat") == {"path": ["1.png"], "bytes": [picture]}


def test_pictures_too_large_or_broken_in_an_archive_go_to_quarantine(tmp_path: Path) -> None:
    sink = io.BytesIO()
    Image.new("RGB", (4, 4)).save(sink, "PNG")
    with zipfile.ZipFile(tmp_path / "p.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.png", sink.getvalue())
        archive.writestr("bomb.png", bytes(3 << 20))
        archive.writestr("broken.png", b"the bytes of a picture" * 9, zipfile.ZIP_STORED)
    data = (tmp_path / "p.zip").read_bytes()
    (tmp_path / "p.zip").write_bytes(data.replace(b"the bytes of", b"the bites of", 1))
    reading = Pictures(max_cell_bytes=1 << 20).read(tmp_path / "p.zip")
    assert sum(batch.num_rows for batch in reading.batches()) == reading.sources[0]["records"] == 1
    assert {entry["source"]: entry["error"].split(":")[0] for entry in reading.quarantine} == {
        "bomb.png": "larger than 1 MB (max_cell_bytes)",
        "broken.png": "cannot be unpacked",
    }
