"""A model in use: ONNX Runtime behind the signature, without scikit-learn."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from karat.core.block import Block
from karat.core.errors import InputError
from karat.core.schema import Role
from karat.deploy.signature import Signature

MAX_RECORDS = 1_024  # cost: at a time: characters and one-hot categories lie side by side for all of them
MAX_PICTURES = 64  # cost: whose patches lie side by side


@dataclass(frozen=True, eq=False)
class Predictor:
    """Answers for blocks of records as text.

    Parameters
    ----------
    signature : Signature
    session : onnxruntime.InferenceSession
        Its inputs are the signature's.
    """

    signature: Signature
    session: Any

    @classmethod
    def load(cls, folder: Path) -> "Predictor":
        """From a run's ``model`` folder.

        Raises
        ------
        InputError
            When the model is absent, unreadable, or takes other inputs than its schema says.
        """
        import onnxruntime as ort

        signature = Signature.load(folder / "schema.json")
        path = folder / "model.onnx"
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        cure = "run `karat run` again to export the model anew"
        try:
            session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime raises classes of its own, without a common base
            fault = str(error).splitlines()[0] if path.exists() else "no such file"
            raise InputError(f"{path} is not an ONNX model: {fault}", cure) from error
        taken, wanted = {i.name for i in session.get_inputs()}, {i.name for i in signature.inputs}
        if taken != wanted:
            odd = ", ".join(sorted(taken ^ wanted))
            raise InputError(f"{path} and schema.json disagree on the inputs: only one of them has {odd}", cure)
        return cls(signature, session)

    def answer(self, block: Block) -> dict[str, np.ndarray]:
        """The output tensors by name, n records each."""
        return self.run(self.signature.feeds(block), len(block))

    def run(self, feeds: Mapping[str, np.ndarray], size: int) -> dict[str, np.ndarray]:
        """The output tensors by name for input tensors of so many records."""
        names, most = self._names, self._most
        if size <= most:
            return dict(zip(names, self.session.run(names, feeds), strict=True))
        parts = [
            self.session.run(names, {name: value[start : start + most] for name, value in feeds.items()})
            for start in range(0, size, most)
        ]
        return {name: np.concatenate(values) for name, values in zip(names, zip(*parts, strict=True), strict=True)}

    @cached_property
    def _names(self) -> list[str]:
        return [entry.name for entry in self.signature.outputs]

    @cached_property
    def _most(self) -> int:
        """Records that are answered at a time."""
        return MAX_PICTURES if any(entry.role == Role.IMAGE for entry in self.signature.inputs) else MAX_RECORDS
