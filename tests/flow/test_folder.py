"""The run folder: files whole or not at all, rooms done once, strangers' folders left alone."""

import json
import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.core.errors import InputError
from karat.flow.folder import (
    RunFolder,
    digest,
    digest_beside,
    digests,
    is_unaltered,
    read_json,
    require_run_folder,
    sealed,
    write_json,
    write_sealed,
    write_table,
    write_text,
)


def test_files_take_their_place_whole(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", {"城": [1, None]})
    assert read_json(tmp_path / "a.json") == {"城": [1, None]}
    assert "城" in (tmp_path / "a.json").read_text(encoding="utf-8")
    write_table(tmp_path / "t.parquet", pa.table({"a": [1]}))
    assert pq.read_table(tmp_path / "t.parquet").to_pydict() == {"a": [1]}
    assert (tmp_path / "t.parquet").stat().st_mode & 0o777 == 0o600
    write_text(tmp_path / "x", "new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "t.parquet", "x"]


def test_what_json_cannot_hold_leaves_the_old_file(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", 1)
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(tmp_path / "a.json", float("nan"))
    assert read_json(tmp_path / "a.json") == 1


def test_a_digest_is_of_plain_values_in_any_order_of_their_names() -> None:
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    assert digest("a", "b") != digest("ab") != digest(["a", "b"])
    assert digest(Path("x")) == digest("x")
    assert len(digest()) == 64


def test_digests_of_files_and_folders(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a").write_bytes(b"abc")
    code = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2, of "abc"
    assert digests(tmp_path) == {"sub": {"a": code}}


@pytest.mark.parametrize(
    ("names", "fine"),
    [
        *(((), True), (("run.json", "x"), True), ((".work",), True), ((".lock",), True), (("store",), True)),
        *((("x",), False), ((".lock", "x"), False)),
    ],
)
def test_only_a_free_or_an_own_folder_is_entered(tmp_path: Path, names: tuple[str, ...], fine: bool) -> None:
    for name in names:
        (tmp_path / name).touch()
    if fine:
        require_run_folder(tmp_path)
        require_run_folder(tmp_path / "new")
    else:
        with pytest.raises(InputError, match="it holds other files"):
            require_run_folder(tmp_path)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "x").touch()
    with pytest.raises(InputError, match="is a file, not a folder for the run"):
        RunFolder.open(tmp_path / "x", "f" * 64)


def test_other_work_goes_and_what_outlives_it_stays(tmp_path: Path) -> None:
    for name in ("0" * 16, "scores", "pieces-1", "f" * 16):
        (tmp_path / ".work" / name).mkdir(parents=True)
    (tmp_path / ".work" / "review.arrow").touch()
    folder = RunFolder.open(tmp_path, "f" * 64)
    assert folder.work == tmp_path / ".work" / ("f" * 16)
    assert sorted(path.name for path in (tmp_path / ".work").iterdir()) == [
        "f" * 16,
        "pieces-1",
        "review.arrow",
        "scores",
    ]


def test_a_room_is_done_once_until_its_files_change(tmp_path: Path) -> None:
    folder = RunFolder.open(tmp_path, "f" * 64)
    calls: list[list[str]] = []

    def work(place: Path) -> dict[str, int]:
        calls.append([path.name for path in place.iterdir()])
        (place / "x").write_text("1", encoding="utf-8")
        return {"n": len(calls)}

    assert folder.digests_of("clean") == {}
    assert folder.room("clean", work) == ({"n": 1}, True)
    assert folder.room("clean", work) == ({"n": 1}, False)
    assert list(folder.digests_of("clean")) == ["x"]
    (folder.work / "clean" / "x").write_text("2", encoding="utf-8")
    assert folder.room("clean", work) == ({"n": 2}, True)
    assert calls == [[], []]


def test_a_room_that_failed_is_begun_anew(tmp_path: Path) -> None:
    folder = RunFolder.open(tmp_path, "f" * 64)

    def failing(place: Path) -> dict[str, int]:
        (place / "half").touch()
        raise OSError(28, "disk full")

    with pytest.raises(OSError, match="disk full"):
        folder.room("clean", failing)
    assert folder.room("clean", lambda place: {"seen": [path.name for path in place.iterdir()]}) == ({"seen": []}, True)
    assert json.loads((folder.work / "clean.done.json").read_text())["summary"] == {"seen": []}


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 100_000])
def test_a_broken_json_file_is_told_as_one(tmp_path, content):
    (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(InputError, match=r"manifest\.json is broken"):
        read_json(tmp_path / "manifest.json")


def test_a_seal_shows_what_was_altered(tmp_path: Path) -> None:
    path, values = tmp_path / "x.json", {"a": [1, 0.1, None], "b": {"c": "中"}}
    write_sealed(path, values)
    assert sealed(path) == values
    for old, new in ((b"0.1", b"0.2"), (b'"a"', b'"d"'), (b"sha256", b"sha255"), (b"{", b"")):
        path.write_bytes(path.read_bytes().replace(old, new, 1))
        assert sealed(path) is None, old
        write_sealed(path, values)
    assert sealed(tmp_path / "none.json") is None


def test_a_file_is_compared_with_the_digest_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    write_table(path, pa.table({"a": [1, 2]}), noted=True)
    assert is_unaltered(path)
    path.write_bytes(path.read_bytes().replace(b"PAR1", b"PAR2", 1))
    assert not is_unaltered(path)
    digest_beside(path).unlink()
    assert not is_unaltered(path)


def test_a_room_with_an_altered_mark_or_output_elsewhere_is_done_again(tmp_path: Path) -> None:
    folder, calls = RunFolder.open(tmp_path, "f" * 64), []
    folder.room("clean", lambda _: {"n": calls.append(1)})
    mark = folder.work / "clean.done.json"
    mark.write_text(mark.read_text().replace("null", "1"))
    assert folder.room("clean", lambda _: {"n": calls.append(1)})[1] is True
    assert folder.room("clean", lambda _: {"n": calls.append(1)}, lambda _: False)[1] is True
    assert folder.room("clean", lambda _: {"n": calls.append(1)}, lambda _: True)[1] is False
    assert len(calls) == 3


def test_the_beginning_is_written_once_and_work_of_an_unknown_time_goes(tmp_path: Path) -> None:
    folder = RunFolder.open(tmp_path, "f" * 64)
    first = folder.started_at()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", first)
    write_sealed(folder.work / "started.json", {"at": "2020-01-02T03:04:05"})
    (folder.work / "collect").mkdir()
    assert folder.started_at() == "2020-01-02T03:04:05"
    mark = folder.work / "started.json"
    mark.write_text(mark.read_text().replace("2020", "2021"))
    assert folder.started_at() >= first
    assert not (folder.work / "collect").exists()


def test_settings_alone_make_no_stranger_of_a_folder(tmp_path):
    (tmp_path / "karat.toml").write_text("")
    require_run_folder(tmp_path)
    (tmp_path / "thesis.doc").write_text("")
    with pytest.raises(InputError, match="not a run folder"):
        require_run_folder(tmp_path)
