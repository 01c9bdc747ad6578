"""What numba does not offer by itself: one instruction of LLVM for one call."""

from __future__ import annotations

from typing import Any

from numba.core import cgutils, types
from numba.extending import intrinsic, overload

from augsvc.types import Bytes, Int


def copy_bytes(source: Bytes, start: Int, out: Bytes, at: Int, size: Int) -> None:
    """Copy source[start:start + size] to out[at:], u8 arrays that do not overlap; compiled, nothing checks bounds."""
    out[at : at + size] = source[start : start + size]


@intrinsic
def _memcpy(_context: Any, source: Any, start: Any, out: Any, at: Any, size: Any) -> Any:  # noqa: ARG001
    """Write `copy_bytes` as one memcpy."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        from_array, to_array = (
            context.make_array(signature.args[n])(context, builder, arguments[n]).data for n in (0, 2)
        )
        into, begin = builder.gep(to_array, [arguments[3]]), builder.gep(from_array, [arguments[1]])
        copy: Any = cgutils.raw_memcpy
        copy(builder, into, begin, arguments[4], 1)
        return context.get_dummy_value()

    return types.void(source, types.int64, out, types.int64, types.int64), generate


_OPTIONS: Any = {"_nrt": False, "forceinline": True}  # numba's stubs do not know _nrt


@overload(copy_bytes, jit_options=_OPTIONS)
def _compiled(source: Any, start: Any, out: Any, at: Any, size: Any) -> Any:  # noqa: ARG001
    compiled: Any = _memcpy

    def copy(source: Any, start: Any, out: Any, at: Any, size: Any) -> None:
        compiled(source, start, out, at, size)

    return copy
