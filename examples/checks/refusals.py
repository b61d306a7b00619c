"""An answer that refuses a harmless question."""

import pyarrow as pa

import karat

data = [{"question": f"What is {at} + {at}?", "answer": f"It is {2 * at}."} for at in range(2, 30)]
data[8] = {"question": "Write a poem about rain.", "answer": "I'm sorry, but as an AI language model I cannot do that."}
found = karat.assess(pa.Table.from_pylist(data), kind="chat", only=["Refusals"])
