"""Guard against requests into private networks (SSRF) by URLs that users provide.

Only public addresses are open: special-purpose ranges, and IPv6 forms that embed an IPv4 address,
are closed.  ``http_client`` connects only to addresses that were checked here.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Final
from urllib.parse import urlsplit

from summarizer.domain.model import Model
from summarizer.errors import AddressRefusedError, SettingsError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

Resolve = Callable[[str, int], Sequence[str]]
"""Function of a host name and a port that returns all addresses; raises ``OSError`` for none."""

PORTS: Final = {"http": 80, "https": 443}
"""Allowed schemes, with the only allowed ports of hosts that no setting allows."""

_SPECIAL: Final = tuple(
    (ipaddress.ip_network(network), name)
    for network, name in {
        "0.0.0.0/8": "this machine",
        "10.0.0.0/8": "a private network",
        "100.64.0.0/10": "a provider's inner network",
        "127.0.0.0/8": "this machine",
        "169.254.0.0/16": "the local link",
        "172.16.0.0/12": "a private network",
        "192.0.0.0/24": "protocols",
        "192.0.2.0/24": "documentation",
        "192.88.99.0/24": "6to4 relays",
        "192.168.0.0/16": "a private network",
        "198.18.0.0/15": "benchmarks",
        "198.51.100.0/24": "documentation",
        "203.0.113.0/24": "documentation",
        "224.0.0.0/4": "multicast",
        "240.0.0.0/4": "future use and broadcast",
        "::1/128": "this machine",
        "::ffff:0:0/96": "IPv4 in IPv6",
        "64:ff9b::/96": "IPv4 in IPv6 (NAT64)",
        "64:ff9b:1::/48": "IPv4 in IPv6 (NAT64)",
        "2001::/23": "protocols and tunnels",
        "2001:db8::/32": "documentation",
        "2002::/16": "IPv4 in IPv6 (6to4)",
        "3fff::/20": "documentation",
        "fc00::/7": "a private network",
        "fe80::/10": "the local link",
        "ff00::/8": "multicast",
    }.items()
)
"""IANA registries of special-purpose addresses (RFC 6890), with a name for messages.  They are
listed here because Python's ``is_global`` differs between versions."""

_UNICAST = ipaddress.ip_network("2000::/3")
"""The public range of IPv6."""

_INNER: Final = frozenset(
    {"localhost", "localdomain", "local", "internal", "intranet", "private", "corp", "home", "lan"}
)
"""Top-level domains of this machine and of inner networks, which no public name server knows
(RFC 6761, RFC 6762 appendix G, ICANN's ``internal``); so is a name of one word."""

_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
"""A last label with which systems read a host as an IPv4 address, such as ``127.1`` and ``0x7f.1``
(WHATWG URL Standard, 3.5)."""

_NAME: Final = re.compile(r"[\w-]+(?:\.[\w-]+)*")

_ENTRY = re.compile(
    r"(?:\[(?P<v6>[0-9a-fA-F:.]+)\]|(?P<host>[^\s:/\[\]]+(?:/\d+)?)|(?P<net6>[0-9a-fA-F:.]+/\d+))"
    r"(?::(?P<port>\d{1,5}))?"
)


class _Allowed(Model):
    """One entry of the allow list.

    Args:
        host: a name, in lower case; ``None`` for addresses.
        network: addresses; ``None`` for a name.
        port: the only allowed port; ``None`` for those of http and https.
    """

    host: str | None = None
    network: str | None = None
    port: int | None = None

    @classmethod
    def parse(cls, written: str) -> _Allowed:
        """Parse ``name``, ``address`` or ``network/bits``, optionally with ``:port``.

        An IPv6 address is in brackets.

        Raises:
            SettingsError: the entry has none of these forms.
        """
        found = _ENTRY.fullmatch(written)
        if found is None or int(found["port"] or 1) not in range(1, 65_536):
            raise SettingsError(
                f"{written!r} is neither a host name, an address ([…] around IPv6) nor a network, "
                "each with or without :port."
            )
        port = int(found["port"]) if found["port"] else None
        named = found["v6"] or found["net6"] or found["host"]
        try:
            return cls(network=str(ipaddress.ip_network(named, strict=False)), port=port)
        except ValueError:
            if "/" in named:
                raise SettingsError(f"{written!r} is not a network.") from None
            return cls(host=named.lower().rstrip("."), port=port)

    def fits_port(self, port: int) -> bool:
        """Whether the entry allows the port."""
        return port == self.port if self.port else port in PORTS.values()

    def may_fit(self, host: str, port: int) -> bool:
        """Whether the entry allows the host, as far as known without its address."""
        return self.fits_port(port) and self.host in (None, host)

    def fits(self, host: str, address: Address) -> bool:
        """Whether the entry is the host, or a network that contains the address."""
        if self.host is not None:
            return host == self.host
        return address in ipaddress.ip_network(str(self.network))


class AddressGuard:
    """Checks URLs and addresses against the public ranges and an allow list; thread-safe."""

    def __init__(self, allowed: Iterable[str] = (), resolve: Resolve | None = None) -> None:
        """Prepare a guard.

        Args:
            allowed: names, addresses or networks, with or without ``:port``, that are allowed
                although they are not public or use another port.
            resolve: looks up names; the system's resolver if left out.

        Raises:
            SettingsError: an entry is malformed.
        """
        self._allowed = tuple(_Allowed.parse(entry) for entry in allowed)
        self._resolve = resolve or _resolved

    def check_url(self, url: str) -> None:
        """Check a URL early, without a name server; ``addresses`` must still check its host.

        Raises:
            AddressRefusedError: the URL is not http or https, has a user name or password, has a
                closed port or address, or a host that is not public whatever a name server says.
        """
        try:
            parts = urlsplit(url)
            host, port = _folded(parts.hostname or ""), parts.port
        except ValueError as error:
            raise AddressRefusedError(f"{_shown(url)} is not a URL: {error}.") from error
        if parts.scheme not in PORTS or not host or not url.isprintable():
            raise AddressRefusedError(f"{_shown(url)} is not an http or https URL.")
        if "@" in parts.netloc:
            raise AddressRefusedError(
                f"The URL of {host} carries a user name or password. Leave it out."
            )
        port = PORTS[parts.scheme] if port is None else port
        if (literal := _literal(host)) is not None:
            self._check(host, literal, port)
            return
        if not any(entry.fits_port(port) for entry in self._allowed):
            self._check_port(host, port)
        self._check_name(host, port)

    def addresses(self, host: str, port: int) -> list[str]:
        """All addresses of a host, each checked.

        Connect to one of these, not to the name: another look-up may give another address.

        Raises:
            AddressRefusedError: one of them is closed.
            OSError: the name has no address.
        """
        name = _folded(host)
        literal = _literal(name)
        found = [str(literal)] if literal else list(self._resolve(name, port))
        for written in found:
            address = _literal(written)
            if address is None:
                raise AddressRefusedError(f"{name} leads to {written!r}, which is not an address.")
            self._check(name, address, port)
        if not found:
            raise OSError(f"{name} has no address")
        return found

    def _check(self, host: str, address: Address, port: int) -> None:
        if any(entry.fits_port(port) and entry.fits(host, address) for entry in self._allowed):
            return
        if (what := closed(address)) is not None:
            named = host if host == str(address) else f"{host} ({address})"
            raise AddressRefusedError(
                f"{named} is not a public address but one of {what}: no request is sent. "
                "The operator can allow it in SUMMARIZER_ALLOWED_HOSTS."
            )
        self._check_port(host, port)

    def _check_name(self, host: str, port: int) -> None:
        """Refuse a host that is neither an address nor a name that could be public."""
        last = host.rpartition(".")[2]
        if _NUMBER.fullmatch(last):
            raise AddressRefusedError(
                f"{host!r} is a short form of an address: write all four numbers."
            )
        if not _NAME.fullmatch(host):
            raise AddressRefusedError(f"{host!r} is not a host name.")
        inner = last == host or last in _INNER or host.endswith(".home.arpa")
        if inner and not any(entry.may_fit(host, port) for entry in self._allowed):
            raise AddressRefusedError(
                f"{host} is a name of this machine or of an inner network, not of a public host. "
                "The operator can allow it in SUMMARIZER_ALLOWED_HOSTS."
            )

    def _check_port(self, host: str, port: int) -> None:
        if port not in PORTS.values():
            raise AddressRefusedError(
                f"{host}:{port}: only ports 80 and 443 are allowed. The operator can allow "
                f"{host}:{port} in SUMMARIZER_ALLOWED_HOSTS."
            )


def closed(address: Address) -> str | None:
    """Name of the special-purpose range of an address; ``None`` for a public address."""
    if isinstance(address, ipaddress.IPv6Address):
        address = ipaddress.IPv6Address(int(address))  # without a zone, which networks lack
    for network, name in _SPECIAL:
        if address in network:
            return name
    if not address.is_global or (address.version == 6 and address not in _UNICAST):
        return "a reserved range"
    return None


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _folded(host: str) -> str:
    """A host as resolvers read it: ``①②⑦.0.0.1`` and ``127。0。0。1`` are ``127.0.0.1``."""
    return unicodedata.normalize("NFKC", host).replace("。", ".").lower().rstrip(".")


def _resolved(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # an empty label, or one of more than 63 letters
        raise OSError(f"{host} is no host name") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _shown(url: str) -> str:
    return repr(url if len(url) <= 100 else url[:99] + "…")
