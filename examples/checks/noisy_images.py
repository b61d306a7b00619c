"""A picture with the noise of a bad sensor."""

import numpy as np
from _photos import photos, saved

import karat

pictures = photos()
pictures[7] = pictures[7] + np.random.default_rng(3).normal(0, 45, pictures[7].shape)
data = saved(pictures)
found = karat.assess(data, only=["NoisyImages"])
