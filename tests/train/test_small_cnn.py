"""A small network learns, is the same for a seed, goes on from a file, and says plainly what it lacks."""

import sys

import numpy as np
import pytest
from sklearn.datasets import load_digits

from karat.core.errors import InputError, MachineError, OptionError
from karat.core.schema import Column, Role, Schema
from karat.train.recipes import headline_for, led_by, recipes_worth_a_try
from karat.train.small_cnn import SmallCNN

SHOWN = Schema((Column("label", Role.TARGET), Column("bytes", Role.IMAGE, "binary")), task="classification")


def digits(count):
    """The bundled digits, four pixels for one: (n, 3072) float32 of 0 to 255."""
    held = load_digits()
    grey = np.kron(held.images[:count] * 15, np.ones((4, 4))).astype(np.float32)
    return np.repeat(grey[..., None], 3, axis=3).reshape(count, -1), held.target[:count]


def test_without_torch_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    features, target = digits(10)
    with pytest.raises(MachineError, match=r"karat-data\[torch\]"):
        SmallCNN().fit(features, target)
    with pytest.raises(MachineError, match=r"karat-data\[torch\]"):
        led_by(SHOWN, "SmallCNN")
    assert headline_for(SHOWN).name == "least squares on patches"


def test_it_leads_only_where_it_is_ordered_and_there_are_pictures():
    pytest.importorskip("torch")
    assert [recipe.name for recipe in recipes_worth_a_try(SHOWN)] == ["least squares on patches", "naive"]
    ordered = led_by(SHOWN, "SmallCNN")
    assert headline_for(ordered).features == "pixels"
    assert recipes_worth_a_try(ordered)[0].name == "small network"
    table = Schema((Column("x", Role.NUMBER), Column("y", Role.TARGET)), task="classification")
    for name in ("SmallCNN", "weights.pt"):
        with pytest.raises(OptionError, match=name):
            led_by(table, name)


@pytest.fixture(scope="module")
def fitted():
    pytest.importorskip("torch")
    features, target = digits(900)
    return SmallCNN((8, 16, 32, 64), passes=12, rate=8e-3, classes=10).fit(features[:700], target[:700], 3)


def test_it_reads_digits_and_knows_how_sure_it_may_be(fitted):
    features, target = digits(900)
    answer = fitted.predict(features[700:])
    right = (answer.argmax(axis=1) == target[700:]).mean()
    assert right >= 0.93
    assert abs(answer.max(axis=1).mean() - right) < 0.08
    np.testing.assert_allclose(answer.sum(axis=1), 1)


def test_the_same_seed_gives_the_same_bits_whatever_chance_torch_holds():
    torch = pytest.importorskip("torch")
    features, target = digits(120)
    made = []
    for chance, threads in ((1, 1), (2, 2)):
        torch.manual_seed(chance)
        torch.set_num_threads(threads)
        made.append(SmallCNN((4, 8), passes=1).fit(features, target, 5))
        assert torch.get_num_threads() == threads
    first, second = (model.predict(features).tobytes() for model in made)
    assert first == second
    assert SmallCNN((4, 8), passes=1).fit(features, target, 6).predict(features).tobytes() != first


@pytest.fixture(scope="module")
def files(fitted, tmp_path_factory):
    torch = pytest.importorskip("torch")
    place = tmp_path_factory.mktemp("weights")
    whole = fitted.network()
    torch.save(whole.state_dict(), place / "held.pt")
    torch.save({"state_dict": whole.state_dict()}, place / "wrapped.pth")
    (place / "held.safetensors").write_bytes(_safetensors(whole.state_dict()))
    return place


def _safetensors(state):
    import json

    head, body = {}, b""
    for name, value in state.items():
        if value.is_floating_point():
            raw = value.numpy().tobytes()
            head[name] = {
                "dtype": "F32",
                "shape": list(value.shape),
                "data_offsets": [len(body), len(body) + len(raw)],
            }
            body += raw
    told = json.dumps(head).encode()
    return len(told).to_bytes(8, "little") + told + body


@pytest.mark.parametrize("name", ["held.pt", "wrapped.pth", "held.safetensors"])
def test_given_weights_answer_as_they_did(fitted, files, name):
    features, target = digits(60)
    again = SmallCNN(start=str(files / name), tuned=False, classes=10).fit(features, target)
    np.testing.assert_allclose(again.logits(features), fitted.logits(features), atol=1e-4)


def test_torchscript_gives_its_weights_too(fitted, tmp_path):
    torch = pytest.importorskip("torch")
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.jit.trace(fitted.network(), torch.zeros(1, 3, 32, 32)).save(str(tmp_path / "held.ts"))
    features, target = digits(40)
    again = SmallCNN(start=str(tmp_path / "held.ts"), tuned=False, classes=10).fit(features, target)
    np.testing.assert_allclose(again.logits(features), fitted.logits(features), atol=1e-4)


def test_what_is_gone_on_from_needs_fewer_pictures(files):
    features, target = digits(900)
    some = SmallCNN(start=str(files / "held.pt"), passes=1).fit(features[700:780], target[700:780] % 2, 1)
    right = some.predict(features[780:]).argmax(axis=1) == target[780:] % 2
    assert some.classes == 2
    assert right.mean() >= 0.85


def test_weights_that_do_not_fit_are_refused_in_words(files, tmp_path):
    torch = pytest.importorskip("torch")
    features, target = digits(20)
    with pytest.raises(OptionError, match="none"):
        led_by(SHOWN, str(tmp_path / "none.pt"))
    (tmp_path / "text.pt").write_text("no weights", encoding="utf-8")
    with pytest.raises(OptionError, match="is not a file of weights"):
        led_by(SHOWN, str(tmp_path / "text.pt"))
    torch.save(torch.nn.Linear(2, 2).state_dict(), tmp_path / "line.pt")
    with pytest.raises(OptionError, match="0 convolutions"):
        SmallCNN(start=str(tmp_path / "line.pt")).check()
    with pytest.raises(OptionError, match="and the data has 2"):
        SmallCNN(start=str(files / "held.pt"), tuned=False).fit(features, target % 2)
    with pytest.raises(OptionError, match="the pictures have 6"):
        SmallCNN(start=str(files / "held.pt")).fit(np.hstack([features, features]), target)
    with pytest.raises(InputError, match="17 features"):
        SmallCNN().fit(features[:, :17], target)
    with pytest.raises(OptionError, match="widths"):
        SmallCNN(widths=())
    held = led_by(SHOWN, str(files / "held.pt"))
    assert headline_for(held).learner.digest
    assert headline_for(held).name == "given network"


def test_one_class_and_a_class_that_no_record_shows():
    pytest.importorskip("torch")
    features, target = digits(24)
    learner = SmallCNN((4,), passes=1, classes=3)
    assert learner.fit(features, np.ones(24, np.int64)).predict(features)[:, 1].min() == 1
    answer = learner.fit(features, target % 2 * 2).predict(features)
    assert not answer[:, 1].any()
