"""A page of short lines without an end mark: a menu, not a text."""

from _documents import documents

import karat

data = [text.replace(". ", ".\n") for text in documents()]
data[2] = "\n".join(f"Offer {at} of the week" for at in range(40))
found = karat.assess(data, kind="text", profile="fineweb", only=["FinewebQuality"])
