"""Blanks that nobody sees, and that make two equal values differ."""

import pandas as pd

import karat

data = pd.DataFrame({"city": ["Lyon", "Porto", "Graz", "Turku"] * 40, "guests": [1, 2, 3, 4] * 40})
data.loc[3, "city"], data.loc[41, "city"] = " Turku", "Porto\u00a0"
found = karat.assess(data, only=["StrayWhitespace"])
