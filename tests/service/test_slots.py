"""Slots: never more work than slots, refusals at once, nothing leaked."""

from __future__ import annotations

import asyncio
import threading

import pytest

from augsvc.errors import Overloaded
from augsvc.service.slots import Slots

pytestmark = pytest.mark.anyio


async def test_one_more_than_the_slots_is_refused_with_a_time_to_come_back() -> None:
    slots, gate = Slots(2, "work"), threading.Event()
    running = [asyncio.create_task(slots.run(gate.wait)) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(Overloaded) as refused:
        await slots.run(gate.wait)
    gate.set()
    await asyncio.gather(*running)
    assert refused.value.retry_after == 1.0


async def test_a_slot_is_free_again_after_success_and_after_failure() -> None:
    slots = Slots(1, "work")
    with pytest.raises(ZeroDivisionError):
        await slots.run(divmod, 1, 0)
    assert [await slots.run(divmod, 7, 2) for _ in range(3)] == [(3, 1)] * 3


async def test_a_holder_takes_many_steps_with_one_slot() -> None:
    slots = Slots(1, "transfer")
    with slots.taken():
        assert [await slots.step(abs, -n) for n in range(3)] == [0, 1, 2]
        with pytest.raises(Overloaded, match="All 1 transfer slots"):
            await slots.run(abs, -1)


async def test_closed_slots_take_no_more_work() -> None:
    slots = Slots(1, "work")
    slots.close()
    with pytest.raises(RuntimeError):
        await slots.run(abs, -1)
