"""Files of folders and archives in a fixed order, their content within a limit."""

import zipfile
from pathlib import Path

import pytest

from karat.collect.files import KEPT_BYTES, files_below, in_archive, in_folder, passed_over, without_notes
from karat.core.errors import InputError


def test_files_below_a_folder_in_order_without_hidden_ones(tmp_path: Path) -> None:
    for name in ("b/x.txt", "a.txt.gz", "c.PNG", ".hidden/y.txt", "b/.z.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert [path.relative_to(tmp_path).as_posix() for path in files_below(tmp_path)] == ["a.txt.gz", "b/x.txt", "c.PNG"]
    assert [path.name for path in files_below(tmp_path, (".txt",))] == ["a.txt.gz", "x.txt"]


def test_files_that_were_not_read_are_counted_by_ending(tmp_path: Path) -> None:
    for name in ("a.txt", "b/b.pdf", "c.PDF", "d.docx", "e.png", "f.heic", "LICENSE", ".hidden.pdf"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    others = passed_over(tmp_path, [str(tmp_path / "b" / ".." / "a.txt")], pictures=True)
    assert list(others.items()) == [(".pdf", 2), ("", 1), (".docx", 1)]
    assert passed_over(tmp_path, [], pictures=False) == {".pdf": 2, "": 1, ".docx": 1, ".heic": 1, ".png": 1, ".txt": 1}


def test_pictures_of_a_folder_within_a_limit(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"12345")
    (tmp_path / "b.heic").write_bytes(b"1")
    (tmp_path / "c.txt").touch()
    names, content = in_folder(tmp_path)
    assert names == ["a.png", "b.heic"]
    assert content("a.png", 5) == (b"12345", "")
    data, fault = content("a.png", 4)
    assert (data, fault) == (b"12345", "larger than 0 MB (max_cell_bytes)")


def test_of_what_is_too_large_the_beginning_is_kept(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"x" * (KEPT_BYTES + 9))
    data, fault = in_folder(tmp_path)[1]("a.png", KEPT_BYTES + 8)
    assert (len(data), fault) == (KEPT_BYTES, "larger than 1 MB (max_cell_bytes)")


def test_pictures_of_an_archive_and_one_that_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("b.png", "a/c.jpg", "a/.d.png", "e.txt"):
            archive.writestr(name, b"picture of " + name.encode())
    names, content = in_archive(path)
    assert names == ["a/c.jpg", "b.png"]
    assert content("b.png", 99) == (b"picture of b.png", "")
    assert content("b.png", 3)[1].startswith("larger than")
    path.write_bytes(path.read_bytes().replace(b"picture of b", b"picture of X"))
    data, fault = in_archive(path)[1]("b.png", 99)
    assert data == b""
    assert fault.startswith("cannot be unpacked: ")


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"none")
    with pytest.raises(InputError, match="is not a complete zip archive"):
        in_archive(tmp_path / "a.zip")


def test_files_about_the_others_are_no_data(tmp_path):
    names = ["README.md", "LICENSE", "changelog.txt", "readmes.csv", "x.csv", "说明.txt"]
    left = [file.name for file in without_notes([tmp_path / name for name in names])]
    assert left == ["readmes.csv", "x.csv"]
    assert without_notes([tmp_path / "README.md"]) == [tmp_path / "README.md"]
