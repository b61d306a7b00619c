"""A question without an answer, and an answer that says N/A."""

import pyarrow as pa

import karat

data = [{"question": f"What is {at} + {at}?", "answer": f"It is {2 * at}."} for at in range(2, 30)]
data[5]["answer"], data[9]["answer"] = " ", "N/A"
found = karat.assess(pa.Table.from_pylist(data), kind="chat", only=["EmptyTurns"])
