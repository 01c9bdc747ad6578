"""How kernels are compiled and where the machine code is kept.

numba's own cache does not notice when a callee in another file changes, and raises at import where nothing is writable.
So the cache here is a directory named by a hash of all kernel sources: the one that an image shipped inside the package
where it is there, else the user's cache directory, else none.

numba's dispatch looks at every array of every bundle, 4 us a call; a kernel has one signature, so that here only the
first call goes that way, and what comes after goes straight to the machine code.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Generic, ParamSpec, TypeVar, cast

import numba
from numba.core.caching import CompileResultCacheImpl as _CacheImpl
from numba.core.caching import FunctionCache, _CacheLocator
from numba.core.dispatcher import Dispatcher
from platformdirs import user_cache_path

from augsvc.kernels.indices import FromTheBeginning

# numba's stubs do not know _nrt, nor its caches any types
_njit: Any = numba.njit
_OPTIONS = {"_nrt": False, "error_model": "numpy", "pipeline_class": FromTheBeginning}

Function = TypeVar("Function", bound=Callable[..., Any])
P = ParamSpec("P")
R = TypeVar("R")

SHIPPED = Path(__file__).parent / "compiled"
"""Where an image keeps kernels that were compiled when it was built (`AUGSVC_KERNEL_CACHE` names another place)."""


SHARED = ("rulecode.py", "types.py")
"""Sources of other rooms whose names kernels use."""


@cache
def source_hash() -> str:
    """Return 16 hex digits that change whenever a kernel, or a type that kernels use, changes."""
    digest = hashlib.blake2b(digest_size=8)
    room = Path(__file__).parent
    for path in [*sorted(room.glob("*.py")), *(room.parent / name for name in SHARED)]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


@cache
def cache_directory() -> Path | None:
    """Return the directory of compiled kernels, or None where none can be read or made."""
    override = os.environ.get("AUGSVC_KERNEL_CACHE")
    if (SHIPPED / source_hash()).is_dir() and not override:
        return SHIPPED / source_hash()
    path = (Path(override) if override else user_cache_path("augsvc") / "kernels") / source_hash()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError:
        return path if path.is_dir() else None
    return path


class _Locator(_CacheLocator):
    def __init__(self, py_func: Any, path: str) -> None:
        self._name, self._path = py_func.__name__, path

    def get_cache_path(self) -> str:
        return self._path

    def get_source_stamp(self) -> str:
        return source_hash()

    def get_disambiguator(self) -> str:
        return "augsvc"

    def ensure_cache_path(self) -> None:
        """The directory was made, or found, when it was chosen."""

    @classmethod
    def from_function(cls, py_func: Any, _py_file: str) -> _Locator | None:
        directory = cache_directory()
        return None if directory is None else cls(py_func, str(directory))


class _Impl(_CacheImpl):
    _locator_classes = [_Locator]  # noqa: RUF012  as numba declares it


class _Cache(FunctionCache):
    _impl_class = _Impl

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        try:
            return super().load_overload(sig, target_context)  # type: ignore[no-untyped-call]
        except Exception:  # noqa: BLE001  a damaged file costs a compilation, never an error
            self._forget()
            return None

    def _forget(self) -> None:
        try:
            self.flush()  # type: ignore[no-untyped-call]
        except OSError:
            self.disable()  # type: ignore[no-untyped-call]

    def save_overload(self, sig: Any, data: Any) -> None:
        try:
            super().save_overload(sig, data)  # type: ignore[no-untyped-call]
        except OSError:
            # a read-only or full disk costs a compilation, never an error
            self.disable()  # type: ignore[no-untyped-call]


class Kernel(Generic[P, R]):
    """A compiled function of one signature, that of its first call.

    Later calls go past numba's dispatch, which costs ten times the call itself: TypeError for another number of
    arguments, while their types are mypy's to check where they are made. `entry` does not count arguments: it is for
    where a fifth of a microsecond matters.
    """

    __slots__ = ("__name__", "_count", "_lock", "dispatcher", "entry")

    def __init__(self, dispatcher: Any) -> None:
        self.__name__: str = dispatcher.__name__
        self.dispatcher = dispatcher
        self._lock = Lock()
        self._count = -1
        self.entry: Callable[P, R] = self._first

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run the kernel."""
        return self.entry(*args, **kwargs) if len(args) == self._count else self._first(*args, **kwargs)

    def _first(self, *args: P.args, **kwargs: P.kwargs) -> R:
        # a second thread waits, or it would ask for a compilation that the first has just forbidden
        with self._lock:
            result: R = self.dispatcher(*args, **kwargs)
            if self._count < 0:
                self.dispatcher.disable_compile()
                (compiled,) = self.dispatcher.overloads.values()
                self._count = len(args)
                # last: from now on threads take the short way
                self.entry = compiled.entry_point
        return result


KERNELS: list[Any] = []
"""Every kernel as numba's dispatcher, in the order of definition; `warm` walks it."""


def kernel(function: Callable[P, R]) -> Kernel[P, R]:
    """Compile `function` lazily as a kernel: no GIL, no run-time allocation, kept on disk."""
    dispatcher: Any = _njit(nogil=True, **_OPTIONS)(function)
    if cache_directory() is not None:
        make_cache: Any = _Cache
        dispatcher._cache = make_cache(function)  # noqa: SLF001  numba has no public way to place one function's cache
    KERNELS.append(dispatcher)
    if not isinstance(dispatcher, Dispatcher):
        # with NUMBA_DISABLE_JIT the function stays what it is
        dispatcher.entry = function
        return cast("Kernel[P, R]", dispatcher)
    return Kernel(dispatcher)


def inline(function: Function) -> Function:
    """Compile `function` into each kernel that calls it."""
    options = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "forceinline": True}
    return cast("Function", _njit(**_OPTIONS, **options)(function))
