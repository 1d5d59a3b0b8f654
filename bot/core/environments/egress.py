"""Which hosts a set-up may reach, for whom, and with which credentials. Pure; names no host itself."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from bot.core.pulls import RepoRef, Secret

USUAL_PORTS = (80, 443)
"""HTTP and HTTPS; a name without a port stands for these two."""

TOOLS_SETTINGS = (
    "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX", "UV_EXTRA_INDEX_URL", "NPM_CONFIG_REGISTRY",
    "npm_config_registry", "GOPROXY", "GOSUMDB", "GONOSUMDB", "GOFLAGS",
    "CARGO_REGISTRY_INDEX",
)  # fmt: skip
"""Variables of the service's own environment that say where the tools fetch from; a set-up gets them as they are, and may reach the hosts
that they name. One that holds credentials is not passed on: a box holds no secrets."""

_URL = re.compile(r"https?://[^\s,|]+", re.IGNORECASE)

TRANSLATED = ip_network("64:ff9b::/96")
"""RFC 6052: IPv4 addresses in an IPv6 network's clothes."""


class Grant(Enum):
    """Who allows a host. What a repository names must be on the open internet; the operator's own may be anywhere."""

    OPERATOR = "operator"
    REPOSITORY = "repository"


@dataclass(frozen=True, slots=True)
class Credential:
    """The value of `Authorization` for one host, and the owners (`acme`) or repositories (`acme/text`) for whom it may be used, in small
    letters."""

    host: str
    authorization: Secret
    owners: tuple[str, ...]

    def is_for(self, repo: RepoRef) -> bool:
        return bool({repo.owner.lower(), repo.full_name.lower()} & set(self.owners))


@dataclass(frozen=True, slots=True)
class Egress:
    """What one set-up may reach. Names are in small letters, `*.` in front for all below, `:port` for an unusual port."""

    repository: tuple[str, ...] = ()
    operator: tuple[str, ...] = ()
    credentials: tuple[Credential, ...] = ()

    def grant(self, host: str, port: int) -> Grant | None:
        """Who allows it; None: nobody."""
        if any(_names(pattern, host, port) for pattern in self.operator):
            return Grant.OPERATOR
        if any(_names(pattern, host, port) for pattern in self.repository):
            return Grant.REPOSITORY
        return None

    def credential(self, host: str) -> Credential | None:
        return next((found for found in self.credentials if found.host == host.lower()), None)


@dataclass(frozen=True, slots=True)
class Operator:
    """What the operator decided for the set-ups of all repositories: `hosts` besides those that repositories name, credentials, and
    `tools`, settings of the tools themselves (name and value). `automatic`: what is found in a tree is set up without a word of its owners."""

    hosts: tuple[str, ...] = ()
    credentials: tuple[Credential, ...] = ()
    tools: tuple[tuple[str, str], ...] = ()
    automatic: bool = False

    def egress(self, repo: RepoRef, hosts: Iterable[str]) -> Egress:
        """For one repository. A credential alone opens no host: the repository or the operator must name it too."""
        mine = tuple(found for found in self.credentials if found.is_for(repo))
        return Egress(tuple(hosts), self.hosts, mine)


def tools_settings(environ: Mapping[str, str]) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """The tools' settings that a set-up gets, and the hosts that they name."""
    passed: list[tuple[str, str]] = []
    hosts: dict[str, None] = {}
    for name in TOOLS_SETTINGS:
        value = environ.get(name, "")
        if not value or "@" in value:
            continue
        passed.append((name, value))
        hosts.update(dict.fromkeys(host for url in _URL.findall(value) if (host := host_of(url))))
    return tuple(passed), tuple(hosts)


def host_of(url: str) -> str:
    """`host` or `host:port` of an address, "" when it has none."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    return f"{host}:{port}" if host and port and port not in USUAL_PORTS else host


def is_open(address: str) -> bool:
    """An address of the open internet: no loopback, no private or link-local network, no metadata service, in no disguise."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        elif found.sixtofour is not None:
            found = found.sixtofour
        elif found in TRANSLATED:
            return is_open(str(ip_address(int(found) & 0xFFFFFFFF)))
    return found.is_global and not found.is_multicast


def _names(pattern: str, host: str, port: int) -> bool:
    name, _, wanted = pattern.lower().partition(":")
    host = host.lower().removesuffix(".")
    if port not in USUAL_PORTS if not wanted else str(port) != wanted:
        return False
    return host.endswith(name[1:]) and len(host) >= len(name) if name.startswith("*.") else host == name
