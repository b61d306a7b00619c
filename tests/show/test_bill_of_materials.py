"""The bill of materials names what is installed, and what needs what."""

import json
import sys
from importlib.metadata import version

from karat.show import bill_of_materials
from karat.show.bill_of_materials import bill, own_distribution


def test_what_karat_needs_is_named_with_versions_licences_and_dependencies():
    said = bill()
    assert (said["bomFormat"], said["specVersion"]) == ("CycloneDX", "1.6")
    packages = {component["name"]: component for component in said["components"]}
    assert own_distribution() not in packages
    assert said["metadata"]["component"]["name"] == own_distribution()
    for name in ("pyarrow", "duckdb", "numpy", "scikit-learn", "scipy"):  # the last is needed by the one before
        assert packages[name]["version"] == version(name)
        assert packages[name]["purl"] == f"pkg:pypi/{name}@{version(name)}"
    assert packages["numpy"]["licenses"]
    assert "pytest" not in packages
    needs = {entry["ref"]: entry["dependsOn"] for entry in said["dependencies"]}
    assert f"pkg:pypi/scipy@{version('scipy')}" in needs[packages["scikit-learn"]["bom-ref"]]
    references = [said["metadata"]["component"]["bom-ref"], *(package["bom-ref"] for package in packages.values())]
    assert len(set(references)) == len(references)
    assert set(needs) == set(references)


def test_the_same_environment_has_the_same_bill(tmp_path, monkeypatch):
    for name in ("a.json", "b.json"):
        monkeypatch.setattr(sys, "argv", ["bill_of_materials", str(tmp_path / "dist" / name)])
        bill_of_materials.main()
    first = (tmp_path / "dist" / "a.json").read_bytes()
    assert first == (tmp_path / "dist" / "b.json").read_bytes()
    assert json.loads(first)["serialNumber"].startswith("urn:uuid:")
