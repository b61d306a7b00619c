"""Two reviews that differ in one word and carry opposite labels."""

import numpy as np
import pandas as pd

import karat

random = np.random.default_rng(0)
words = "river market window garden engine letter summer bridge doctor forest planet silver kitchen island".split()
texts = [" ".join(random.choice(words, 24)) for _ in range(300)]
labels = random.choice(["praise", "complaint"], 300)
texts[120] = texts[30].rsplit(" ", 1)[0] + " harbour"
labels[30], labels[120] = "praise", "complaint"
data = pd.DataFrame({"review": texts, "tone": labels})
found = karat.assess(data, target="tone", only=["NearDuplicateLabels"])
