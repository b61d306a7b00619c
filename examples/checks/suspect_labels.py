"""The iris flowers of scikit-learn, six of them under another name. The model judging a label never saw it."""

from sklearn.datasets import load_iris

import karat

data = load_iris(as_frame=True).frame.rename(columns=lambda name: name.replace(" (cm)", ""))
data["species"] = data.pop("target").map({0: "setosa", 1: "versicolor", 2: "virginica"})
data.loc[[3, 20, 44], "species"] = "virginica"
data.loc[[101, 118, 135], "species"] = "setosa"
found = karat.assess(data, target="species", only=["SuspectLabels"])
