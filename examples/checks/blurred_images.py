"""Two pictures out of focus."""

from _photos import photos, saved
from PIL import Image, ImageFilter

import karat

pictures = photos()
for at in (3, 20):
    pictures[at] = Image.fromarray(pictures[at]).filter(ImageFilter.GaussianBlur(3))
data = saved(pictures)
found = karat.assess(data, only=["BlurredImages"])
