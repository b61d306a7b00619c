"""Every exporter that takes a model writes it."""

from pathlib import Path
from typing import Any

from karat.core.registry import units
from karat.core.unit import Exporter


def export_all(model: Any, folder: Path) -> tuple[str, ...]:
    """Write a model into a folder with each exporter that takes it; returns their codes."""
    every = [unit() for unit in units("exporter").values() if issubclass(unit, Exporter)]
    taking = [exporter for exporter in every if exporter.takes(model)]
    for exporter in taking:
        exporter.export(model, folder)
    return tuple(exporter.code() for exporter in taking)
