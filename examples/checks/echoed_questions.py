"""An answer that only says the question again."""

import pyarrow as pa

import karat

data = [{"question": f"What is {at} + {at}?", "answer": f"It is {2 * at}."} for at in range(2, 30)]
data[8] = {"question": "Why do leaves fall in autumn?", "answer": "Why do leaves fall in autumn?"}
found = karat.assess(pa.Table.from_pylist(data), kind="chat", only=["EchoedQuestions"])
