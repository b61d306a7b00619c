"""Words in a column of numbers; one is a number in which a letter O stands for a zero."""

import numpy as np
import pandas as pd

import karat

numbers = np.random.default_rng(0).integers(10000, 99999, 500).astype(str).astype(object)
numbers[3], numbers[77] = "1O234", "see remark"
data = pd.DataFrame({"account": numbers, "branch": [f"B{at % 9}" for at in range(500)]})
found = karat.assess(data, columns={"account": {"role": "number"}}, only=["TypeBreaks"])
