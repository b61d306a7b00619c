"""The software bill of materials: what Karat is installed with, as CycloneDX 1.6. ``make sbom`` writes it."""

import json
import re
import sys
import uuid
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution, entry_points
from pathlib import Path
from typing import Any

from karat.core.release import DISTRIBUTION

NAME = re.compile(r"[A-Za-z0-9._-]+")
COMMAND = "karat.cli.main:main"  # by which the distribution that brings this program is told from another of its name


def own_distribution() -> str:
    """The name of the distribution that is installed with this command: not every one named karat is this one."""
    named = (entry.dist for entry in entry_points(group="console_scripts") if entry.value == COMMAND)
    return next((_spelt(package.metadata["Name"]) for package in named if package is not None), DISTRIBUTION)


def bill(root: str = "") -> dict[str, Any]:
    """The packages that one needs, with those of its extras that are installed, as a CycloneDX document."""
    root = root or own_distribution()
    packages = dict(sorted(_needed(root).items()))
    known = [_component(name, package) for name, package in packages.items() if name != root]
    needs = {
        name: sorted(set(_requires(package, extras=name == root)) & set(packages)) for name, package in packages.items()
    }
    whole = json.dumps([known, needs])
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, whole)}",
        "version": 1,
        "metadata": {"component": _component(root, packages[root]) | {"type": "application"}},
        "components": known,
        "dependencies": [
            {"ref": _address(packages[name]), "dependsOn": [_address(packages[other]) for other in others]}
            for name, others in needs.items()
        ],
    }


def _needed(root: str) -> dict[str, Distribution]:
    packages, waiting = {}, [root]
    while waiting:
        name = waiting.pop()
        if name in packages:
            continue
        try:
            packages[name] = distribution(name)
        except PackageNotFoundError:  # of an extra, or for another system
            continue
        waiting += _requires(packages[name], extras=name == root)
    return packages


def _requires(package: Distribution, *, extras: bool) -> Iterator[str]:
    """Names of the packages that one requires, as indexes spell them."""
    for line in package.requires or ():
        requirement, _, marker = line.partition(";")
        match = NAME.match(requirement)
        if match and (extras or "extra" not in marker):
            yield _spelt(match[0])


def _spelt(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()  # PEP 503


def _address(package: Distribution) -> str:
    return f"pkg:pypi/{_spelt(package.metadata['Name'])}@{package.version}"


def _component(name: str, package: Distribution) -> dict[str, Any]:
    about = package.metadata
    expression, text = ((about.get_all(key) or [""])[0] for key in ("License-Expression", "License"))
    classes = [line.split(" :: ")[-1] for line in about.get_all("Classifier") or () if line.startswith("License ::")]
    short = [text] if text and "\n" not in text else classes
    licences = [{"expression": expression}] if expression else [{"license": {"name": each}} for each in short]
    return {
        "type": "library",
        "bom-ref": _address(package),
        "name": name,
        "version": package.version,
        "purl": _address(package),
        **({"licenses": licences} if licences else {}),
    }


def main() -> None:
    """Writes the bill to the file that is named."""
    path = Path(sys.argv[1])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(bill(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
