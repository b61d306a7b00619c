"""A model is used once it has answered, and exchanged whole: what came to the old one is answered by the old one."""

import asyncio
import json
import shutil
from pathlib import Path

import pytest

from karat.core.errors import InputError
from karat.deploy import model_in_use
from karat.deploy.judging import JudgedRequest
from karat.deploy.limits import ServeLimits
from karat.deploy.model_in_use import ModelInUse
from karat.deploy.protocol import Request

LIMITS = ServeLimits()


@pytest.fixture
def copy(run: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(run, tmp_path / "people"))


def version(model: ModelInUse) -> str:
    return model.current.service.predictor.signature.version


def newer(run: Path, version: str) -> None:
    place = run / "model" / "schema.json"
    schema = json.loads(place.read_text(encoding="utf-8"))
    place.with_suffix(".new").write_text(json.dumps(schema | {"version": version}), encoding="utf-8")
    place.with_suffix(".new").rename(place)


def test_a_new_model_comes_into_use_and_the_old_one_ends_its_work(copy: Path) -> None:
    async def exchanged() -> None:
        model = ModelInUse.load(copy, "", LIMITS)
        old = model.current
        old.service.counters.answered(200, 0.1)
        request = Request("", {"age": ["40"], "城市": ["北京"], "when": [None]}, {}, quarantine=False)
        waiting = asyncio.create_task(old.batcher.submit(request))
        newer(copy, "2")
        await model.exchange()
        assert (version(model), model.exchanged) == ("2", 1)
        assert isinstance(await waiting, JudgedRequest)
        assert model.current.service.counters.requests[200] == 1
        model.close()

    asyncio.run(exchanged())


def test_a_link_is_exchanged_by_one_rename(copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_in_use, "LOOK_SECONDS", 0.02)
    second = Path(shutil.copytree(copy, tmp_path / "second"))
    newer(second, "2")
    current = tmp_path / "current"
    current.symlink_to(copy)

    async def exchanged() -> list[str]:
        model = ModelInUse.load(current, "", LIMITS)
        watching = asyncio.create_task(model.watch())
        seen = [version(model)]
        for target in (second, copy):
            (tmp_path / "next").symlink_to(target)
            (tmp_path / "next").rename(current)
            before = model.exchanged
            for _ in range(500):
                await asyncio.sleep(0.01)
                if model.exchanged > before:
                    break
            seen.append(version(model))
        watching.cancel()
        model.close()
        return seen

    assert asyncio.run(exchanged()) == ["1", "2", "1"]


def test_a_model_that_cannot_be_used_is_not(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async def exchanged() -> None:
        model = ModelInUse.load(copy, "", LIMITS)
        old = model.current
        (copy / "model" / "model.onnx").write_bytes(b"no model")
        await model.exchange()
        assert model.current is old
        assert model.failed == 1
        model.close()

    asyncio.run(exchanged())
    assert "the new model is not used" in capsys.readouterr().err


def test_files_that_change_are_noticed(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_in_use, "LOOK_SECONDS", 0.02)

    async def noticed() -> str:
        model = ModelInUse.load(copy, "", LIMITS)
        watching = asyncio.create_task(model.watch())
        await asyncio.sleep(0.05)
        newer(copy, "3")
        for _ in range(200):
            await asyncio.sleep(0.02)
            if model.exchanged:
                break
        watching.cancel()
        model.close()
        return version(model)

    assert asyncio.run(noticed()) == "3"


def test_a_model_that_does_not_answer_is_refused(copy: Path) -> None:
    place = copy / "model" / "schema.json"
    schema = json.loads(place.read_text(encoding="utf-8"))
    schema["outputs"][0]["name"] = "lable"
    place.write_text(json.dumps(schema), encoding="utf-8")
    with pytest.raises(InputError, match="does not answer"):
        ModelInUse.load(copy, "", LIMITS)
