"""A few words of stack for a kernel, which can allocate nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numba.core import cgutils, config
from numba.core.extending import intrinsic
from numba.np import arrayobj

from augsvc.types import Uint64s

WORDS = 32
"""How many words `scratch` gives."""

# numba has no types for what builds its arrays
_cgutils: Any = cgutils
_arrays: Any = arrayobj
_config: Any = config

_TYPE = types.Array(types.uint64, 1, "C")


def _on_the_stack(_typing: Any) -> tuple[Any, Any]:
    def generate(context: Any, builder: Any, _signature: Any, _arguments: Any) -> Any:
        found = _arrays.make_array(_TYPE)(context, builder)
        words = _cgutils.alloca_once(builder, context.get_value_type(types.uint64), size=WORDS)
        size, width = (context.get_constant(types.intp, number) for number in (WORDS, 8))
        _arrays.populate_array(found, words, [size], [width], width, meminfo=None)
        return found._getvalue()  # noqa: SLF001  numba's name for it

    return _TYPE(), generate


def _interpreted() -> Uint64s:
    return np.zeros(WORDS, np.uint64)


scratch: Any = _interpreted if _config.DISABLE_JIT else intrinsic(_on_the_stack)
"""Return u64[WORDS] with whatever the stack holds: the same words at every call in a kernel, until it returns."""
