"""The log of a job of GitHub Actions. GitHub's API hands none out itself: it sends us on to a storage host, with an address that is good for a minute.

One request goes there, and never a second: over https, with no credential and no cookie, to a host that the operator allows, at an address that was
looked at before. What comes back is a stranger's text.
"""

import logging
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import SplitResult, urlsplit

import requests
from github.Requester import Requester
from requests.adapters import HTTPAdapter
from requests.utils import select_proxy
from urllib3.exceptions import HTTPError

from bot.adapters.github.client import repo_path
from bot.adapters.github.tokens import Purpose
from bot.adapters.github.transport import LOOPBACK, USER_AGENT
from bot.core.environments.egress import Egress, is_open
from bot.core.pulls import RepoRef
from bot.errors import GitHubLimited, SpecbotError
from bot.ids import CheckRunId

MOST_BYTES = 64 * 1024 * 1024
"""Of one log that are read to get to its end; the end of a longer one is not worth the time."""

KEPT_BYTES = 256 * 1024
"""Of its end that are kept: the failing step's words stand before those of the steps that clean up."""

CHUNK_BYTES = 64 * 1024

CONNECT_SECONDS, READ_SECONDS = 5.0, 10.0

MOST_SECONDS = 20.0
"""For the reading: people wait for a repair, and a log is only a help."""

ADDRESSES_TRIED = 3
"""Of a host that has many: where the first ones do not answer, the others hardly will."""

PORTS = {"https": 443, "http": 80}

Resolver = Callable[[str, int], Sequence[str]]
"""The addresses of a host, those to be tried first in front. Raises `OSError`."""


class Signpost(Protocol):
    """Knows where GitHub sends whoever asks for something; fulfilled by `Client`."""

    def sent_to(self, repo: RepoRef, path: str, *, purpose: Purpose) -> str | None: ...


_log = logging.getLogger(__name__)


class NotFollowed(Exception):
    """Why we do not go where GitHub sends us, or come back with nothing; no part of the address is in it but the host."""


def addresses_of(host: str, port: int) -> tuple[str, ...]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(one[4][0]) for one in found))


@dataclass(frozen=True, slots=True)
class JobLogs:
    """Logs of one GitHub. `hosts` are where its storage may be, as in `Egress`; GitHub's own host is always among them. Where GitHub is on an inner
    network its storage may be there too, and plain http is only for a GitHub on this machine. `verify` as in requests."""

    signpost: Signpost
    api_url: str
    hosts: tuple[str, ...]
    resolve: Resolver = addresses_of
    verify: bool | str = True
    most_bytes: int = MOST_BYTES

    def end_of_log(self, repo: RepoRef, job: CheckRunId) -> bytes | None:
        """At most the last `KEPT_BYTES`, from the beginning of a line; None where there is no log for us. A job's number is that of its check run
        (GitHub REST, workflow jobs: `check_run_url`). Raises `GitHubLimited`; nothing else is worth keeping a repair up."""
        path = repo_path(repo, "actions", "jobs", job, "logs")
        try:
            address = self.signpost.sent_to(repo, path, purpose=Purpose.LOGS)
            return self._followed(address) if address is not None else None
        except GitHubLimited:
            raise
        except SpecbotError as fault:  # no job of Actions, no right to read its log, or GitHub is unwell
            _log.info("no log of job %s: %s", job, fault.message)
        except NotFollowed as reason:
            _log.warning("the log of job %s is not read: %s", job, reason)
        return None

    def _followed(self, address: str) -> bytes:
        url = _split(address)
        port = url.port or PORTS[url.scheme]
        session = requests.Session()
        session.auth = Requester.noopAuth  # else requests looks for credentials in ~/.netrc
        session.trust_env = not self._on_this_machine
        with session:
            means: dict[str, Any] = {}
            means.update(session.merge_environment_settings(address, {}, stream=True, verify=self.verify, cert=None))
            if select_proxy(
                address, means["proxies"]
            ):  # then names are looked up by the proxy, and only it knows the way
                self._allowed(url, port)
                return self._fetched(session, address, url, means)
            fault: NotFollowed | None = None
            for ip in self._looked_at(url, port)[:ADDRESSES_TRIED]:
                session.mount(f"{url.scheme}://", _Pinned(url.hostname or ""))
                place = f"[{ip}]" if ":" in ip else ip
                pinned = url._replace(netloc=f"{place}:{port}").geturl()
                try:
                    return self._fetched(session, pinned, url, {**means, "proxies": {}})
                except _NotThere as gone:
                    fault = gone
            raise fault or NotFollowed(f"{url.hostname} has no address")

    def _allowed(self, url: SplitResult, port: int) -> None:
        """Raises `NotFollowed` for a host that nobody named."""
        if url.scheme == "http" and not self._on_this_machine:
            raise NotFollowed(f"{url.hostname} is asked over plain http")
        own = urlsplit(self.api_url)
        ours = (own.hostname, own.port or PORTS[own.scheme])
        here = self._on_this_machine and url.hostname in LOOPBACK
        if not here and (url.hostname, port) != ours and Egress(self.hosts).grant(url.hostname or "", port) is None:
            raise NotFollowed(f"{url.hostname}:{port} is not among the hosts of logs (SPECBOT_LOG_HOSTS)")

    def _looked_at(self, url: SplitResult, port: int) -> Sequence[str]:
        """The host's addresses, each on the open internet unless GitHub itself is not. It is these that are connected to, so that no second look-up
        can lead elsewhere."""
        self._allowed(url, port)
        own = urlsplit(self.api_url)
        try:
            found = self.resolve(url.hostname or "", port)
            inner = not all(map(is_open, found)) and not all(
                map(is_open, self.resolve(own.hostname or "", own.port or PORTS[own.scheme]))
            )
        except (OSError, ValueError) as error:
            raise NotFollowed(f"{url.hostname} is not found ({type(error).__name__})") from None
        if not inner and not all(map(is_open, found)):
            raise NotFollowed(f"{url.hostname} leads into an inner network")
        return found

    def _fetched(self, session: requests.Session, address: str, url: SplitResult, means: dict[str, Any]) -> bytes:
        ends = time.monotonic() + MOST_SECONDS
        headers = {"Host": url.netloc, "User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "identity"}
        try:
            with session.get(
                address, headers=headers, allow_redirects=False, timeout=(CONNECT_SECONDS, READ_SECONDS), **means
            ) as answer:
                if answer.status_code != requests.codes.ok:
                    raise NotFollowed(f"{url.hostname} answers {answer.status_code}")
                if answer.headers.get("Content-Encoding", "identity") != "identity":
                    raise NotFollowed(f"{url.hostname} sends it packed")
                return self._end_of(answer, ends, url.hostname or "")
        except requests.ConnectionError as error:
            raise _NotThere(f"{url.hostname} does not answer ({type(error).__name__})") from None
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            raise NotFollowed(f"{url.hostname} breaks off ({type(error).__name__})") from None

    def _end_of(self, answer: requests.Response, ends: float, host: str) -> bytes:
        kept, total = bytearray(), 0
        for chunk in answer.raw.stream(CHUNK_BYTES, decode_content=False):
            total += len(chunk)
            if total > self.most_bytes or time.monotonic() > ends:
                raise NotFollowed(f"{host} sends too much of it, or too slowly")
            kept += chunk
            del kept[:-KEPT_BYTES]
        return bytes(kept) if total == len(kept) else bytes(kept.partition(b"\n")[2])

    @property
    def _on_this_machine(self) -> bool:
        return urlsplit(self.api_url).hostname in LOOPBACK


class _NotThere(NotFollowed):
    """No connection: the next address of the host may do."""


class _Pinned(HTTPAdapter):
    """Connections to an address of a host, whose certificate must be the host's all the same."""

    def __init__(self, host: str) -> None:
        self._host = host
        super().__init__(max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **more: Any) -> None:
        names = {"server_hostname": self._host, "assert_hostname": self._host}
        super().init_poolmanager(connections, maxsize, block, **more, **names)


def _split(address: str) -> SplitResult:
    try:
        url = urlsplit(address)
        known = url.scheme in PORTS and url.hostname and url.port != 0 and not url.username and not url.password
    except ValueError:
        known = False
    if not known:
        raise NotFollowed("GitHub sends us to no address of the web")
    return url._replace(fragment="")
