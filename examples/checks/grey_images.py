"""Two grey pictures in a set of coloured ones."""

import numpy as np
from _photos import photos, saved
from PIL import Image

import karat

pictures = [picture for picture in photos() if np.ptp(picture.astype(int), axis=2).mean() > 15]
for at in (1, 2):
    pictures[at] = Image.fromarray(pictures[at]).convert("L")
data = saved(pictures)
found = karat.assess(data, only=["GreyImages"])
