"""Arrays of numbers; docstrings say which numbers."""

from typing import Any

from numpy.typing import NDArray

Array = NDArray[Any]


def fixed(array: Array) -> Array:
    """The array itself, which cannot be written any more: as a column that is mapped from a file.

    Loops are compiled once for arrays that can be written, and once for those that cannot.
    """
    array.setflags(write=False)
    return array
