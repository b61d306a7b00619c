"""Hugging Face models in local folders: recognised and told apart without being loaded."""

from hashlib import blake2b
from pathlib import Path


def is_encoder(folder: str) -> bool:
    """Is it a folder with a Hugging Face model?"""
    return bool(folder) and (Path(folder) / "config.json").is_file()


def encoder_digest(folder: str) -> str:
    """Which model a folder holds: a hash of its settings and of its files' names, sizes and times of change."""
    hashed = blake2b((Path(folder) / "config.json").read_bytes(), digest_size=4)
    for path in sorted(Path(folder).iterdir()):
        hashed.update(f"{path.name} {path.stat().st_size} {path.stat().st_mtime_ns}".encode())
    return hashed.hexdigest()
