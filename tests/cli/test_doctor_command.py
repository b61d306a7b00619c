"""``karat doctor`` says what is there, and what to install for what is not."""

import json

from karat.cli.doctor_command import lines
from karat.core.release import EXTRAS, VERSION
from karat.flow import installation


def test_it_names_versions_extras_kernels_and_room(command):
    done = command("doctor")
    assert done.status == 0
    assert done.stdout.startswith(f"karat        {VERSION} · Python ")
    assert "GB free in" in done.stdout
    assert all(f"[{name}]" in done.stdout for name in EXTRAS)


def test_json_holds_the_same(command):
    known = json.loads(command("doctor", "--json").stdout)
    assert known["version"] == VERSION
    assert {extra["name"] for extra in known["extras"]} == set(EXTRAS)
    assert known["compiled"] >= 0


def test_what_is_missing_is_told_with_its_cure(tmp_path, monkeypatch, command):
    monkeypatch.setitem(EXTRAS, "images", EXTRAS["images"].__class__("pictures", ("no_such_module",)))
    assert "not installed: pip install 'karat-data[images]'" in "\n".join(lines(installation.examined(tmp_path)))
    monkeypatch.setattr(installation, "LIBRARIES", ("numpy", "no-such-library"))
    done = command("doctor")
    assert (done.status, done.stderr) == (3, "Error: no-such-library not installed. Install Karat again.\n")
