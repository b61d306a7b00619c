"""``karat demo image``: handwritten digits, some of them spoiled, down to the report with thumbnails."""

import io
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from karat.cli.say import say
from karat.core.errors import MachineError
from karat.core.finding import SURE
from karat.core.release import install

RATE = 0.01  # display: share of the pictures that get each fault
FAULTS = {"inverted and washed out": "BrightImages", "noise": "NoisyImages", "copy": "DuplicateImages"}


def demonstrate(out: Path | None, *, workers: int, quiet: bool) -> None:
    """Write the folder, walk it, and print what was found of what was planted.

    Raises
    ------
    MachineError
        Pillow is not installed.
    """
    from karat.cli.progress import Progress
    from karat.cli.summary import in_words
    from karat.cli.wiring import walked
    from karat.flow.job import Job
    from karat.flow.settings import made_settings

    home = out or Path("runs") / "demo-image"
    raw = home.with_name(home.name + "-raw")
    key = digits(raw)
    if not quiet:
        say(f"demo       {len(key):,} faults planted in 1,797 digits of real hands: {raw}", error=True)
    job = Job(raw, home, "clean", made_settings({"workers": workers}, "the demo"), listener=Progress(quiet=quiet))
    on = walked(job)
    if not quiet:
        say(in_words(on))
        say("\n".join(_answer_key(key, home)))


def digits(folder: Path) -> dict[str, str]:
    """scikit-learn's digits as a folder of pictures, a sub-folder a class; the planted faults by path."""
    try:
        from PIL import Image
    except ImportError:
        raise MachineError("this demonstration needs Pillow, which is not installed", install("images")) from None
    from sklearn.datasets import load_digits

    bunch = load_digits()
    chance = np.random.default_rng(7)
    order, each = chance.permutation(len(bunch.target)), max(2, round(RATE * len(bunch.target)))
    key: dict[str, str] = {}

    def put(label: int, name: str, pixels: np.ndarray) -> str:
        path = folder / str(label) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        sink = io.BytesIO()
        Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).resize((32, 32), Image.Resampling.BICUBIC).save(
            sink, "PNG"
        )
        path.write_bytes(sink.getvalue())
        return path.relative_to(folder).as_posix()

    for place, at in enumerate(order.tolist()):
        pixels, label, name = bunch.images[at] * 15.9, int(bunch.target[at]), f"{at:04d}.png"
        fault = place // each
        if fault == 0:
            key[put(label, name, 255 - pixels * 0.15)] = "inverted and washed out"
        elif fault == 1:
            key[put(label, name, np.kron(pixels, np.ones((4, 4))) + chance.normal(0, 60, (32, 32)))] = "noise"
        elif fault == 2:
            put(label, name, pixels)
            key[put(label, f"{at:04d}_again.png", pixels)] = "copy"
        elif fault == 3:
            key[put((label + int(chance.integers(1, 10))) % 10, name, pixels)] = "wrong label"
        else:
            put(label, name, pixels)
    return key


def _answer_key(key: dict[str, str], home: Path) -> list[str]:
    """How many of the planted faults were found, by kind."""
    findings = pq.read_table(home / "findings.parquet", columns=["row", "check", "confidence"])
    findings = findings.filter(pc.and_(pc.greater_equal(findings["confidence"], SURE), pc.is_valid(findings["row"])))
    data = pq.read_table(home / "data.parquet", columns=["_row", "path"])
    paths = dict(zip(data["_row"].to_pylist(), data["path"].to_pylist(), strict=True))
    seen = {(paths.get(row), check) for row, check in zip(findings["row"].to_pylist(), findings["check"].to_pylist())}  # noqa: B905
    lines = ["", "The answer key   planted  found"]
    for fault, check in {**FAULTS, "wrong label": "SuspectLabels"}.items():
        mine = [path for path, planted in key.items() if planted == fault]
        lines.append(f"  {fault:<26}{len(mine):>5}{sum((path, check) in seen for path in mine):>7}")
    return lines
