"""Pictures whose ending names another format."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.finding import Dimension, DoesNotApply
from karat.core.schema import Schema
from karat.core.unit import Check
from karat.quality.measured_pictures import path_of
from karat.quality.pictures import OfPictures, PictureFigures, path_column

ENDINGS = {
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".jpe": "JPEG",
    ".png": "PNG",
    ".gif": "GIF",
    ".bmp": "BMP",
    ".webp": "WEBP",
    ".tif": "TIFF",
    ".tiff": "TIFF",
}


@dataclass(frozen=True)
class MisnamedImages(OfPictures, Check):
    """Pictures whose ending says one format and whose bytes another.

    Programs that go by the ending fail on them or, worse, pass them over. The pixels are fine; the name is not.

    Source: ISO/IEC 5259-2, data record consistency; formats by their first bytes.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    measure_name: ClassVar[str] = "data record consistency"
    unit: ClassVar[str] = "records"

    def applies(self, schema: Schema) -> DoesNotApply | None:
        return super().applies(schema) or (None if path_column(schema) else DoesNotApply("no column of paths"))

    def judge(self, state: PictureFigures, block: Block, before: Any = None) -> pa.Table:
        here = PictureFigures.of(block)
        named = np.array([ENDINGS.get(_ending(path), "") for path in here.names.to_pylist()])
        at = np.flatnonzero((named != "") & (here.forms != "") & here.readable & (named != here.forms))
        return self.found(
            len(at),
            row=block.rows[at],
            value=path_of(block, at),
            confidence=0.99,
            message=[f"named as a {named[place]}, but its bytes are a {here.forms[place]}" for place in at],
        )

    def total(self, state: PictureFigures, schema: Schema) -> int:
        return int(state.readable.sum())


def _ending(path: str | None) -> str:
    return PurePosixPath((path or "").lower()).suffix
