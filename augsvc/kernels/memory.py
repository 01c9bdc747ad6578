"""What numba does not offer by itself: one instruction of LLVM for one call."""

from __future__ import annotations

import ctypes
from typing import Any

from numba.core import cgutils, types
from numba.extending import intrinsic, overload

from augsvc.types import Bytes, Int


def copy_bytes(source: Bytes, start: Int, out: Bytes, at: Int, size: Int) -> None:
    """Copy source[start:start + size] to out[at:], u8 arrays that do not overlap; compiled, nothing checks bounds."""
    out[at : at + size] = source[start : start + size]


def copy_from(address: Int, out: Bytes, at: Int, size: Int) -> None:
    """Copy `size` bytes of memory to out[at:], a u8 array that does not overlap; compiled, nothing checks bounds."""
    out[at : at + size] = list(ctypes.string_at(int(address), int(size)))


def load_int32(address: Int, index: Int) -> Int:
    """Return the int32 that stands `index` such integers after an address."""
    return ctypes.c_int32.from_address(int(address) + 4 * int(index)).value


def load_int64(address: Int, index: Int) -> Int:
    """Return the int64 that stands `index` such integers after an address."""
    return ctypes.c_int64.from_address(int(address) + 8 * int(index)).value


_copy: Any = cgutils.raw_memcpy


def _array(context: Any, builder: Any, kind: Any, value: Any, index: Any) -> Any:
    """Where an element of a u8 array lies."""
    return builder.gep(context.make_array(kind)(context, builder, value).data, [index])


def _pointer(context: Any, builder: Any, address: Any, kind: Any) -> Any:
    return builder.inttoptr(address, context.get_value_type(kind).as_pointer())


@intrinsic
def _memcpy(_context: Any, source: Any, start: Any, out: Any, at: Any, size: Any) -> Any:  # noqa: ARG001
    """Write `copy_bytes` as one memcpy."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        begin = _array(context, builder, signature.args[0], arguments[0], arguments[1])
        into = _array(context, builder, signature.args[2], arguments[2], arguments[3])
        _copy(builder, into, begin, arguments[4], 1)
        return context.get_dummy_value()

    return types.void(source, types.int64, out, types.int64, types.int64), generate


@intrinsic
def _memcpy_from(_context: Any, address: Any, out: Any, at: Any, size: Any) -> Any:  # noqa: ARG001
    """Write `copy_from` as one memcpy."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        into = _array(context, builder, signature.args[1], arguments[1], arguments[2])
        _copy(builder, into, _pointer(context, builder, arguments[0], types.uint8), arguments[3], 1)
        return context.get_dummy_value()

    return types.void(types.int64, out, types.int64, types.int64), generate


def _loading(kind: Any) -> Any:
    def load(_context: Any, address: Any, index: Any) -> Any:  # noqa: ARG001
        """Write `load_int32` or `load_int64` as one load."""

        def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            found = builder.load(builder.gep(_pointer(context, builder, arguments[0], kind), [arguments[1]]))
            return context.cast(builder, found, kind, types.int64)

        return types.int64(types.int64, types.int64), generate

    return intrinsic(load)


_load_int32, _load_int64 = _loading(types.int32), _loading(types.int64)

_OPTIONS: Any = {"_nrt": False, "forceinline": True}  # numba's stubs do not know _nrt


@overload(copy_bytes, jit_options=_OPTIONS)
def _compiled(source: Any, start: Any, out: Any, at: Any, size: Any) -> Any:  # noqa: ARG001
    compiled: Any = _memcpy

    def copy(source: Any, start: Any, out: Any, at: Any, size: Any) -> None:
        compiled(source, start, out, at, size)

    return copy


@overload(copy_from, jit_options=_OPTIONS)
def _compiled_from(address: Any, out: Any, at: Any, size: Any) -> Any:  # noqa: ARG001
    compiled: Any = _memcpy_from

    def copy(address: Any, out: Any, at: Any, size: Any) -> None:
        compiled(address, out, at, size)

    return copy


@overload(load_int32, jit_options=_OPTIONS)
def _compiled_int32(address: Any, index: Any) -> Any:  # noqa: ARG001
    compiled: Any = _load_int32

    def load(address: Any, index: Any) -> Any:
        return compiled(address, index)

    return load


@overload(load_int64, jit_options=_OPTIONS)
def _compiled_int64(address: Any, index: Any) -> Any:  # noqa: ARG001
    compiled: Any = _load_int64

    def load(address: Any, index: Any) -> Any:
        return compiled(address, index)

    return load
