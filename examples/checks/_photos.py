"""Pictures for the examples: the two photographs of scikit-learn, cut into 27 pictures of 64 x 64 pixels."""

from pathlib import Path

import numpy as np
from PIL import Image
from sklearn.datasets import load_sample_images

SIDE = 64


def photos():
    """A list of arrays (64, 64, 3): cuts that do not overlap, at half the size; flat sky is left out."""
    cuts = []
    for photo in load_sample_images().images:
        for top in range(0, photo.shape[0] - 2 * SIDE + 1, 2 * SIDE):
            for left in range(0, photo.shape[1] - 2 * SIDE + 1, 2 * SIDE):
                cut = Image.fromarray(photo[top : top + 2 * SIDE, left : left + 2 * SIDE])
                cuts.append(np.asarray(cut.resize((SIDE, SIDE), Image.Resampling.BOX)))
    return [cut for cut in cuts if cut.std() > 25]


def saved(pictures, folder="photos", labels=None):
    """Write arrays or pictures as PNG files, in a folder a class where labels are given; the folder."""
    for at, picture in enumerate(pictures):
        place = Path(folder) / (labels[at] if labels else "")
        place.mkdir(parents=True, exist_ok=True)
        array = (
            picture if isinstance(picture, Image.Image) else Image.fromarray(np.clip(picture, 0, 255).astype("uint8"))
        )
        array.save(place / f"{at:03d}.png")
    return folder
