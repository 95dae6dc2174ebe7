"""Where requests may go: not into the network that this server stands in, unless a setting allows it."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from bihuan.delivery.errors import AddressRefused

Address = IPv4Address | IPv6Address
_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True)
class Target:
    """A URL taken apart."""

    url: str
    scheme: str
    host: str
    port: int
    path: str


def target_of(url: str, *, private: bool) -> Target:
    """The parts of a URL that something may be sent to, as far as that shows without asking for its address.

    Raises:
        AddressRefused.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError as error:
        raise _refused(url, "it is no URL", "不是有效的网址") from error
    if parts.scheme not in _PORTS or not parts.hostname or not url.isascii() or _has_spaces(url):
        raise _refused(url, "it is no https URL", "不是有效的 https 网址")
    if parts.scheme == "http" and not private:
        raise _refused(url, "it is not https", "不是 https 网址")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise _refused(url, "it has a name, a password or a fragment", "网址中含有用户名、密码或片段")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    target = Target(url, parts.scheme, parts.hostname, port, path)
    try:
        literal = ip_address(target.host)
    except ValueError:
        return target
    _check(target, literal, private=private)
    return target


def address_of(target: Target, *, private: bool) -> str:
    """The one address to connect to; every one that the name has is looked at.

    Raises:
        AddressRefused, OSError.
    """
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    # A link-local address may come with its interface: fe80::1%eth0.
    addresses = [str(each[4][0]) for each in found]
    for each in addresses:
        _check(target, ip_address(each.partition("%")[0]), private=private)
    return addresses[0]


def is_public(address: Address) -> bool:
    """Whether an address is somebody's on the internet, inner addresses of tunnels included."""
    if isinstance(address, IPv6Address):
        inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if any(each is not None and not is_public(each) for each in inner):
            return False
        if address.ipv4_mapped is not None:
            return True
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _check(target: Target, address: Address, *, private: bool) -> None:
    if not private and not is_public(address):
        raise _refused(target.url, f"{address} is not an address on the internet", f"{address} 不是公网地址")


def _refused(url: str, reason_en: str, reason_zh: str) -> AddressRefused:
    return AddressRefused(url=url[:200], reason_en=reason_en, reason_zh=reason_zh, path="url")


def _has_spaces(url: str) -> bool:
    return any(letter <= " " or letter == "\x7f" for letter in url)
