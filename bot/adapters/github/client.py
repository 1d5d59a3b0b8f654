"""Authorised requests: reads that are asked again once, writes that look before they are repeated."""

import json
import re
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import quote

from bot.adapters.github.answers import Body, Reply, bodies
from bot.adapters.github.app_key import AppKey
from bot.adapters.github.limits import Unclear, fault_of, graphql_limit_seconds, limit_fault, limit_seconds
from bot.adapters.github.paced import Gate
from bot.adapters.github.tokens import InstallationTokens, Purpose, TokenKey
from bot.adapters.github.transport import GRAPHQL, SENT_TO, Broken, Transport
from bot.core.pace import Importance
from bot.core.ports import Clock
from bot.core.pulls import RepoRef
from bot.errors import Transient, Unsafe

T = TypeVar("T")

PAGE = 100
"""The most that GitHub gives for one page."""

MOST_PAGES = 100
"""An end to listings, whatever the server says: 10,000 things of one kind on one pull request are no honest number."""

FOUND = 302
"""What is asked for lies elsewhere for the moment."""

PAUSES = (0.5, 2.0)
"""Seconds before looking whether a write landed after all, for the first and the second time. GitHub's lists may lag behind its
writes by about a second; more patience belongs to the workflow, which waits without holding a thread."""

_NAME = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}")


class Client:
    """Requests as the App or as its installation on one repository. Safe from any number of threads."""

    def __init__(
        self,
        transport: Transport,
        key: AppKey,
        tokens: InstallationTokens,
        clock: Clock,
        pauses: Sequence[float] = PAUSES,
        gate: Gate | None = None,
    ) -> None:
        self._transport = transport
        self._key = key
        self._tokens = tokens
        self._clock = clock
        self._pauses = tuple(pauses)
        self._gate = gate

    @property
    def app_id(self) -> int:
        return self._key.app_id

    def read(
        self, repo: RepoRef, path: str, *, purpose: Purpose = Purpose.READ, parameters: Mapping[str, str] | None = None
    ) -> Reply:
        """A successful answer to GET. `path` as from `repo_path`. Raises as the `GitHub` port says."""
        return self.read_as(TokenKey(repo.installation_id, repo.repo_id, purpose), path, parameters=parameters)

    def read_as(self, key: TokenKey, path: str, *, parameters: Mapping[str, str] | None = None) -> Reply:
        return self._read(path, lambda: self._as_installation(key, "GET", path, parameters, None))

    def read_as_app(self, path: str, *, parameters: Mapping[str, str] | None = None) -> Reply:
        """GET as the App itself, for `/app/…`."""
        return self._read(path, lambda: self._as_app("GET", path, parameters))

    def read_as_nobody(self, path: str) -> Reply:
        return self._read(path, lambda: self._transport.send("GET", path, authorization=None))

    def sent_to(self, repo: RepoRef, path: str, *, purpose: Purpose) -> str | None:
        """Where GitHub sends whoever asks for it; None when it sends nobody anywhere. Going there is the caller's business. Raises as `read`."""
        key = TokenKey(repo.installation_id, repo.repo_id, purpose)
        reply = self._asked(path, lambda: self._as_installation(key, "GET", path, None, None))
        if not reply.ok and reply.status != FOUND:
            raise fault_of(reply, path, now=self._clock.now())
        return reply.headers.get(SENT_TO)

    def pages(
        self,
        repo: RepoRef,
        path: str,
        *,
        purpose: Purpose = Purpose.READ,
        parameters: Mapping[str, str] | None = None,
        inside: str | None = None,
    ) -> Iterator[Body]:
        """All items of a listing, page by page; `inside` names the field that holds the list. Links are never followed."""
        for page in range(1, MOST_PAGES + 1):
            asked = {**(parameters or {}), "per_page": str(PAGE), "page": str(page)}
            data = self.read(repo, path, purpose=purpose, parameters=asked).data
            items = bodies(data) if inside is None else Body(data).list(inside)
            yield from items
            if len(items) < PAGE:
                return

    def write(
        self,
        repo: RepoRef,
        verb: str,
        path: str,
        *,
        purpose: Purpose,
        body: Mapping[str, Any],
        importance: Importance = Importance.WORD,
    ) -> Body:
        """One attempt at a write, when there is room for one of that importance. Raises `Unclear` when nobody knows whether it was applied; see
        `until_clear`. Raises `GitHubLimited` when there is no room for seconds to come: then nothing was sent."""
        key = TokenKey(repo.installation_id, repo.repo_id, purpose)
        self._enter(repo, f"{verb} {path}", body, importance)
        return Body(self._wrote(path, lambda: self._as_installation(key, verb, path, None, body)).data)

    def graphql(
        self,
        repo: RepoRef,
        document: str,
        variables: Mapping[str, Any],
        *,
        purpose: Purpose,
        importance: Importance | None = None,
    ) -> Reply:
        """One attempt; an answer with `errors` is a success to HTTP, unless it is a limit. Raises `Unclear` when none came: only the caller knows whether it wrote. With
        an importance it is a write, which needs room like any other."""
        key = TokenKey(repo.installation_id, repo.repo_id, purpose)
        body = {"query": document, "variables": dict(variables)}
        if importance is not None:
            self._enter(repo, f"POST {GRAPHQL}", body, importance)
        reply = self._wrote(GRAPHQL, lambda: self._as_installation(key, "POST", GRAPHQL, None, body))
        seconds = graphql_limit_seconds(reply, now=self._clock.now())
        if seconds is not None:
            raise limit_fault(seconds, "graphql")
        return reply

    def _enter(self, repo: RepoRef, what: str, body: Mapping[str, Any], importance: Importance) -> None:
        if self._gate is not None:
            ticket = f"{what} {zlib.crc32(json.dumps(body, sort_keys=True).encode())}"
            self._gate.enter(repo.installation_id, ticket, importance)

    def delete(self, repo: RepoRef, path: str, *, purpose: Purpose) -> None:
        """One attempt at a DELETE. Raises `NotThere` when there is nothing (any more), `Unclear` as `write`."""
        key = TokenKey(repo.installation_id, repo.repo_id, purpose)
        self._wrote(path, lambda: self._as_installation(key, "DELETE", path, None, None))

    def write_as_app(self, path: str) -> None:
        """One attempt at a POST without content as the App itself."""
        self._wrote(path, lambda: self._as_app("POST", path, None))

    def until_clear(self, attempt: Callable[[], T]) -> T:
        """The result of `attempt`, which looks first and then writes. After an unclear answer it is called again, a few times."""
        for pause in self._pauses:
            try:
                return attempt()
            except Unclear:
                time.sleep(pause)
        return attempt()

    def _read(self, path: str, ask: Callable[[], Reply]) -> Reply:
        reply = self._asked(path, ask)
        if not reply.ok:
            raise fault_of(reply, path, now=self._clock.now())
        return reply

    def _asked(self, path: str, ask: Callable[[], Reply]) -> Reply:
        """The answer to a read, whatever it is; asked again once."""
        try:
            reply = ask()
            return ask() if reply.status >= 500 else reply
        except Broken:
            try:
                return ask()
            except Broken as broken:
                raise Transient(f"GitHub does not answer ({path}: {broken})", hint="it is tried again later") from None

    def _wrote(self, path: str, ask: Callable[[], Reply]) -> Reply:
        try:
            reply = ask()
        except Broken as broken:
            raise Unclear(
                f"GitHub did not answer a write ({path}: {broken})", hint="it is looked after later"
            ) from None
        if not reply.ok:
            raise fault_of(reply, path, now=self._clock.now())
        return reply

    def _as_installation(
        self, key: TokenKey, verb: str, path: str, parameters: Mapping[str, str] | None, body: Any
    ) -> Reply:
        """With a token that GitHub accepts: one that it does not is replaced once (401: nothing was applied)."""
        if self._gate is not None:
            self._gate.not_shut(key.installation)
        token = self._tokens.token(key)
        for last in (False, True):
            authorization = f"Bearer {token.value.reveal()}"
            reply = self._transport.send(verb, path, authorization=authorization, parameters=parameters, body=body)
            if reply.status != 401 or last:
                break
            token = self._tokens.renew(key, token)
        limit = graphql_limit_seconds if path == GRAPHQL else limit_seconds
        seconds = limit(reply, now=self._clock.now())
        if self._gate is not None and seconds is not None:
            self._gate.told_to_wait(key.installation, seconds)
        return reply

    def _as_app(self, verb: str, path: str, parameters: Mapping[str, str] | None) -> Reply:
        return self._transport.send(verb, path, authorization=self._key.authorization(), parameters=parameters)


def repo_path(repo: RepoRef, *parts: str | int) -> str:
    """`/repos/OWNER/NAME/part/…`, every part quoted. Raises `Unsafe` for a name that could lead elsewhere.

    By name, because GitHub documents no other address; the token's scope keeps every write at the repository's id.
    """
    if not _NAME.fullmatch(repo.owner) or not _NAME.fullmatch(repo.name):
        raise Unsafe(f"no repository name: {repo.full_name[:80]!r}", hint="")
    return "/".join(["/repos", repo.owner, repo.name, *(quote(str(part), safe="") for part in parts)])
