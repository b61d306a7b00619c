"""Small pictures beside what was found about them, inside the page itself."""

import base64
import io
from pathlib import Path
from typing import Any

from karat.core.errors import KaratError

SIDE = 72  # display: pixels
MAX_THUMBNAILS = 120  # display: of one page


def with_thumbnails(groups: list[dict[str, Any]], run_folder: Path) -> list[dict[str, Any]]:
    """Findings gathered by check, each example about a picture with a thumbnail of it under ``picture``.

    Parameters
    ----------
    groups : list of dict
        As ``karat.show.grouped_findings.found_by_check`` gives them.
    run_folder : Path
        Where the records were left; without them, or without Pillow, there are no thumbnails.
    """
    from karat.show.review.records import Records

    records = Records(run_folder)
    try:
        columns = records.pictures
    except (KaratError, OSError):
        columns = ()
    left = MAX_THUMBNAILS if columns else 0
    for entry in groups:
        for example in entry["examples"]:
            example["picture"] = None
            if example["row"] is not None and left:
                picture = records.picture(example["row"], columns[0])
                example["picture"] = _small(picture[0]) if picture else None
                left -= example["picture"] is not None
    return groups


def _small(data: bytes) -> str | None:
    """A picture as a PNG of at most 72 pixels in a data address; None where it cannot be read."""
    try:
        from PIL import Image

        from karat.kernels.pixels_decoded import decoded
    except ImportError:
        return None
    picture = decoded(data, 4 * SIDE)
    if picture.fault:
        return None
    image = Image.fromarray(picture.pixels)
    scale = SIDE / max(image.size)
    size = (max(1, round(image.size[0] * scale)), max(1, round(image.size[1] * scale)))
    sink = io.BytesIO()
    image.resize(size, Image.Resampling.NEAREST if scale > 1 else Image.Resampling.BOX).save(sink, "PNG")
    return f"data:image/png;base64,{base64.b64encode(sink.getvalue()).decode()}"
