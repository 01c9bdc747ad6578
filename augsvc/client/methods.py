"""Functions that make calls, as methods of classes that ask them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import update_wrapper
from typing import Any, TypeVar

M = TypeVar("M", bound=Callable[..., Any])


def documented(method: M, build: Callable[..., Any]) -> M:
    """The method with the name, the docstring and the parameters of the function that makes its call."""
    update_wrapper(method, build)
    signature = inspect.signature(build)
    own = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)
    # Tools that show signatures would take the function's first parameter for `self`.
    shown = signature.replace(parameters=[own, *signature.parameters.values()])
    vars(method)["__signature__"] = shown
    return method
