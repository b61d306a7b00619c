"""A German remark in a column of English ones."""

import numpy as np
import pandas as pd

import karat

sentences = [
    "the house at the end of our street has been empty for many years",
    "nobody knows who it belongs to or why they left it in such a hurry",
    "in the summer the children of the village play in its garden",
    "my mother says that a doctor lived there when she was a young girl",
]
random = np.random.default_rng(3)
remarks = [". ".join(random.permutation(sentences)[:3]) + f" {at}." for at in range(200)]
remarks[7] = (
    "Das Haus am Ende unserer Straße steht schon seit vielen Jahren leer, und niemand weiß, wem es gehört "
    "oder warum sie es damals so eilig verlassen haben."
)
data = pd.DataFrame({"remark": remarks})
found = karat.assess(data, kind="table", only=["MixedLanguage"])
