import numpy as np
import pytest

from karat.train.picture_training import BATCH, FEWEST, SHIFT, SLOPES, Training, alone, held_out, slope_of, tensor_of


def training(rate=1.0, mirrored=False):
    return Training(None, 1, rate, 0, mirrored)


def test_an_eighth_is_held_out_where_there_are_enough():
    assert held_out(FEWEST, 0).sum() == FEWEST // 8
    assert not held_out(FEWEST - 1, 0).any()
    assert held_out(81, 0).sum() == 11
    assert (held_out(200, 1) == held_out(200, 1)).all()
    assert (held_out(200, 1) != held_out(200, 2)).any()


def test_the_rate_rises_to_its_highest_and_falls_to_a_hundredth():
    rate = training(2.0)._rate
    assert rate(0.0) == pytest.approx(0.2)
    assert rate(0.075) == pytest.approx(2 * 0.55)
    assert rate(0.15) == pytest.approx(2.0)
    assert rate(0.575) == pytest.approx(2 * (0.01 + 0.495))
    assert rate(1.0) == pytest.approx(0.02)


def pictures(n=40):
    """Pictures whose every pixel tells its place: 32 rows, 32 columns."""
    plain = np.zeros((n, 1, 32, 32, 3), np.uint8)
    plain[..., 0] = np.arange(32)[:, None]
    plain[..., 1] = np.arange(32)
    return plain


def test_pictures_are_shifted_as_a_whole_and_their_edge_repeated():
    varied = training()._varied(pictures(), np.random.default_rng(0))
    assert varied.shape == (40, 1, 32, 32, 3)
    shifts = set()
    for picture in varied[:, 0]:
        down, right = int(picture[16, 16, 0]) - 16, int(picture[16, 16, 1]) - 16
        assert (picture[..., 0] == np.clip(np.arange(32) + down, 0, 31)[:, None]).all()
        assert (picture[..., 1] == np.clip(np.arange(32) + right, 0, 31)).all()
        shifts |= {down, right}
    assert shifts == set(range(-SHIFT, SHIFT + 1))


def test_half_are_mirrored_once_that_is_allowed():
    varied = training(mirrored=True)._varied(pictures(200), np.random.default_rng(0))
    mirrored = varied[:, 0, 0, 5, 1] > varied[:, 0, 0, 25, 1]
    assert 70 < mirrored.sum() < 130


def test_a_slope_is_found_that_makes_logits_honest():
    chance = np.random.default_rng(0)
    own = chance.uniform(0.05, 0.95, 4000)
    code = (chance.random(4000) < own).astype(int)
    logits = np.column_stack([np.log(1 - own), np.log(own)])
    assert slope_of(logits, code) == pytest.approx(1.0, abs=0.1)
    assert slope_of(logits * 2, code) == pytest.approx(0.5, abs=0.1)
    assert slope_of(logits * 100, code) == SLOPES[0]
    assert slope_of(logits * 1e-3, code) == SLOPES[-1]


def test_of_torch_the_thread_has_one_thread_and_gets_its_share_back():
    torch = pytest.importorskip("torch")
    before = torch.get_num_threads()
    with alone():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == before


def test_pixels_are_moved_and_scaled_channel_by_channel():
    pytest.importorskip("torch")
    shown = np.zeros((1, 2, 32, 32, 3), np.uint8)
    shown[0, 1, 5, 7, 2] = 255
    tensor = tensor_of(shown).numpy()
    assert tensor.shape == (1, 6, 32, 32)
    assert tensor[0, 5, 5, 7] == pytest.approx((255 - 127.5) / 64)
    assert tensor[0, 0, 0, 0] == pytest.approx(-127.5 / 64)


def test_a_network_learns_and_the_best_pass_is_kept():
    pytest.importorskip("torch")
    from karat.train.picture_network import network

    chance = np.random.default_rng(0)
    code = np.arange(2 * BATCH) % 2
    shown = chance.integers(0, 60, (len(code), 1, 32, 32, 3)).astype(np.uint8)
    shown[code == 1] += 150
    whole = network((4,), 3, 2, np.random.default_rng(0))
    Training(whole, 3, 1e-2, 0).run(shown[16:], code[16:], shown[:16], code[:16])
    assert not whole.training
    assert (whole(tensor_of(shown)).argmax(dim=1).numpy() == code).mean() > 0.9
