"""What this distribution is called, its version, and what its extras give."""

from dataclasses import dataclass
from importlib.util import find_spec

DISTRIBUTION = "karat-data"  # on the package index; it is imported and run as karat
VERSION = "0.1.0"


@dataclass(frozen=True)
class Extra:
    """Packages that are installed only where they are needed.

    Parameters
    ----------
    gives : str
        What works with them.
    modules : tuple of str
        The modules they are imported as.
    """

    gives: str
    modules: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """The modules that are not installed."""
        return tuple(module for module in self.modules if find_spec(module) is None)


EXTRAS = {
    "images": Extra("pictures: reading, checking, learning", ("PIL",)),
    "mcp": Extra("karat mcp: tools for agents", ("mcp",)),
    "serve": Extra("karat serve, karat review: pages and server", ("starlette", "uvicorn")),
    "text": Extra(
        "web archives, languages, tokens for training",
        ("fastwarc", "py3langid", "resiliparse", "tokenizers", "trafilatura"),
    ),
    "torch": Extra("training on PyTorch: small GPT, picture networks", ("torch", "transformers")),
    "watch": Extra(
        "karat watch: Kafka, NATS, MQTT, AMQP and Redis", ("confluent_kafka", "nats", "paho", "pika", "redis")
    ),
}


def install(extra: str) -> str:
    """What to do where an extra is missing, as an error says it."""
    return f"Run pip install '{DISTRIBUTION}[{extra}]'"
