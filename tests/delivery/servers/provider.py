"""What all providers of tests have in common: addresses that fare differently, and what was taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.delivery.servers.listening import Reply, Request


@dataclass
class Provider:
    """Addresses (as the provider is given them) that are dead, throttled, never answered or cut off."""

    dead: Sequence[str] = ()
    throttled: Sequence[str] = ()
    silent: Sequence[str] = ()
    dropped: Sequence[str] = ()
    taken: list[tuple[str, Any]] = field(default_factory=list)
    largest: int = 0
    faults: list[str] = field(default_factory=list)

    def answer(self, request: Request) -> Reply:
        """Check the request as the documents have it, and answer."""
        try:
            return self.checked(request)
        except (AssertionError, KeyError, ValueError) as error:
            # So that a test which expects a refusal does not pass for a wrong reason.
            self.faults.append(f"{type(error).__name__}: {error}")
            return self.broken(request)

    def checked(self, request: Request) -> Reply:
        raise AssertionError(request)

    def broken(self, request: Request) -> Reply:
        """The answer to a request that is not as the documents have it."""
        return Reply(400, {})

    def fate(self, address: str) -> Reply | None:
        """No answer for whoever gets none."""
        if address in self.silent:
            return Reply(silent=True)
        return Reply(drop=True) if address in self.dropped else None
