"""Folders of texts and pictures."""

from pathlib import Path
from typing import Any


def test_folders_of_texts_and_pictures(tmp_path: Path, columns: Any) -> None:
    for name, data in (
        ("t/a.txt", b"hello"),
        ("t/b.txt", "中文文本的内容".encode("gbk")),
        ("p/cat/1.png", b"\x89PNG"),
        ("p/dog/2.jpg", b"\xff\xd8"),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    assert columns(tmp_path / "t") == {"path": ["a.txt", "b.txt"], "text": ["hello", "中文文本的内容"]}
    assert columns(tmp_path / "p") == {
        "path": ["cat/1.png", "dog/2.jpg"],
        "label": ["cat", "dog"],
        "bytes": [b"\x89PNG", b"\xff\xd8"],
    }
