"""What the processor does in one instruction and numba has no name for: unaligned words, bit counts, prefetching."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
from llvmlite import ir  # type: ignore[import-untyped, unused-ignore]
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numpy import int64, uint64

from augsvc.types import Bytes, Int

# numba's stubs do not know these well enough
_intrinsic: Any = intrinsic
_declare: Any = cgutils.get_or_insert_function
_config: Any = numba.config


def _address(context: Any, builder: Any, array_type: Any, array: Any, index: Any) -> Any:
    view = context.make_array(array_type)(context, builder, array)
    return builder.gep(view.data, [index])


@_intrinsic
def _load64(_typing: Any, data: Any, _index: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        address = _address(context, builder, signature.args[0], *args)
        word = builder.load(builder.bitcast(address, ir.IntType(64).as_pointer()))
        word.align = 1
        return word

    return types.uint64(data, types.int64), generate


@_intrinsic
def _trailing_zeros(_typing: Any, _bits: Any) -> Any:
    def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.cttz(args[0], cgutils.false_bit)

    return types.int64(types.uint64), generate


@_intrinsic
def _ones(_typing: Any, _bits: Any) -> Any:
    def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.ctpop(args[0])

    return types.int64(types.uint64), generate


@_intrinsic
def _prefetch(_typing: Any, array: Any, _index: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        address = builder.bitcast(_address(context, builder, signature.args[0], *args), cgutils.voidptr_t)
        number = ir.IntType(32)
        function_type = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, number, number, number])
        function = _declare(builder.module, function_type, "llvm.prefetch.p0")
        # a read that will be wanted again, of data
        builder.call(function, [address, number(0), number(3), number(1)])
        return context.get_dummy_value()

    return types.void(array, types.int64), generate


def _load64_plain(data: Bytes, i: Int) -> Int:
    if i + 8 > data.shape[0]:
        raise IndexError(i)
    return uint64(int.from_bytes(data[i : i + 8].tobytes(), "little"))


def _trailing_zeros_plain(bits: Int) -> Int:
    return int64((int(bits) & -int(bits)).bit_length() - 1 if bits else 64)


def _ones_plain(bits: Int) -> Int:
    return int64(int(bits).bit_count())


def _prefetch_plain(_array: object, _i: Int) -> None:
    """Do nothing: that is all that a program can see of it."""


# with NUMBA_DISABLE_JIT kernels run as plain Python, which knows no intrinsics
_PLAIN = bool(_config.DISABLE_JIT)

load64: Callable[[Bytes, Int], Int] = _load64_plain if _PLAIN else _load64
"""load64(data, i): the little-endian u64 of data[i:i + 8], which must lie inside."""

trailing_zeros: Callable[[Int], Int] = _trailing_zeros_plain if _PLAIN else _trailing_zeros
"""trailing_zeros(bits): how many zeros stand below the lowest one of a u64, 64 for none."""

ones: Callable[[Int], Int] = _ones_plain if _PLAIN else _ones
"""ones(bits): how many bits of a u64 are set."""

prefetch: Callable[[Any, Int], None] = _prefetch_plain if _PLAIN else _prefetch
"""prefetch(array, i): begin to fetch array[i] to the cache; `i` may lie outside."""
