"""A conversation in which the user speaks twice, and one that ends with a question."""

import pyarrow as pa

import karat


def chat(*roles):
    return {"messages": [{"role": role, "content": f"words of turn {at}"} for at, role in enumerate(roles)]}


data = [chat("user", "assistant") for _ in range(20)]
data[4] = chat("user", "user", "assistant")
data[11] = chat("user", "assistant", "user")
found = karat.assess(pa.Table.from_pylist(data), kind="chat", only=["BrokenTurns"])
