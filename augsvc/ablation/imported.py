"""A user's own model: the function that makes it, and the files that it is made of."""

from __future__ import annotations

import importlib
import sys
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path

from torch import nn

from augsvc.errors import InvalidInput

PACKAGE = Path(__file__).parents[1]
INSTALLED = (PACKAGE, *(Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib", "platlib")))
"""Where no files of a user's own are."""
SCRIPTS = ("__main__", "__mp_main__")
"""What calls us, and is no part of a model."""


def imported(name: str) -> Callable[..., nn.Module]:
    """Return the function that `module:function` names, the working directory searched first; raises InvalidInput."""
    module, colon, function = name.partition(":")
    if not (colon and module and function):
        raise InvalidInput(f"{name!r} is no module:function")
    if "" not in sys.path:
        sys.path.insert(0, "")
    try:
        found: Callable[..., nn.Module] = getattr(importlib.import_module(module), function)
    except Exception as error:  # a user's module may fail in any way
        raise InvalidInput(f"the model {name} cannot be imported: {type(error).__name__}: {error}") from error
    if not callable(found):
        raise InvalidInput(f"the model {name} is no function")
    return found


def files_of_import(name: str) -> list[Path]:
    """Return the file of a model's module, and those of all modules that are loaded from its folder, or below it.

    Whoever loaded them: what a module has of others, as a number, does not tell where it is from. Of a module of a
    package the folder is that in which the package is. Raises InvalidInput as `imported` does.
    """
    imported(name)
    module = name.partition(":")[0]
    own = getattr(sys.modules[module], "__file__", None)
    if own is None:
        return []
    folder = Path(own).parents[module.count(".")]
    return sorted({Path(own), *(file for file in _loaded() if file.is_relative_to(folder))})


def _loaded() -> Iterator[Path]:
    for name, module in [*sys.modules.items()]:
        file = getattr(module, "__file__", None)
        if file and name not in SCRIPTS and not any(map(Path(file).is_relative_to, INSTALLED)):
            yield Path(file)
