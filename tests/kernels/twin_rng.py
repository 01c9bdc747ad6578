"""Plain-Python twin of augsvc.kernels.rng: Philox4x32-10 on Python's unbounded integers, and what is drawn from it."""

from __future__ import annotations

ROW = 2**32 - 1


def philox(key: tuple[int, int], counter: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """Ten rounds of Salmon et al. (2011), table 2 and figure 3: two 32 x 32 -> 64 bit products, crossed over."""
    for number in range(10):
        subkeys = (key[0] + number * 0x9E3779B9) % 2**32, (key[1] + number * 0xBB67AE85) % 2**32
        high0, low0 = divmod(0xD2511F53 * counter[0], 2**32)
        high1, low1 = divmod(0xCD9E8D57 * counter[2], 2**32)
        counter = high1 ^ counter[1] ^ subkeys[0], low1, high0 ^ counter[3] ^ subkeys[1], low0
    return counter


def words_of(number: int) -> tuple[int, int]:
    """Split a 64-bit integer, in two's complement where negative, into its low and high words."""
    return number % 2**32, number // 2**32 % 2**32


def row_key(seed: int, epoch: int, row: int, copy: int) -> tuple[int, int]:
    """Return the key of a row: counter (row: 64 bits, epoch, copy) under key seed."""
    return philox(words_of(seed), (*words_of(row), epoch, copy))[:2]


def draw(key: tuple[int, int], operation: int, token: int, index: int, field: int = 0) -> int:
    """Return draw `index`: word index mod 4 of the block (operation, field, token, index div 4)."""
    return philox(key, (operation, field, token, index // 4))[index % 4]


def below(random: int, limit: int) -> int:
    """Scale a 32-bit draw to 0 ... limit - 1."""
    return random * limit // 2**32
