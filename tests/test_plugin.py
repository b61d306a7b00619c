"""A stranger's check, in a package of its own, joins by entry point."""

import os
import subprocess
import sys
from pathlib import Path

PLUGIN = Path(__file__).parent / "plugin"
INFO = "Metadata-Version: 2.1\nName: karat-plugin-demo\nVersion: 0.1.0\n"


def installed(place: Path) -> dict[str, str]:
    """The plugin as an installer would leave it: on the path, with its entry points beside it."""
    import tomllib

    told = tomllib.loads((PLUGIN / "pyproject.toml").read_text())["project"]["entry-points"]["karat.units"]
    info = place / "karat_plugin_demo-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(INFO)
    (info / "entry_points.txt").write_text("[karat.units]\n" + "\n".join(f"{k} = {v}" for k, v in told.items()) + "\n")
    return os.environ | {"PYTHONPATH": os.pathsep.join([str(place), str(PLUGIN / "src")])}


def test_it_is_listed_and_finds_what_it_looks_for(tmp_path):
    env = installed(tmp_path)
    listed = subprocess.run(
        [sys.executable, "-m", "karat", "list", "check"], env=env, capture_output=True, text=True, check=True
    )
    assert "ShoutedText" in listed.stdout
    texts = [f"a quiet and rather long sentence about number {i}, as people write them" for i in range(60)]
    texts[7] = "THIS ONE IS SHOUTED, AND QUITE LONG AS WELL, SO THAT IT IS A TEXT"
    (tmp_path / "x.csv").write_text("note\n" + "\n".join(f'"{t}"' for t in texts) + "\n")
    told = [sys.executable, "-m", "karat", "assess", str(tmp_path / "x.csv"), "--out", str(tmp_path / "run"), "--quiet"]
    subprocess.run(told, env=env, check=True)
    import pyarrow.parquet as pq

    found = pq.read_table(tmp_path / "run" / "findings.parquet").to_pylist()
    assert [f["row"] for f in found if f["check"] == "ShoutedText"] == [7]


def test_without_the_package_it_is_not_there():
    listed = subprocess.run(
        [sys.executable, "-m", "karat", "list", "check"], capture_output=True, text=True, check=True
    )
    assert "ShoutedText" not in listed.stdout
