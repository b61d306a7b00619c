"""The faults of ``images.py`` planted in other pictures with other seeds: what its limits are worth elsewhere.

    python benchmarks/images_second.py [--seeds 11 12 13] [--side 64] [--rival PYTHON]

The pictures are tiles, side by side, of the colour photographs that scikit-image and scikit-learn bring, one class a
photograph; tiles that show next to nothing are left out before anything is planted. PYTHON has cleanvision 0.3.7 and
scikit-image; without it both are installed into a temporary environment.
"""

import argparse
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from pathlib import Path

import images
import images_planted
import numpy as np
from PIL import Image

RATE = 0.03
PHOTOS = """
import sys
from pathlib import Path
import skimage.data
print(Path(skimage.data.__file__).parent)
"""
NAMES = ("astronaut.png", "chelsea.png", "coffee.png", "hubble_deep_field.jpg", "ihc.png", "motorcycle_left.png",
         "retina.jpg", "rocket.jpg")  # fmt: skip
AT_HALF = ("hubble_deep_field.jpg", "retina.jpg")


def python_with_rival(place: Path) -> Path:
    subprocess.run([sys.executable, "-m", "venv", str(place / "second")], check=True)
    python = place / "second" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", "cleanvision==0.3.7", "scikit-image"], check=True)
    return python


def photographs(python: Path) -> dict[str, np.ndarray]:
    from sklearn.datasets import load_sample_images

    where = subprocess.run([python, "-c", PHOTOS], check=True, capture_output=True, text=True).stdout.strip()
    out = dict(zip(("china", "flower"), load_sample_images().images, strict=True))
    for name in NAMES:
        held = Image.open(Path(where) / name).convert("RGB")
        out[Path(name).stem] = np.asarray(held.reduce(2) if name in AT_HALF else held)
    return out


def tiles(photos: dict[str, np.ndarray], side: int, archive: Path) -> int:
    """Write the tiles that show something, as PNG; the number of them."""
    count = 0
    with zipfile.ZipFile(archive, "w") as out:
        for name, photo in sorted(photos.items()):
            for top in range(0, photo.shape[0] - side + 1, side):
                for left in range(0, photo.shape[1] - side + 1, side):
                    cut = photo[top : top + side, left : left + side]
                    grey = cut.mean(axis=2)
                    edges = np.abs(np.diff(grey, axis=1)).mean()
                    if grey.std() < 15 or not 45 <= grey.mean() <= 210 or edges < 2.5:
                        continue
                    out.writestr(f"{name}/{count:05d}.png", images_planted.bytes_of(Image.fromarray(cut)))
                    count += 1
    return count


def compared(archive: Path, seeds: list[int], place: Path, python: Path) -> None:
    """Hits, findings and truths are summed over the seeds."""
    ours: dict[str, Counter] = {fault: Counter() for fault in images.OURS}
    theirs: dict[str, Counter] = {fault: Counter() for fault in images.OURS}
    for seed in seeds:
        home = place / str(seed)
        home.mkdir()
        for fault, mine, named, true in images.judged(archive, home, seed=seed, python=python):
            ours[fault].update(hit=len(mine & true), found=len(mine), true=len(true))
            if named is not None:
                theirs[fault].update(hit=len(named & true), found=len(named), true=len(true))
    for fault in images.OURS:
        line = " | ".join(words(counted[fault]) for counted in (ours, theirs))
        print(f"| {fault:<16} | {ours[fault]['true']:>4} | {line} |")


def words(counted: Counter) -> str:
    if not counted["true"]:
        return "-"
    hit = counted["hit"]
    shares = hit / max(1, counted["found"]), hit / counted["true"], 2 * hit / (counted["found"] + counted["true"])
    return "  ".join(f"{one:.3f}" for one in shares)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, nargs="+", default=[11, 12, 13])
    parser.add_argument("--side", type=int, default=64)
    parser.add_argument("--rival", type=Path)
    asked = parser.parse_args()
    images_planted.RATE = RATE
    with tempfile.TemporaryDirectory() as held:
        scratch = Path(held)
        rival = asked.rival or python_with_rival(scratch)
        print(tiles(photographs(rival), asked.side, scratch / "tiles.zip"), "tiles")
        compared(scratch / "tiles.zip", asked.seeds, scratch, rival)
