"""The type of arrays of numbers; docstrings say which numbers."""

from typing import Any

from numpy.typing import NDArray

Array = NDArray[Any]
