"""Whether a loan was repaid is known only where it was granted. A model would never meet the others."""

import numpy as np
import pandas as pd

import karat

random = np.random.default_rng(0)
decision = random.choice(["granted", "refused"], 600)
outcome = np.where(random.random(600) < 0.8, "repaid", "default").astype(object)
outcome[decision == "refused"] = None
data = pd.DataFrame({"income": random.gamma(3, 900, 600).round(), "decision": decision, "outcome": outcome})
found = karat.assess(data, target="outcome", only=["SelectedOutcomes"])
