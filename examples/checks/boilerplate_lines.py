"""Two pages with lines of the page itself: consent and sharing. With `boilerplate=True` they are cut."""

from _documents import documents

import karat

data = documents()
data[5] = f"{data[5]}\nAccept all cookies\n{data[6]}\nShare on Facebook"
data[9] = f"{data[9]}\nAll rights reserved."
found = karat.clean(data, kind="text", boilerplate=True, only=["BoilerplateLines"])
