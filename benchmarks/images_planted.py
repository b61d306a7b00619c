"""Spoils good pictures by known amounts: the planter behind ``images.py``."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

RATE = 0.015  # share of the pictures that get each fault
WRONG_LABELS = 0.05


def bytes_of(picture: Image.Image, form: str = "PNG", **options) -> bytes:
    sink = io.BytesIO()
    picture.save(sink, form, **options)
    return sink.getvalue()


def gamma(picture: Image.Image, power: float) -> Image.Image:
    held = np.asarray(picture, np.float64) / 255
    return Image.fromarray(np.rint(255 * held**power).astype(np.uint8))


def squeezed(picture: Image.Image, share: float) -> Image.Image:
    held = np.asarray(picture, np.float64)
    return Image.fromarray(np.rint(held.mean() + share * (held - held.mean())).clip(0, 255).astype(np.uint8))


def noisy(picture: Image.Image, spread: float, chance: np.random.Generator) -> Image.Image:
    held = np.asarray(picture, np.float64)
    return Image.fromarray((held + chance.normal(0, spread, held.shape)).clip(0, 255).astype(np.uint8))


def compressed(picture: Image.Image, quality: int) -> Image.Image:
    return Image.open(io.BytesIO(bytes_of(picture, "JPEG", quality=quality))).convert(picture.mode)


def strip(picture: Image.Image, chance: np.random.Generator) -> Image.Image:
    wide, high = picture.size
    thin = max(2, round(high * chance.uniform(0.12, 0.28)))
    at = int(chance.integers(high - thin + 1))
    return picture.crop((0, at, wide, at + thin))


def stamp(picture: Image.Image, chance: np.random.Generator) -> Image.Image:
    wide, high = picture.size
    side = max(4, round(min(wide, high) * chance.uniform(0.15, 0.3)))
    x, y = int(chance.integers(wide - side + 1)), int(chance.integers(high - side + 1))
    return picture.crop((x, y, x + side, y + side))


def close_copy(picture: Image.Image, chance: np.random.Generator) -> Image.Image:
    """A copy as it comes about on the web: brighter, compressed again, scaled, or with a margin cut off."""
    wide, high = picture.size
    match int(chance.integers(4)):
        case 0:
            held = np.asarray(picture, np.float64) * chance.uniform(0.85, 1.15) + chance.uniform(-10, 10)
            return Image.fromarray(held.clip(0, 255).astype(np.uint8))
        case 1:
            return compressed(picture, int(chance.integers(40, 75)))
        case 2:
            small = picture.resize((round(wide * 0.75), round(high * 0.75)), Image.Resampling.BICUBIC)
            return small.resize((wide, high), Image.Resampling.BICUBIC)
        case _:
            cut = max(1, round(wide * 0.04))
            box = (int(chance.integers(cut + 1)), int(chance.integers(cut + 1)), wide - cut, high - cut)
            return picture.crop(box).resize((wide, high), Image.Resampling.BICUBIC)


def faults(chance: np.random.Generator) -> dict[str, Callable[[Image.Image], Image.Image]]:
    return {
        "blur": lambda p: p.filter(ImageFilter.GaussianBlur(chance.uniform(0.045, 0.09) * min(p.size))),
        "dark": lambda p: gamma(p, chance.uniform(4, 8)),
        "bright": lambda p: gamma(p, chance.uniform(0.04, 0.12)),
        "low contrast": lambda p: squeezed(p, chance.uniform(0.05, 0.12)),
        "low information": lambda p: Image.new("RGB", p.size, tuple(int(v) for v in chance.integers(60, 190, 3))),
        "noise": lambda p: noisy(p, chance.uniform(30, 70), chance),
        "jpeg": lambda p: compressed(p, int(chance.integers(3, 9))),
        "odd ratio": lambda p: strip(p, chance),
        "odd size": lambda p: stamp(p, chance),
        "grey": lambda p: p.convert("L").convert("RGB"),
    }


def planted(archive: Path, out: Path, seed: int = 0, limit: int | None = None) -> list[dict[str, str]]:
    """Write a folder of pictures, a sub-folder per class, some of them spoiled; returns the answer key.

    Each row: ``path``, ``fault`` ("" when none), ``of`` (the original of a copy), ``label`` (the true one).
    """
    chance = np.random.default_rng(seed)
    with zipfile.ZipFile(archive) as held:
        names = sorted(n for n in held.namelist() if n.lower().endswith((".jpg", ".png")))
        names = [names[at] for at in np.sort(chance.permutation(len(names))[: limit or len(names)])]
        pictures = {name: held.read(name) for name in names}
    classes = sorted({Path(name).parent.name for name in names})
    order, each = chance.permutation(len(names)), round(RATE * len(names))
    takes = iter(order.tolist())
    key: dict[int, dict[str, str]] = {}
    rows: list[dict[str, str]] = []

    def put(name: str, label: str, data: bytes) -> str:
        path = out / label / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path.relative_to(out).as_posix()

    def opened(at: int) -> Image.Image:
        return Image.open(io.BytesIO(pictures[names[at]])).convert("RGB")

    for fault, spoil in faults(chance).items():
        for _ in range(each):
            at = next(takes)
            label = Path(names[at]).parent.name
            path = put(f"{Path(names[at]).stem}.png", label, bytes_of(spoil(opened(at))))
            key[at] = {"path": path, "fault": fault, "of": "", "label": label}
    for fault in ("exact copy", "close copy"):
        for _ in range(each):
            at = next(takes)
            label = Path(names[at]).parent.name
            own = put(Path(names[at]).name, label, pictures[names[at]])
            key[at] = {"path": own, "fault": "", "of": "", "label": label}
            exact = fault == "exact copy"
            data = pictures[names[at]] if exact else bytes_of(close_copy(opened(at), chance))
            ending = Path(names[at]).suffix if exact else ".png"
            path = put(f"{Path(names[at]).stem}_again{ending}", label, data)
            rows.append({"path": path, "fault": fault, "of": own, "label": label})
    for _ in range(round(WRONG_LABELS * len(names))):
        at = next(takes)
        label = Path(names[at]).parent.name
        other = str(chance.choice([one for one in classes if one != label]))
        path = put(f"{label}_{Path(names[at]).name}", other, pictures[names[at]])
        key[at] = {"path": path, "fault": "wrong label", "of": "", "label": label}
    for at in takes:
        label = Path(names[at]).parent.name
        path = put(Path(names[at]).name, label, pictures[names[at]])
        key[at] = {"path": path, "fault": "", "of": "", "label": label}
    return sorted([*key.values(), *rows], key=lambda row: row["path"])
