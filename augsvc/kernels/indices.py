"""Arrays that are indexed from their beginning alone: no index of a kernel is negative.

numba asks of every signed index whether it counts from the end, as Python's may: a comparison, a sum and a choice each,
a good part of what kernels do that do little but look things up. Here a pass of its compiler declares indices unsigned
before machine code is made of them, and nothing is asked. A negative one reads outside its array, so the tests run
augmentation with checks as well, which know it (NUMBA_BOUNDSCHECK=1); CONTRIBUTING.md says how to run any test so.
"""

from __future__ import annotations

from typing import Any

from numba.core import ir, types
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import FunctionPass, register_pass
from numba.core.typed_passes import InlineOverloads

# numba's stubs do not know these well enough
_register: Any = register_pass
_Pass: Any = FunctionPass
_Compiler: Any = CompilerBase
_tuple: Any = types.Tuple


@_register(mutates_CFG=False, analysis_only=False)
class UnsignedIndices(_Pass):  # type: ignore[misc, unused-ignore]
    """Declares the integer indices of a function's arrays unsigned."""

    _name = "unsigned_indices"

    def __init__(self) -> None:
        _Pass.__init__(self)

    def run_pass(self, state: Any) -> bool:
        """Change the types that its look-ups and assignments were found to have."""
        state.calltypes = {node: _from_the_beginning(node, found) for node, found in state.calltypes.items()}
        return True


class FromTheBeginning(_Compiler):  # type: ignore[misc, unused-ignore]
    """numba's compiler, with this pass before machine code is made."""

    def define_pipelines(self) -> list[Any]:
        """Return the passes."""
        build: Any = DefaultPassBuilder.define_nopython_pipeline
        passes = build(self.state)
        passes.add_pass_after(UnsignedIndices, InlineOverloads)
        passes.finalize()
        return [passes]


def _from_the_beginning(node: Any, signature: Any) -> Any:
    """Return the signature of an array's look-up or assignment with unsigned indices, any other as it is."""
    found = isinstance(node, ir.SetItem) or (isinstance(node, ir.Expr) and node.op == "getitem")
    if not found or not isinstance(signature.args[0], types.Array):
        return signature
    array, index, *value = signature.args
    return signature.replace(args=(array, _unsigned(index), *value))


def _unsigned(index: Any) -> Any:
    if isinstance(index, types.BaseTuple):
        parts: Any = index
        return _tuple([_unsigned(part) for part in parts])
    return types.uintp if isinstance(index, types.Integer) else index
