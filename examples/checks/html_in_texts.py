"""Tags were left in a document. With `html=True` they are taken out."""

from _documents import documents

import karat

data = documents()
data[6] = f"<div><p>{data[6]}</p>\n<p>Bread &amp; butter</p></div>"
found = karat.clean(data, kind="text", html=True, only=["HtmlInTexts"])
