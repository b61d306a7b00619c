"""Two reviews still have the tags of the page they were taken from."""

import pandas as pd

import karat

reviews = [f"The room was quiet and the breakfast on day {at} was good." for at in range(80)]
reviews[3] = "<p>Clean room.<br/>Friendly staff &amp; a good breakfast.</p>"
reviews[50] = "<div class='review'>Far from the station, <b>but quiet</b>.</div>"
data = pd.DataFrame({"review": reviews})
found = karat.assess(data, only=["HtmlRemains"])
