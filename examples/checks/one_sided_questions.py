"""Three hundred questions of one kind and one length: a model learns to add, and little else."""

import numpy as np
import pyarrow as pa

import karat

random = np.random.default_rng(0)
data = [
    {"question": f"add the number {random.integers(99)} to the number {random.integers(99)}", "answer": "7"}
    for _ in range(300)
]
found = karat.assess(pa.Table.from_pylist(data), kind="chat", only=["OneSidedQuestions"])
