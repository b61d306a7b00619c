"""The same question with two answers that exclude each other."""

import pyarrow as pa

import karat

data = [{"question": f"What is {at} + {at}?", "answer": f"{at} + {at} = {2 * at}"} for at in range(2, 22)]
data += [
    {"question": "How many legs has a spider?", "answer": answer} for answer in ("A spider has 8 legs.", "It has 6.")
]
found = karat.assess(pa.Table.from_pylist(data), kind="chat", only=["ContradictoryAnswers"])
