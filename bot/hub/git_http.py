"""Git over smart HTTP: `git http-backend` as WSGI, with the hub's own tokens."""

import contextlib
import re
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, BinaryIO, Literal, cast

from werkzeug.wrappers import Request, Response

from bot.hub.actor import Actor
from bot.hub.changes.refs import ZERO, RefMove, settle
from bot.hub.git.bare import LINEAR_ONLY, NO_WORKFLOWS, SIGNED_ONLY, git_environment
from bot.hub.journal import Journal, Write
from bot.hub.refusal import Refused, bad_credentials, not_found
from bot.hub.state.repositories import ALL, Repository
from bot.hub.world import World

URL = re.compile(r"/([\w.-]+)/([\w.-]+?)(?:\.git)?/(info/refs|git-upload-pack|git-receive-pack)")

IN_MEMORY = 8 * 1024 * 1024
"""Bytes of a push that are kept in memory before they go to a file; pushes in tests are smaller."""

CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Service:
    """One request of a git client: what it wants of which repository."""

    repository: Repository
    tail: str
    writes: bool

    @property
    def is_push(self) -> bool:
        """Whether this is the request that carries the pack, not the one that asks for the refs."""
        return self.tail == "git-receive-pack"


class GitHttp:
    """Serves clones, fetches and pushes of the hub's repositories."""

    def __init__(self, world: World, journal: Journal) -> None:
        self._world = world
        self._journal = journal
        self._locks: dict[int, threading.Lock] = {}

    def service(self, request: Request, actor: Actor) -> Service:
        """What is asked for, if the actor may. 401 for nobody, 404 for what is invisible, 403 for a missing right."""
        found = URL.fullmatch(request.path)
        repo = self._world.store.repository_named(f"{found[1]}/{found[2]}") if found else None
        tail = found[3] if found else ""
        writes = tail == "git-receive-pack" or request.args.get("service") == "git-receive-pack"
        if repo is None or not actor.sees(self._world.store, repo):
            raise bad_credentials("Requires authentication") if actor.kind == "anonymous" else not_found()
        access: Literal["write", "read"] = "write" if writes else "read"
        actor.need(self._world.store, repo, ("contents",), access, access)
        return Service(repo, tail, writes)

    def answer(self, request: Request, actor: Actor, service: Service) -> Response:
        """Carry the request out. A push is answered only after everything that follows from it is done."""
        if not service.is_push:
            return self._run(request, actor, service, request.stream)
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as body:
            for chunk in iter(lambda: request.stream.read(CHUNK), b""):
                body.write(chunk)
            body.seek(0)
            moves = wanted_moves(cast(BinaryIO, body))
            body.seek(0)
            # Git announces a large push with an empty request first.
            if not moves:
                return self._whole(self._run(request, actor, service, cast(BinaryIO, body)))
            return self._push(request, actor, service, cast(BinaryIO, body), moves)

    def _push(
        self, request: Request, actor: Actor, service: Service, body: BinaryIO, moves: tuple[RefMove, ...]
    ) -> Response:
        write = None
        if actor.kind == "installation":
            write = Write(self._journal.number(), "git", "POST", request.path, actor.name, None, moves)
            self._journal.before(write)
        with self._world.store.lock:
            lock = self._locks.setdefault(service.repository.id, threading.Lock())
        with lock:
            response = self._whole(self._run(request, actor, service, body))
            with self._world.store.lock:
                done = settle(self._world, actor, service.repository, {move.ref for move in moves})
        if write is not None and done:
            self._journal.after(write, response.status_code)
        return response

    def _whole(self, response: Response) -> Response:
        response.make_sequence()
        return response

    def _run(self, request: Request, actor: Actor, service: Service, body: IO[bytes]) -> Response:
        repo = service.repository
        environment = git_environment() | {
            "GIT_PROJECT_ROOT": str(repo.path.parent.parent),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": f"/{repo.path.parent.name}/{repo.path.name}/{service.tail}",
            "REQUEST_METHOD": request.method,
            "QUERY_STRING": request.query_string.decode(),
            "CONTENT_TYPE": request.headers.get("Content-Type", ""),
            "REMOTE_USER": actor.name or "anonymous",
            "REMOTE_ADDR": request.remote_addr or "",
            "GATEWAY_INTERFACE": "CGI/1.1",
        }
        if actor.kind == "installation" and not actor.granted(("workflows",), "write"):
            environment[NO_WORKFLOWS] = "1"
        environment |= self._rules(repo)
        for header, variable in (("Content-Encoding", "HTTP_CONTENT_ENCODING"), ("Git-Protocol", "GIT_PROTOCOL")):
            if header in request.headers:
                environment[variable] = request.headers[header]
        process = subprocess.Popen(
            ["git", "http-backend"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        feeder = threading.Thread(target=_feed, args=(body, process), daemon=True)
        feeder.start()
        status, headers = _cgi_head(cast(IO[bytes], process.stdout))
        return Response(_cgi_body(process, feeder), status, headers)

    def _rules(self, repo: Repository) -> dict[str, str]:
        """What the hook must know of the branches' rules. It sees the commits before anybody else does."""
        with self._world.store.lock:
            found = self._world.store.protections.where(lambda one: one.repository_id == repo.id)
            if any(one.signatures for one in found):
                self._world.store.bare(repo).list_signed(self._world.store.signed)
        refs = {
            SIGNED_ONLY: [
                one.branch if one.branch == ALL else f"refs/heads/{one.branch}" for one in found if one.signatures
            ],
            LINEAR_ONLY: [
                one.branch if one.branch == ALL else f"refs/heads/{one.branch}" for one in found if one.linear
            ],
        }
        return {name: f" {' '.join(branches)} " for name, branches in refs.items()}


def _feed(body: IO[bytes], process: subprocess.Popen[bytes]) -> None:
    stdin = cast(IO[bytes], process.stdin)
    with contextlib.suppress(BrokenPipeError, ValueError):
        for chunk in iter(lambda: body.read(CHUNK), b""):
            stdin.write(chunk)
    with contextlib.suppress(BrokenPipeError):
        stdin.close()


def _cgi_head(out: IO[bytes]) -> tuple[str, list[tuple[str, str]]]:
    status, headers = "200 OK", []
    for raw in iter(out.readline, b""):
        line = raw.rstrip(b"\r\n").decode()
        if not line:
            break
        name, _, value = line.partition(":")
        if name.lower() == "status":
            status = value.strip()
        else:
            headers.append((name, value.strip()))
    return status, headers


def _cgi_body(process: subprocess.Popen[bytes], feeder: threading.Thread) -> Iterator[bytes]:
    out = cast(IO[bytes], process.stdout)
    try:
        yield from iter(lambda: out.read(CHUNK), b"")
    finally:
        out.close()
        process.wait()
        feeder.join()


def wanted_moves(body: BinaryIO) -> tuple[RefMove, ...]:
    """The ref updates that a push asks for, read from the head of its body; empty for the probe before a large push."""
    return tuple(_moves(_packets(body)))


def _packets(body: BinaryIO) -> Iterator[bytes]:
    while True:
        size = body.read(4)
        if len(size) < 4 or not re.fullmatch(rb"[0-9a-fA-F]{4}", size) or int(size, 16) < 4:
            return
        yield body.read(int(size, 16) - 4)


def _moves(packets: Iterable[bytes]) -> Iterator[RefMove]:
    for packet in packets:
        parts = packet.split(b"\0", 1)[0].strip().split(b" ", 2)
        if len(parts) == 3 and len(parts[0]) == len(ZERO):
            old, new, ref = (part.decode(errors="replace") for part in parts)
            yield RefMove(ref, old, new)


def refusal(refused: Refused) -> Response:
    """What a git client is told when it may not; 401 makes it ask for credentials."""
    response = Response(refused.message + "\n", refused.status, content_type="text/plain")
    if refused.status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="GitHub"'
    return response
