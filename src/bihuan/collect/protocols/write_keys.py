"""Finding the write key where a protocol has no field for it, and keeping a request to one key."""

from __future__ import annotations

from collections.abc import Iterable

from bihuan.collect.protocols.rejection import ItemInvalid


def with_key_in_path(paths: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """``paths``, and each of them again below ``/{write_key}``.

    SDKs keep a path prefix in their host setting, so ``…/in/<protocol>/<write key>`` as host carries the
    key where the protocol's own field must hold something else.
    """
    listed = tuple(paths)
    return (*listed, *((method, f"/{{write_key}}{path}") for method, path in listed))


def key_in_path(path: str, own_paths: Iterable[tuple[str, str]]) -> str | None:
    """The write key before one of the protocol's own paths, or None."""
    for _, own in own_paths:
        if path.endswith(own):
            key = path[: -len(own)].strip("/")
            return key if key and "/" not in key else None
    return None


class OneWriteKey:
    """The first write key seen in a request; items with another are refused.

    A request is stored for one source. Args: ``fixed``, the key when the request itself carries it; then
    what the items say is not looked at.
    """

    def __init__(self, fixed: str | None) -> None:
        self.value = fixed
        self._fixed = fixed is not None

    def check(self, key: str | None, path: str) -> None:
        """Note the key of an item.

        Raises:
            ItemInvalid: ``write_key_mixed`` if it differs from the key of an item before.
        """
        if self._fixed or not key:
            return
        if self.value is None:
            self.value = key
        elif key != self.value:
            raise ItemInvalid(
                reason="write_key_mixed",
                path=path,
                detail_en="This item is for another source than the first one of the request.",
                detail_zh="该条数据与本次请求中第一条数据的来源不同。",
            )
