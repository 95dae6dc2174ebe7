"""ClickHouse's errors: their code, their text and the HTTP status they travel under."""

from __future__ import annotations

import re
from http import HTTPStatus

# Source of the groups: ClickHouse, src/Server/HTTP/exceptionCodeToHTTPStatus.cpp; any other code is a 500.
# fmt: off
_BAD_REQUEST = {
    6, 8, 15, 25, 26, 27, 36, 37, 38, 41, 44, 53, 62, 72, 117, 123, 167, 168, 223, 321, 376, 427,
    441, 675, 676,
}
# fmt: on
_NOT_FOUND = {46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 152, 336, 511}
_FORBIDDEN = {192, 193, 497, 512, 516}
_OTHERS = {48: 501, 76: 503, 159: 408, 194: 401, 209: 503, 229: 413, 381: 411, 439: 503, 779: 415}

_CODE = re.compile(r"Code: (\d+)\. ")
_REPEATED = re.compile(r"(Code: \d+\. DB::Exception: )\1")


class EngineException(Exception):
    """One ClickHouse exception.

    Args:
        code: ClickHouse's number for it, sent as ``X-ClickHouse-Exception-Code``.
        text: the whole body, ``Code: N. DB::Exception: … (NAME) (version …)``.
    """

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text

    @property
    def status(self) -> HTTPStatus:
        """The HTTP status ClickHouse answers this code with."""
        if self.code in _BAD_REQUEST:
            return HTTPStatus.BAD_REQUEST
        if self.code in _NOT_FOUND:
            return HTTPStatus.NOT_FOUND
        if self.code in _FORBIDDEN:
            return HTTPStatus.FORBIDDEN
        return HTTPStatus(_OTHERS.get(self.code, 500))


def refusal(code: int, name: str, sentence: str, version: str) -> EngineException:
    """An exception of the server itself, worded as ClickHouse words its own."""
    return EngineException(code, f"Code: {code}. DB::Exception: {sentence} ({name}) (version {version})")


def from_engine(failure: Exception, version: str) -> EngineException:
    """What chDB raised, as the server reports it: chDB leaves the version out of some texts."""
    message = str(failure)
    found = _CODE.search(message)
    if found is None:
        return refusal(1000, "POCO_EXCEPTION", message, version)
    text = _REPEATED.sub(r"\1", message[found.start() :].strip())
    if "(version " not in text:
        text = f"{text} (version {version})"
    return EngineException(int(found[1]), text)
