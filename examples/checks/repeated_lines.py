"""A line that stands at the end of every page of a site. With `repeated_lines=5` it is cut from all but the first."""

from _documents import documents

import karat

data = documents()
data[10:20] = [f"{text}\nPrinted by the Society of Bakers, 12 Mill Lane, Cork." for text in data[10:20]]
found = karat.clean(data, kind="text", repeated_lines=5, only=["RepeatedLines"])
