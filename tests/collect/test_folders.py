"""Folders of texts and pictures."""

import io
from pathlib import Path
from typing import Any

from PIL import Image


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
