"""Two answers that break off: one in a sentence, one in a block of code."""

import pyarrow as pa

import karat

answer = "The baker opens his shop at six and sells bread to the people of the village. He closes it in the evening."
data = [{"question": f"What does baker {at} do?", "answer": answer} for at in range(30)]
data[5]["answer"] = "The baker opens his shop at six. He closes it in the"
data[12]["answer"] = "Here is the program:\n```python\nprint(1)"
found = karat.assess(pa.Table.from_pylist(data), kind="chat", only=["TruncatedAnswers"])
