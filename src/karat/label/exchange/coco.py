"""COCO detection: images, categories and boxes; a file an annotator, or an ``annotator`` on each box.

Source: the data format of cocodataset.org. ``bbox`` is x, y, width, height in pixels.
"""

import copy
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from karat.core.errors import InputError
from karat.label.exchange.annotation_files import (
    ITSELF,
    AnnotationReading,
    AnnotationSource,
    Ledger,
    as_json,
    by_item,
    first_entry,
    item_columns,
    listed,
    parsed_json,
    vote_columns,
)

SIDES = ("x", "y", "width", "height")


class Coco:
    """COCO's JSON of boxes."""

    name = "coco"
    file_name = "coco.json"

    def matches(self, source: AnnotationSource) -> bool:
        """An object with images, annotations and categories."""
        head = source.text[:1] == "{" or source.text.lstrip("\ufeff \t\r\n")[:1] == "{"
        value = first_entry(source.text) if head else None
        return isinstance(value, dict) and all(
            isinstance(value.get(name), list) for name in ("images", "annotations", "categories")
        )

    def read(self, sources: Sequence[AnnotationSource], control: str) -> AnnotationReading:
        """Boxes as votes; an image without boxes is an answer too."""
        ledger = Ledger()
        votes: list[tuple[str, str, str | None, float | None]] = []
        images: dict[str, dict[str, Any]] = {}
        documents = []
        for source in sources:
            document = parsed_json(source, "COCO")
            if not isinstance(document, dict) or not isinstance(document.get("images"), list):
                raise InputError(f"{source.stem} is not COCO: it has no images", "Export as COCO detection")
            documents.append(document)
            names = {entry.get("id"): str(entry.get("name")) for entry in document.get("categories", [])}
            images |= {str(image["id"]): image for image in document["images"] if "id" in image}
            boxes: dict[tuple[str, str], list[dict[str, Any]]] = {}
            whole = not any("annotator" in entry for entry in document.get("annotations", []))
            if whole:
                boxes = {(str(image["id"]), source.stem): [] for image in document["images"] if "id" in image}
            for entry in document.get("annotations", []):
                reason, part = _part(entry, names, images)
                if part is None:
                    ledger.unread[reason] += 1
                    continue
                who = source.stem if whole else str(entry.get("annotator", source.stem))
                boxes.setdefault((str(entry["image_id"]), who), []).append(part)
                ledger.read += 1
            votes += [(item, who, as_json(parts), None) for (item, who), parts in boxes.items()]
        items = item_columns((item, image) for item, image in images.items())
        return AnnotationReading("coco", vote_columns(votes), items, None, ledger, documents[0], "box")

    def write(self, labels: pa.Table, items: pa.Table | None, kind: str, reading: AnnotationReading | None) -> str:
        """The images as they came, with the boxes of the labels."""
        if kind != "box":
            raise InputError(
                f"labels of type {kind} cannot be written as COCO, which holds boxes", "Choose another --to"
            )
        lines = by_item(labels)
        document = _made(items, lines) if reading is None else copy.deepcopy(reading.document)
        ids = {str(entry["name"]): entry["id"] for entry in document["categories"]}
        names = {str(image["id"]): image["id"] for image in document["images"]}
        kept = [
            entry for entry in document["annotations"] if lines.get(str(entry.get("image_id")), {}).get("label") is None
        ]
        number = max((entry["id"] for entry in kept if isinstance(entry.get("id"), int)), default=0)
        for item, line in lines.items():
            for part in listed(line["label"]):
                if part.get("label", "") not in ids:
                    ids[part.get("label", "")] = max([0, *(at for at in ids.values() if isinstance(at, int))]) + 1
                    document["categories"].append({"id": ids[part.get("label", "")], "name": part.get("label", "")})
                number += 1
                sides = [part[side] for side in SIDES]
                kept.append(
                    {
                        "id": number,
                        "image_id": names.get(item, item),
                        "category_id": ids[part.get("label", "")],
                        "bbox": sides,
                        "area": sides[2] * sides[3],
                        "iscrowd": 0,
                        "score": line["confidence"],
                        "annotator": ITSELF,
                    }
                )
        return as_json(document | {"annotations": kept})


def _part(entry: dict[str, Any], names: dict[Any, str], images: dict[str, Any]) -> tuple[str, dict[str, Any] | None]:
    """Why a box is not read, or the box."""
    sides = entry.get("bbox")
    if entry.get("iscrowd"):
        return "of crowds (iscrowd)", None
    if (
        not isinstance(sides, list)
        or len(sides) != len(SIDES)
        or not all(isinstance(side, (int, float)) for side in sides)
    ):
        return "without a box", None
    if sides[2] <= 0 or sides[3] <= 0:
        return "with a box of no area", None
    if str(entry.get("image_id")) not in images:
        return "of images that are not in the file", None
    if entry.get("category_id") not in names:
        return "of categories that are not in the file", None
    return "", dict(zip(SIDES, sides, strict=True)) | {"label": names[entry["category_id"]]}


def _made(items: pa.Table | None, lines: dict[str, Any]) -> dict[str, Any]:
    if items is None:
        images: list[dict[str, Any]] = [{"id": item, "file_name": item} for item in lines]
    else:
        name = "item" if "item" in items.column_names else "id"
        files = next((column for column in ("file_name", "path", "image") if column in items.column_names), name)
        images = [{"id": str(line[name]), "file_name": line[files]} for line in items.to_pylist()]
    return {"images": images, "annotations": [], "categories": []}
