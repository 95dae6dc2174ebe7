"""A growing Bloom filter over event ids, kept in numpy.

Each layer is a split-block Bloom filter (Putze, Sanders, Singler: "Cache-, Hash- and Space-Efficient Bloom
Filters"; the form of the Parquet format): an id sets one bit in each of the eight 32-bit words of one
block. At 32 bits (4 bytes) an id one of 100,000 unknown ids answers "maybe", at 12 bits one of 200. Not
thread-safe.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

# A group of some hundred ids with one "maybe" among them costs a query. Large logs get fewer bits an id.
MOST_BITS, FEWEST_BITS = 32, 12
BLOCK_WORDS = 8
BLOCK_BYTES = BLOCK_WORDS * 4
FIRST_LAYER_IDS = 1_000_000
# Odd multipliers of the Parquet specification: each picks another bit of its word.
_SALTS = np.array(
    [0x47B6137B, 0x44974D91, 0x8824AD5B, 0xA2B7289D, 0x705495C7, 0x2DF1424B, 0x9EFC4947, 0x5C6BFB31],
    dtype=np.uint32,
)

Hashes = npt.NDArray[np.uint64]


def hashes_of(ids: Sequence[bytes]) -> Hashes:
    """One hash for each 16-byte big-endian id; shape (n,)."""
    halves = np.frombuffer(b"".join(ids), dtype=">u8").astype(np.uint64).reshape(-1, 2)
    return _mixed(halves)


def hashes_of_engine(row_binary: bytes) -> Hashes:
    """The same hashes for UUIDs as the engine's RowBinary format writes them (two little-endian halves)."""
    return _mixed(np.frombuffer(row_binary, dtype="<u8").reshape(-1, 2))


def _mixed(halves: npt.NDArray[np.uint64]) -> Hashes:
    return _split_mix(halves[:, 0] ^ _split_mix(halves[:, 1]))


def _split_mix(values: npt.NDArray[np.uint64]) -> Hashes:
    # The finaliser of SplitMix64: senders' ids may be counters or share most bits.
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


class _Layer:
    def __init__(self, capacity: int, bits: int) -> None:
        self.blocks = max(1, -(-capacity * bits // (BLOCK_BYTES * 8)))
        self.capacity = capacity
        self.count = 0
        self._words = np.zeros(self.blocks * BLOCK_WORDS, dtype=np.uint32)

    def add(self, hashes: Hashes) -> None:
        first, low = self._place(hashes)
        for word in range(BLOCK_WORDS):
            np.bitwise_or.at(self._words, first + word, _bit(low, word))
        self.count += len(hashes)

    def contains(self, hashes: Hashes) -> npt.NDArray[np.bool_]:
        first, low = self._place(hashes)
        found = np.ones(len(hashes), dtype=np.bool_)
        for word in range(BLOCK_WORDS):
            found &= (self._words[first + word] & _bit(low, word)) != 0
        return found

    def _place(self, hashes: Hashes) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.uint32]]:
        block = ((hashes >> np.uint64(32)) * np.uint64(self.blocks)) >> np.uint64(32)
        return (block * np.uint64(BLOCK_WORDS)).astype(np.intp), hashes.astype(np.uint32)


def _bit(low: npt.NDArray[np.uint32], word: int) -> npt.NDArray[np.uint32]:
    bits: npt.NDArray[np.uint32] = np.left_shift(np.uint32(1), (low * _SALTS[word]) >> np.uint32(27))
    return bits


class IdFilter:
    """Says "surely new" or "maybe known" for ids.

    Args:
        memory_bytes: most memory to use. Beyond it no layer is added: the last one fills up and answers
            "maybe" more and more often, which costs look-ups but never a wrong answer.
        expected: ids known to come at once, so that they share one layer.
    """

    def __init__(self, *, memory_bytes: int, expected: int = 0) -> None:
        self._memory_bytes = memory_bytes
        self._layers = [self._layer(max(FIRST_LAYER_IDS, expected * 5 // 4), memory_bytes)]

    def add(self, hashes: Hashes) -> None:
        """Remember ids; shape (n,)."""
        last = self._layers[-1]
        if last.count >= last.capacity:
            last = self._grow(last)
        last.add(hashes)

    def contains(self, hashes: Hashes) -> npt.NDArray[np.bool_]:
        """Whether each id may be known; False is certain. Shape (n,)."""
        found = np.zeros(len(hashes), dtype=np.bool_)
        for layer in self._layers:
            found |= layer.contains(hashes)
        return found

    @property
    def size_bytes(self) -> int:
        """Memory in use."""
        return sum(layer.blocks * BLOCK_BYTES for layer in self._layers)

    def _grow(self, last: _Layer) -> _Layer:
        spare = self._memory_bytes - self.size_bytes
        if spare * 8 // FEWEST_BITS < FIRST_LAYER_IDS:
            return last
        self._layers.append(self._layer(last.capacity * 2, spare))
        return self._layers[-1]

    @staticmethod
    def _layer(wanted: int, memory_bytes: int) -> _Layer:
        capacity = max(1, min(wanted, memory_bytes * 8 // FEWEST_BITS))
        # Half of what is left is for the layers to come.
        return _Layer(capacity, min(MOST_BITS, max(FEWEST_BITS, memory_bytes * 4 // capacity)))
