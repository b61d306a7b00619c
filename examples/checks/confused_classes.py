"""Dogs and wolves were labelled by chance: no model tells them apart, though cats are no trouble."""

import numpy as np
import pandas as pd

import karat

random = np.random.default_rng(0)
animal = random.choice(["cat", "dog", "wolf"], 450)
data = pd.DataFrame(random.normal(0, 1, (450, 3)).round(2), columns=["weight", "ears", "tail"])
data["weight"] += np.where(animal == "cat", -6, 6)
data["animal"] = animal
found = karat.assess(data, target="animal", only=["ConfusedClasses"])
