"""The straight line y = w x + b by gradient descent: it converges, it diverges, and scaling in prepare cures it.

    python examples/linear_regression.py loss.svg

Samples of a line are no labels to match: the right measures are the mean squared error and R2, never equality.
"""

import json
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.evaluate.mse import MSE
from karat.evaluate.r2 import R2
from karat.prepare.scale_numbers import ScaleNumbers
from karat.prepare.to_float import ToFloat
from karat.train.gradient_descent import DescentModel, DivergedError, GradientDescent

SAMPLES = 100
WEIGHT, BIAS, NOISE = 3.0, 2.0, 0.1


def line(top: float, seed: int = 0) -> Block:
    """100 samples of y = 3 x + 2 with noise, x in [0, top]."""
    random = np.random.default_rng(seed)
    x = random.uniform(0, top, SAMPLES)
    y = WEIGHT * x + BIAS + random.normal(0, NOISE, SAMPLES)
    table = pa.table({"x": [repr(float(v)) for v in x], "y": [repr(float(v)) for v in y]})
    columns = (Column("x", Role.NUMBER, "float64"), Column("y", Role.TARGET, "float64"))
    return Block(np.arange(SAMPLES), table, Schema(columns, task="regression"))


def learn(block: Block, scaled: bool = False) -> tuple[DescentModel, np.ndarray]:
    """The textbook learner: w = 1, b = 1, rate 0.1; and its answers."""
    transform = ScaleNumbers("x") if scaled else ToFloat("x")
    features = transform.fit(block).apply(block)
    model = GradientDescent(rate=0.1, start_weight=1.0, start_bias=1.0).fit(features, block.numbers("y"))
    return model, model.predict(features)


def least_squares(block: Block) -> tuple[float, float]:
    """Weight and bias in closed form, to compare with."""
    x, y = block.numbers("x"), block.numbers("y")
    weight = ((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum()
    return float(weight), float(y.mean() - weight * x.mean())


def loss_curves(curves: dict[str, np.ndarray]) -> str:
    """The loss before each step, drawn to SVG."""
    import vl_convert

    shown = 60
    values = [
        {"step": step, "loss": float(loss), "run": name}
        for name, losses in curves.items()
        for step, loss in enumerate(losses[:shown])
    ]
    chart = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": 480,
        "height": 260,
        "data": {"values": values},
        "mark": {"type": "line", "point": True},
        "encoding": {
            "x": {"field": "step", "type": "quantitative", "title": "step"},
            "y": {"field": "loss", "type": "quantitative", "scale": {"type": "log"}, "title": "mean squared error"},
            "color": {"field": "run", "type": "nominal", "title": None},
        },
    }
    return vl_convert.vegalite_to_svg(json.dumps(chart))


def main(to: Path) -> None:
    """Runs the three cases, prints what happened and draws the losses."""
    near, far = line(1), line(10)
    model, answer = learn(near)
    truth = near.numbers("y")
    weight, bias = least_squares(near)
    print(f"x in [0, 1]   w {model.weights[0, 0]:.4f} b {model.bias[0]:.4f}   least squares {weight:.4f} {bias:.4f}")
    print(
        f"              MSE {MSE().score(truth, answer):.4f}  R2 {R2().score(truth, answer):.4f}  "
        f"answers equal to the sample: {int((answer == truth).sum())} of {SAMPLES}, which says nothing"
    )
    curves = {"x in [0, 1]": model.losses}
    try:
        learn(far)
    except DivergedError as error:
        print(f"x in [0, 10]  {error}")
        curves["x in [0, 10]"] = error.losses
    cured, answer = learn(far, scaled=True)
    truth = far.numbers("y")
    print(f"scaled        MSE {MSE().score(truth, answer):.4f}  R2 {R2().score(truth, answer):.4f}")
    curves["x in [0, 10], scaled"] = cured.losses
    to.write_text(loss_curves(curves), encoding="utf-8")
    print(f"losses drawn  {to}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "loss.svg"))
