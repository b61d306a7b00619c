"""An English question that was answered in Chinese."""

import pyarrow as pa

import karat

answer = "The river runs through the whole of the country and ends in the sea."
data = [{"question": f"Where does river number {at} run?", "answer": answer} for at in range(20)]
data[7]["answer"] = "这条河流经整个国家，最后注入大海，沿岸有许多城市。"
found = karat.assess(pa.Table.from_pylist(data), kind="chat", only=["AnswerLanguages"])
