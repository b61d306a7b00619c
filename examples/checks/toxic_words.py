"""An insult in a review. It is suspicious only; a person decides."""

import pandas as pd

import karat

reviews = [f"a quiet room with a view of garden number {at}" for at in range(60)]
reviews[30] = "you are such an idiot, all of you"
data = pd.DataFrame({"review": reviews})
found = karat.assess(data, only=["ToxicWords"])
