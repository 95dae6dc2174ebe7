"""What is said of a failure: the provider's own words, short, without secrets and addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST_LETTERS = 300
_LEAST_SECRET = 4
_HIDDEN = "***"
_BLANK = re.compile(r"[\s\x00-\x1f\x7f]+")


class Reasons:
    """Makes reasons in which none of some secrets is readable."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets: list[str] = []
        for secret in secrets:
            self.hide(secret)

    def __repr__(self) -> str:
        return f"Reasons({len(self._secrets)} secrets)"

    def hide(self, secret: str) -> None:
        """Hide one more, such as a token that was given for a while."""
        lines = {line for line in (secret, *secret.splitlines()) if len(line) >= _LEAST_SECRET}
        # The longest first, so that no part of one is left over.
        self._secrets = sorted({*self._secrets, *lines}, key=len, reverse=True)

    def __call__(self, *parts: object, address: str = "") -> str:
        """The parts as one line; ``address``, whose it is, does not appear either."""
        said = _BLANK.sub(" ", " ".join(str(part) for part in parts if part not in ("", None))).strip()
        for secret in self._secrets:
            said = said.replace(secret, _HIDDEN)
        if len(address) >= _LEAST_SECRET:
            said = re.sub(re.escape(address), _HIDDEN, said, flags=re.IGNORECASE)
            said = said.replace(address.lstrip("+"), _HIDDEN)
        return said[:MOST_LETTERS]
