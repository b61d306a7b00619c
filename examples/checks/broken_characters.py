"""A document that was read in a wrong encoding: the bytes still say what it was."""

from _documents import documents

import karat

data = documents()
data[7] = "The cafÃ© in Malmö was full, and the baker said: â€œcome back tomorrowâ€\x9d. " + data[7]
found = karat.clean(data, kind="text", only=["BrokenCharacters"])
