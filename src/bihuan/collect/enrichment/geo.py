"""Country, region and city of an IP address from a MaxMind-format file (.mmdb) that the operator supplies."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import maxminddb

from bihuan.kernel.errors import BihuanError

_LOG = logging.getLogger(__name__)
_CACHED_ADDRESSES = 65_536

Place = dict[str, str]


class GeoDatabaseUnreadable(BihuanError):
    """The configured file is missing or not in the MaxMind format."""

    code = "geo_database_unreadable"
    status = 500
    messages = {
        "en": "The place database {file} cannot be read: {reason}",
        "zh": "无法读取地理位置数据库 {file}：{reason}",
    }
    hints = {
        "en": "Give a MaxMind-format file (.mmdb), for example GeoLite2 City or DB-IP City Lite.",
        "zh": "请提供 MaxMind 格式（.mmdb）的文件，例如 GeoLite2 City 或 DB-IP City Lite。",
    }


class GeoDatabase:
    """A MaxMind-format file, looked at again when it changes. Safe to share between threads.

    The file is copied before it is mapped into memory, because overwriting a mapped file in place would
    end the process. When a new version cannot be read the old one stays in use and a warning is logged.

    Args:
        path: the ``.mmdb`` file.
        language: of region and city names, e.g. ``zh-CN``; English where the file lacks it.
        check_seconds: how often the file is looked at.

    Raises:
        GeoDatabaseUnreadable: at construction, if the file cannot be read.
    """

    def __init__(self, path: Path | str, *, language: str = "en", check_seconds: float = 10.0) -> None:
        self._path = Path(path)
        self._language = language
        self._check_seconds = check_seconds
        self._lock = threading.Lock()
        self._next_check = time.monotonic() + check_seconds
        self._version = self._stat()
        self._find = self._open()

    def place(self, ip: str) -> Place:
        """``$country`` (ISO 3166 code), ``$region`` and ``$city`` of ``ip``, those that are known.

        Nothing for private and unknown addresses and for text that is no address.
        The answer is shared: do not change it.
        """
        if time.monotonic() >= self._next_check:
            self.reload_if_changed()
        return self._find(ip)

    def reload_if_changed(self) -> bool:
        """Open the file anew if it changed since it was last opened; True when the new one is in use."""
        with self._lock:
            self._next_check = time.monotonic() + self._check_seconds
            try:
                version = self._stat()
                if version == self._version:
                    return False
                self._find = self._open()
            except GeoDatabaseUnreadable as error:
                _LOG.warning("%s The version read before stays in use.", error)
                return False
            self._version = version
            return True

    def _stat(self) -> tuple[int, int, int]:
        try:
            stat = self._path.stat()
        except OSError as error:
            raise GeoDatabaseUnreadable(file=self._path.name, reason=error.strerror or "missing") from None
        return stat.st_mtime_ns, stat.st_size, stat.st_ino

    def _open(self) -> Callable[[str], Place]:
        copy, copy_path = tempfile.mkstemp(suffix=".mmdb", prefix="bihuan-geo-")
        try:
            with os.fdopen(copy, "wb") as target, self._path.open("rb") as source:
                shutil.copyfileobj(source, target)
            reader = maxminddb.open_database(copy_path)
        except (OSError, ValueError, maxminddb.InvalidDatabaseError) as error:
            raise GeoDatabaseUnreadable(file=self._path.name, reason=str(error)) from None
        finally:
            # The mapping keeps the contents until the reader is gone.
            Path(copy_path).unlink(missing_ok=True)
        language = self._language

        @lru_cache(maxsize=_CACHED_ADDRESSES)
        def find(ip: str) -> Place:
            try:
                record = reader.get(ip)
            except (ValueError, TypeError, maxminddb.InvalidDatabaseError):  # TypeError: a zero character
                return {}
            return _place_of(record, language) if isinstance(record, dict) else {}

        return find


def _place_of(record: dict[str, Any], language: str) -> Place:
    """Properties of a record of GeoLite2/GeoIP2/DB-IP (nested names) or IPinfo (flat texts)."""
    country = record.get("country")
    code = country.get("iso_code") if isinstance(country, dict) else record.get("country_code", country)
    divisions = record.get("subdivisions")
    region = divisions[0] if isinstance(divisions, list) and divisions else record.get("region")
    found = (
        ("$country", code),
        ("$region", _name(region, language)),
        ("$city", _name(record.get("city"), language)),
    )
    return {name: value for name, value in found if isinstance(value, str) and value}


def _name(entry: object, language: str) -> object:
    if not isinstance(entry, dict):
        return entry
    names = entry.get("names")
    if not isinstance(names, dict):
        return entry.get("iso_code")
    return names.get(language) or names.get("en") or next(iter(names.values()), None)
