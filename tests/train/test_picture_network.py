import zipfile

import numpy as np
import pytest

from karat.core.errors import OptionError
from karat.train import picture_network
from karat.train.picture_network import SMALL, _is_script, digest_of, is_weights


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("net.pt", True),
        ("a/b.pth", True),
        ("x.ts", True),
        ("x.safetensors", True),
        ("SmallCNN", False),
        ("x.pt.txt", False),
    ],
)
def test_a_name_that_ends_as_a_file_of_weights_is_one(name, answer):
    assert is_weights(name) is answer


def test_a_file_is_known_by_what_it_holds(tmp_path):
    (tmp_path / "a.pt").write_bytes(b"weights")
    (tmp_path / "b.pt").write_bytes(b"weights")
    (tmp_path / "c.pt").write_bytes(b"others")
    digest = digest_of(str(tmp_path / "a.pt"))
    assert len(digest) == 16
    assert digest == digest_of(str(tmp_path / "b.pt")) != digest_of(str(tmp_path / "c.pt"))
    assert digest_of(str(tmp_path / "none.pt")) == ""


def test_only_an_archive_with_code_is_torchscript(tmp_path):
    for name, inner in (("script", "net/code/net.py"), ("plain", "net/data.pkl")):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr(inner, "")
    (tmp_path / "other").write_bytes(b"no archive")
    assert [_is_script(tmp_path / name) for name in ("script", "plain", "other")] == [True, False, False]


class Tensor:
    """What ``folded`` asks of a torch tensor."""

    def __init__(self, values):
        self.values = np.asarray(values, np.float64)

    def detach(self):
        return self

    def double(self):
        return self

    def numpy(self):
        return self.values


class Network:
    """A network of one convolution, by its state alone."""

    def __init__(self, **state):
        self.state = {name.replace("__", "."): Tensor(values) for name, values in state.items()}

    def state_dict(self):
        return self.state


def test_a_batch_norm_is_taken_into_its_convolution():
    weights = np.arange(2 * 1 * 9.0).reshape(2, 1, 3, 3)
    whole = Network(
        conv0__weight=weights,
        norm0__weight=[2.0, 3.0],
        norm0__bias=[0.5, -1.0],
        norm0__running_mean=[1.0, 2.0],
        norm0__running_var=[4.0 - SMALL, 9.0 - SMALL],
        head__weight=[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]],
        head__bias=[0.0, 1.0, 2.0],
    )
    ((folded, bias),), head, head_bias = picture_network.folded(whole)
    # scales are 2/2 and 3/3; the first norm moves by 0.5 - 1, the second by -1 - 2
    assert folded == pytest.approx(weights)
    assert bias == pytest.approx([-0.5, -3.0])
    assert folded.dtype == bias.dtype == np.float32
    assert head.tolist() == [[1, 3, 5], [2, 4, 6]]
    assert head_bias.tolist() == [0, 1, 2]


def test_a_network_folded_unfolded_and_folded_again_is_the_same():
    torch = pytest.importorskip("torch")
    whole = picture_network.network((4, 6), 3, 5, np.random.default_rng(0)).eval()
    layers, head, bias = picture_network.folded(whole)
    again, head_again, bias_again = picture_network.folded(picture_network.unfolded(layers, head, bias))
    assert all(
        np.allclose(a, b, atol=1e-6)
        for one, two in zip(layers, again, strict=True)
        for a, b in zip(one, two, strict=True)
    )
    assert np.allclose(head, head_again)
    assert np.allclose(bias, bias_again)
    x = torch.ones(1, 3, 32, 32)
    assert torch.allclose(whole(x), picture_network.unfolded(layers, head, bias)(x), atol=1e-4)


def test_a_file_that_is_none_is_refused(tmp_path):
    pytest.importorskip("torch")
    (tmp_path / "a.pt").write_bytes(b"nothing")
    with pytest.raises(OptionError, match="is not a file of weights"):
        picture_network.read_network(tmp_path / "a.pt")
    with pytest.raises(OptionError, match="is not a file of weights"):
        picture_network.read_network(tmp_path / "none.safetensors")
