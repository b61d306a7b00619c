"""A postcode decides the town. Three records disagree with all others of their postcode."""

import numpy as np
import pandas as pd

import karat

towns = {"69001": "Lyon", "06000": "Nice", "8010": "Graz", "20100": "Turku", "4000": "Porto"}
codes = np.random.default_rng(0).choice(list(towns), 400)
data = pd.DataFrame({"postcode": codes, "town": [towns[code] for code in codes]})
data.loc[[17, 140, 333], "town"] = ["Graaz", "Turcu", "Lyyon"]
found = karat.assess(data, only=["BrokenDependencies"])
