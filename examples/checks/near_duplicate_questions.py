"""One question asked twice, with one word changed."""

import pyarrow as pa
from _documents import documents

import karat

data = [
    {"question": f"Who is meant here? {text[:300]}", "answer": f"Answer {at}."} for at, text in enumerate(documents())
]
data.append({"question": data[6]["question"].replace("hour", "day"), "answer": "The bakers."})
found = karat.assess(pa.Table.from_pylist(data), kind="chat", only=["NearDuplicateQuestions"])
