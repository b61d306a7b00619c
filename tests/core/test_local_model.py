"""A folder with a model is recognised, and told from what it was before."""

from karat.core.local_model import encoder_digest, is_encoder


def test_a_model_is_known_by_its_settings_and_files(tmp_path):
    assert not is_encoder("")
    assert not is_encoder(str(tmp_path))
    (tmp_path / "config.json").write_text("{}")
    assert is_encoder(str(tmp_path))
    before = encoder_digest(str(tmp_path))
    assert encoder_digest(str(tmp_path)) == before
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    assert encoder_digest(str(tmp_path)) != before
