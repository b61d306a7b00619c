"""A clock that was never set: its events are of 1970."""

from _ratings import ratings

import karat

data = ratings()
data.loc[17, "time"] = 0
found = karat.assess(data, only=["ImpossibleTimes"])
