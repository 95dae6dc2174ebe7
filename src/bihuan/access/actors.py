"""Who does something, as records of it name them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Actor:
    """A member, an API key, somebody who is neither (yet), or Bihuan itself."""

    kind: Literal["member", "key", "anonymous", "system"]
    id: str
    name: str


class Acting(Protocol):
    """Whoever has an actor and an address: a holder, a caller, a visitor."""

    @property
    def actor(self) -> Actor:
        """Who they are."""
        ...

    @property
    def address(self) -> str:
        """Where the request came from."""
        ...


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody without a session or key, by what they call themselves."""

    actor: Actor
    address: str

    @classmethod
    def named(cls, name: str, address: str) -> Visitor:
        """A visitor who gives this name or e-mail address."""
        return cls(Actor("anonymous", "", name[:254]), address)
