"""A hundred people have one rating each: nobody's taste can be learned from that."""

import pandas as pd
from _ratings import ratings

import karat

strangers = [(f"new{at}", f"film {at % 50}", 3, 1_610_000_000 + 1000 * at) for at in range(100)]
data = pd.concat([ratings(), pd.DataFrame(strangers, columns=["user", "film", "rating", "time"])], ignore_index=True)
found = karat.assess(data, only=["ColdStart"])
