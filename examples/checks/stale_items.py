"""A third of the films have not been seen by anybody for a long time."""

from _ratings import ratings

import karat

data = ratings()
old = data["film"].str[5:].astype(int) % 3 == 0
data = data[~old | (data["time"] < 1_605_000_000)].reset_index(drop=True)
found = karat.assess(data, only=["StaleItems"])
