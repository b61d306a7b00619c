"""A change happens whole or not at all, whenever its writer dies."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from karat.core.errors import InputError, MachineError
from karat.flow import journal
from karat.flow.folder import read_json, write_json, write_sealed
from karat.flow.journal import JOURNAL, MANIFEST, STAGED, WORK, Change, altered, finish, locked

OLD, NEW = {"a": "old"}, {"a": "new"}
NAMES = ("one.json", "two.json")


@pytest.fixture
def run(tmp_path):
    place = tmp_path / "run"
    (place / WORK).mkdir(parents=True)
    change = Change(place)
    _write(change, OLD)
    change.commit()
    return place


def _write(change, value):
    for name in NAMES:
        write_json(change.path(name), value)
    change.path("folder").mkdir()
    write_json(change.path("folder") / "inner.json", value)


def _state(run):
    return [read_json(run / name) for name in NAMES] + [read_json(run / "folder" / "inner.json")]


def test_a_change_takes_its_place_and_leaves_no_trace(run):
    change = Change(run)
    _write(change, NEW)
    assert _state(run) == [OLD] * 3
    change.commit()
    assert _state(run) == [NEW] * 3
    assert not (run / WORK / JOURNAL).exists()
    assert not (run / WORK / STAGED).exists()
    assert altered(run) == []


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("step", range(40))
def test_a_writer_killed_at_any_step_leaves_the_old_or_the_new_state(run, monkeypatch, step):
    left = [step]

    def dying(function):
        def call(*arguments, **options):
            left[0] -= 1
            if left[0] < 0:
                raise Killed
            return function(*arguments, **options)

        return call

    change = Change(run)
    _write(change, NEW)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", dying(os.fsync))
        patch.setattr(journal.Path, "replace", dying(journal.Path.replace))
        patch.setattr(journal.Path, "unlink", dying(journal.Path.unlink))
        patch.setattr(journal.shutil, "rmtree", dying(journal.shutil.rmtree))
        with suppress(Killed):
            change.commit()
    decided = (run / WORK / JOURNAL).exists()
    finish(run)
    assert _state(run) in ([OLD] * 3, [NEW] * 3)
    assert not decided or _state(run) == [NEW] * 3
    assert altered(run) == []
    assert finish(run) is False


def test_what_was_not_decided_is_dropped(run):
    change = Change(run)
    _write(change, NEW)
    assert finish(run) is False
    assert _state(run) == [OLD] * 3
    assert not (run / WORK / STAGED).exists()


def test_finished_files_are_linked_and_later_writes_do_not_reach_back(run, tmp_path):
    source = tmp_path / "made.json"
    write_json(source, NEW)
    change = Change(run)
    change.take(source, "one.json")
    change.take(source, "one.json")  # again: the later one counts, the source stays as it is
    change.take(tmp_path / "absent", "none.json")
    change.commit()
    assert read_json(run / "one.json") == NEW
    write_json(run / "one.json", OLD)
    assert read_json(source) == NEW
    assert "none.json" not in read_json(run / MANIFEST)


def test_a_removed_file_is_gone_and_a_replaced_one_is_not(run):
    change = Change(run)
    change.remove("one.json")
    change.remove("two.json")
    write_json(change.path("two.json"), NEW)
    change.commit()
    assert not (run / "one.json").exists()
    assert read_json(run / "two.json") == NEW
    assert altered(run) == []


def test_altered_files_are_named(run):
    write_json(run / "two.json", NEW)
    (run / "folder" / "inner.json").unlink()
    assert altered(run) == ["folder/inner.json", "two.json"]


def test_one_writer_at_a_time(run):
    with locked(run):
        with locked(run):  # the same process may go on
            pass
        code = (
            "import sys; from pathlib import Path; from karat.flow.journal import locked\n"
            "with locked(Path(sys.argv[1])): print('in')"
        )
        other = subprocess.run([sys.executable, "-c", code, run], capture_output=True, text=True, check=False)
        assert "another process or thread is writing" in other.stderr
    with locked(run):
        pass


def test_one_thread_at_a_time_and_the_other_does_not_set_the_folder_free(run):
    def enter():
        with locked(run):
            return "in"

    with ThreadPoolExecutor(1) as pool, locked(run):
        for _ in range(2):
            with pytest.raises(MachineError, match="another process or thread is writing"):
                pool.submit(enter).result()
        with locked(run):
            pass
    assert enter() == "in"


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="not a run folder"), locked(tmp_path):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_run_that_fails_at_once_leaves_no_folder(tmp_path):
    with pytest.raises(ValueError, match="bad"), locked(tmp_path / "new"):
        raise ValueError("bad")
    assert not (tmp_path / "new").exists()


def test_a_lock_that_is_a_link_is_not_followed(run, tmp_path):
    target = tmp_path / "victim"
    target.write_text("mine")
    (run / ".lock").unlink(missing_ok=True)
    (run / ".lock").symlink_to(target)
    with pytest.raises(MachineError), locked(run):
        pass
    assert target.read_text() == "mine"


def test_a_thread_that_came_in_twice_holds_the_folder_until_it_has_left_twice(run):
    with ThreadPoolExecutor(1) as pool, locked(run):
        with locked(run), locked(run):
            pass
        with pytest.raises(MachineError, match="another process or thread is writing"):
            pool.submit(lambda: locked(run, wait=0).__enter__()).result()
    assert not journal._locked


def test_a_copied_file_is_added_to_and_the_published_one_stays_until_the_commit(run):
    change = Change(run)
    change.copy("one.json")
    change.copy("none.json")
    write_json(change.path("one.json"), read_json(change.path("one.json")) | NEW)
    assert read_json(run / "one.json") == OLD
    change.commit()
    assert read_json(run / "one.json") == OLD | NEW
    assert not (run / "none.json").exists()


def test_a_journal_that_names_a_place_outside_the_run_is_refused(run):
    write_sealed(run / WORK / JOURNAL, {"names": ["../other.json"], "removed": [], "versions": {}})
    with pytest.raises(InputError, match=r"names '\.\./other\.json', which is no file of the run folder"):
        finish(run)
