"""Machine code for functions, kept on disk between runs, free of the interpreter's lock; and bare pointers for them.

An array that is handed from function to function is counted in and out at each call, by an operation that two threads
fight for; a pointer is a number. So the kernels take pointers from the arrays once, at their door.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

_pointer_type: Any = types.CPointer
F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """The function as machine code, compiled at its first call and cached beside its file."""
    machine_code: Any = njit(cache=True, nogil=True, error_model="numpy")(function)
    return machine_code


def _pointer(_: Any, array: Any) -> Any:
    def make(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return target.make_array(signature.args[0])(target, builder, arguments[0]).data

    return _pointer_type(array.dtype)(array), make


def _moved(_: Any, pointer: Any, steps: Any) -> Any:  # noqa: ARG001  Numba asks for the names
    def make(_: Any, builder: Any, __: Any, arguments: Any) -> Any:
        return builder.gep(arguments[0], [arguments[1]])

    return pointer(pointer, types.intp), make


def _eight_at(_: Any, pointer: Any, at: Any) -> Any:  # noqa: ARG001
    return types.uint64(pointer, types.intp), _loading(64)


def _four_at(_: Any, pointer: Any, at: Any) -> Any:  # noqa: ARG001
    return types.uint32(pointer, types.intp), _loading(32)


def _zeros_below(_: Any, number: Any) -> Any:  # noqa: ARG001
    def make(_: Any, builder: Any, __: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return types.int64(types.uint64), make


def _loading(bits: int) -> Any:
    def make(_: Any, builder: Any, __: Any, arguments: Any) -> Any:
        place = builder.gep(arguments[0], [arguments[1]])
        return builder.load(builder.bitcast(place, ir.IntType(bits).as_pointer()), align=1)

    return make


pointer: Any = intrinsic(_pointer)  # the first element of an array; whoever calls keeps the array alive
moved: Any = intrinsic(_moved)  # a pointer so many elements on
eight_at: Any = intrinsic(_eight_at)  # eight bytes from a place on, as one number
four_at: Any = intrinsic(_four_at)  # four of them
zeros_below: Any = intrinsic(_zeros_below)  # how many bits below the lowest that is set; 64 for none
