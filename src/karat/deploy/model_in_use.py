"""The model that a server answers with: loaded and tried before it is used, and exchanged whole while it runs."""

import asyncio
import sys
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from karat.core.errors import KaratError
from karat.deploy.batching import Batcher
from karat.deploy.judging import JudgedRequest, Service
from karat.deploy.limits import ServeLimits
from karat.deploy.plain_requests import PlainReader
from karat.deploy.protocol import Request

AT_ONCE = 1_024  # cost: records of a batch, and of a part of a large request, so that others come in between
LOOK_SECONDS = 1.0  # cost: between two looks at the model's files
FILES = ("schema.json", "model.onnx", "checks.json")
Stamp = tuple[tuple[str, int, int, int], ...]


@dataclass(frozen=True, eq=False)
class LoadedModel:
    """One model with the queue of requests that it will answer; requests stay with the model they came to."""

    service: Service
    batcher: Batcher[Request, JudgedRequest]
    reader: PlainReader

    @classmethod
    def of(cls, service: Service, limits: ServeLimits) -> "LoadedModel":
        """A model that has answered once."""
        service.tried()
        batcher = Batcher[Request, JudgedRequest](
            service.answer, lambda request: request.records, AT_ONCE, limits.max_waiting
        )
        return cls(service, batcher, PlainReader(service.predictor.signature))


@dataclass(eq=False)
class ModelInUse:
    """The model of a run folder, exchanged when its files are.

    Parameters
    ----------
    current : LoadedModel
        Replaced by one assignment.
    run : Path or None
        The run folder, or a link to one, which another link may replace; None never changes.
    part : str
        "scorecard" for the card beside the model.
    checks : bool
        Validate records with the checks of training.
    """

    current: LoadedModel
    limits: ServeLimits
    run: Path | None = None
    part: str = ""
    checks: bool = True
    failed: int = 0
    exchanged: int = 0
    _leaving: list[LoadedModel] = field(default_factory=list)
    _loaded: Stamp = ()  # of the files before they were loaded: what changes meanwhile is noticed

    @classmethod
    def load(cls, run: Path, part: str, limits: ServeLimits, *, checks: bool = True) -> "ModelInUse":
        """The model of a run folder. Raises InputError when it cannot be used."""
        loaded = _stamp(run / "model" / part)
        service = Service.load(run.resolve(), part, checks=checks, max_known_bytes=limits.max_cache_bytes)
        model = cls(LoadedModel.of(service, limits), limits, run, part, checks)
        model._loaded = loaded
        return model

    def stamp(self) -> Stamp:
        """What changes when the model's files do."""
        return _stamp((self.run or Path()) / "model" / self.part)

    async def watch(self) -> None:
        """Exchange the model when its files have changed and rest, until cancelled."""
        known = before = self._loaded or self.stamp()
        while self.run is not None:
            await asyncio.sleep(LOOK_SECONDS)
            now = self.stamp()
            if now not in (known, ()) and now == before:
                known = now
                await self.exchange()
            before = now

    async def exchange(self) -> None:
        """Load the model anew beside the one in use, and use it once it has answered; else keep the old one."""
        assert self.run is not None
        run = self.run.resolve()  # where it is a link, all files are of the folder that it leads to now
        load = partial(Service.load, run, self.part, checks=self.checks, max_known_bytes=self.limits.max_cache_bytes)
        try:
            service = await asyncio.to_thread(load)
            fresh = await asyncio.to_thread(LoadedModel.of, service, self.limits)
        except (KaratError, OSError) as error:
            self.failed += 1
            print(f"Warning: the new model is not used: {error}", file=sys.stderr, flush=True)
            return
        fresh.service.counters.take_over(self.current.service.counters)
        self._leaving.append(self.current)
        self.current = fresh
        self.exchanged += 1
        signature = fresh.service.predictor.signature
        print(f"now serving {signature.model}, version {signature.version}", file=sys.stderr, flush=True)
        for old in [model for model in self._leaving if not model.batcher.busy]:
            old.batcher.close()
            self._leaving.remove(old)

    def close(self) -> None:
        """Let running batches end."""
        for model in (self.current, *self._leaving):
            model.batcher.close()


def _stamp(folder: Path) -> Stamp:
    out = []
    for name in FILES:
        try:
            about = (folder / name).stat()
        except OSError:
            continue
        out.append((name, about.st_ino, about.st_mtime_ns, about.st_size))
    return tuple(out)
