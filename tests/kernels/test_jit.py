"""The cache of compiled kernels: where it is, when it is void, and that nothing needs it."""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

import numba
import numpy as np
import pytest

from augsvc.batch import TextBatch, TokenBatch
from augsvc.kernels import jit
from augsvc.kernels.jit import KERNELS, kernel
from augsvc.kernels.rng import row_keys
from augsvc.types import PackTables

type_of: Any = numba.typeof

KEYS = """
import json
import numpy as np
from augsvc.kernels import jit, rng
{before}
out = np.zeros((1, 2), np.uint32)
rng.row_keys(0, 0, np.zeros(1, np.int64), np.zeros(1, np.int64), out)
stats = rng.row_keys.dispatcher.stats
print(json.dumps([out.tolist(), sum(stats.cache_hits.values()), sum(stats.cache_misses.values())]))
"""
ZEROS = [[0x6627E8D5, 0xE169C58D]]


def row_key_in_a_process(cache: Path, before: str = "", **environment: str) -> tuple[list[list[int]], int, int]:
    """Return (the key of row 0, cache hits, cache misses) of a new process that keeps its kernels in `cache`."""
    variables = {**os.environ, "AUGSVC_KERNEL_CACHE": str(cache), **environment}
    command = [sys.executable, "-W", "error", "-c", KEYS.format(before=before)]
    run = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return tuple(json.loads(run.stdout))


def test_a_second_process_loads_what_the_first_compiled(tmp_path: Path) -> None:
    assert row_key_in_a_process(tmp_path) == (ZEROS, 0, 1)
    kept = sorted((tmp_path / jit.source_hash()).iterdir())
    assert row_key_in_a_process(tmp_path) == (ZEROS, 1, 0)
    assert sorted((tmp_path / jit.source_hash()).iterdir()) == kept != []


def test_without_a_place_for_a_cache_kernels_compile_and_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert row_key_in_a_process(tmp_path / "file" / "below")[:2] == (ZEROS, 0)


def test_without_a_writable_home_kernels_compile_and_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    nowhere = str(tmp_path / "file")
    found = row_key_in_a_process(Path(), HOME=nowhere, XDG_CACHE_HOME=nowhere, AUGSVC_KERNEL_CACHE="")
    assert found[:2] == (ZEROS, 0)


def test_a_cache_that_cannot_be_written_costs_a_compilation_and_no_error(tmp_path: Path) -> None:
    vanish = "import shutil; shutil.rmtree(jit.cache_directory())"
    assert row_key_in_a_process(tmp_path / "cache", before=vanish)[0] == ZEROS


def test_a_damaged_cache_costs_a_compilation_and_no_error(tmp_path: Path) -> None:
    row_key_in_a_process(tmp_path)
    for path in (tmp_path / jit.source_hash()).iterdir():
        path.write_bytes(path.read_bytes()[:50])
    assert row_key_in_a_process(tmp_path)[0] == ZEROS


@pytest.fixture
def copied(tmp_path: Path) -> ModuleType:
    """Return augsvc.kernels.jit as loaded from a copy of the sources under tmp_path."""
    package = Path(jit.__file__).parent
    shutil.copytree(package, tmp_path / "kernels", ignore=shutil.ignore_patterns("compiled", "__pycache__"))
    for name in jit.SHARED:
        shutil.copy(package.parent / name, tmp_path)
    spec = importlib.util.spec_from_file_location("copied_jit", tmp_path / "kernels" / "jit.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["kernels/utf8.py", "kernels/jit.py", *jit.SHARED])
def test_any_change_of_a_source_moves_the_cache(name: str, copied: ModuleType, tmp_path: Path) -> None:
    before = copied.source_hash()
    assert before == jit.source_hash()
    (tmp_path / name).write_text((tmp_path / name).read_text(encoding="utf-8") + "\n", encoding="utf-8")
    copied.source_hash.cache_clear()
    assert copied.source_hash() != before


def test_the_directory_is_named_by_the_hash_and_one_that_ships_is_preferred(
    copied: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AUGSVC_KERNEL_CACHE", raising=False)
    shipped = tmp_path / "kernels" / "compiled" / copied.source_hash()
    shipped.mkdir(parents=True)
    assert copied.cache_directory() == shipped
    copied.cache_directory.cache_clear()
    monkeypatch.setenv("AUGSVC_KERNEL_CACHE", str(tmp_path / "mine"))
    assert copied.cache_directory() == tmp_path / "mine" / copied.source_hash()


def test_the_small_pack_has_the_types_for_which_kernels_are_compiled(mini: PackTables, tables: PackTables) -> None:
    assert type_of(mini) == type_of(tables)


def test_every_kernel_releases_the_gil_and_needs_no_run_time_allocation() -> None:
    for path in Path(jit.__file__).parent.glob("*.py"):
        importlib.import_module(f"augsvc.kernels.{path.stem}")
    assert len(KERNELS) >= 10
    for made in KERNELS:
        assert made.targetoptions["nogil"]
        assert made.targetoptions["_nrt"] is False


def key_arguments() -> list[Any]:
    return [0, 0, np.zeros(1, np.int64), np.zeros(1, np.int64), np.zeros((1, 2), np.uint32)]


@pytest.mark.parametrize("count", [0, 4, 6])
def test_another_number_of_arguments_is_refused(count: int) -> None:
    row_keys(*key_arguments())
    with pytest.raises(TypeError):
        row_keys(*(key_arguments() * 2)[:count])


def test_threads_that_call_a_new_kernel_at_once_all_get_its_result() -> None:
    def double(values: Any) -> int:
        values[0] *= 2
        return int(values[0])

    added = kernel(double)
    KERNELS.remove(added.dispatcher)
    values = [np.array([number]) for number in range(8)]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(added, values)) == [2 * number for number in range(8)]
    assert added(values[1]) == 4


def test_no_index_counts_from_the_end() -> None:
    """What numba does by default, and takes time: a negative index here is one before the beginning."""

    def move(row: Any, table: Any, back: int) -> None:
        row[back] = table[back, back]

    moved: Any = kernel(move)
    KERNELS.remove(moved.dispatcher)
    row, table = np.zeros(20, np.int64), np.arange(30).reshape(10, 3)
    moved(row[10:], table[5:], -1)
    assert row.nonzero()[0].tolist() == [9]
    assert row[9] == table.ravel()[5 * 3 - 3 - 1]


def test_no_kernel_manages_memory_at_run_time(tables: PackTables) -> None:
    """An option that numba keeps to itself: should a release drop it, kernels would work on, but slowly."""
    TokenBatch.scan(TextBatch.from_strings(["A dog."]), tables)
    found = next(made for made in KERNELS if made.__name__ == "read")
    options = {name: value for name, value in found.targetoptions.items() if name != "nopython"}
    fresh: Any = numba.njit(**options)(found.py_func)
    fresh.compile(found.signatures[0])
    assert "NRT_" not in fresh.inspect_llvm(found.signatures[0])
