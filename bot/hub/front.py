"""The door: tells REST, git, pages and the fault switch apart; strikes with faults; writes the journal."""

import json
import threading
import time
from collections.abc import Iterable

from werkzeug.wrappers import Request, Response
from werkzeug.wsgi import ClosingIterator

from bot.hub import fault_answers, git_http, storage
from bot.hub.actor import Actor
from bot.hub.authentication import authenticate
from bot.hub.control import Control
from bot.hub.faults import Fault, Faults
from bot.hub.git_http import GitHttp
from bot.hub.graphql import api as graphql_api
from bot.hub.graphql.api import GraphQlApi
from bot.hub.journal import Exchange, Journal, Write, is_outside_write
from bot.hub.refusal import Drop, Refused
from bot.hub.rest.api import PREFIX, RestApi, refusal
from bot.hub.world import World
from bot.hub.wsgi import Environment, StartResponse, WsgiApp

NOBODY = Actor("anonymous")


class Front:
    """The hub as one WSGI application."""

    def __init__(
        self, world: World, journal: Journal, faults: Faults, rest: RestApi, git: GitHttp, pages: WsgiApp
    ) -> None:
        self._world = world
        self._journal = journal
        self._faults = faults
        self._rest = rest
        self._graphql = GraphQlApi(world, rest)
        self._git = git
        self._pages = pages
        self._control = Control(faults)
        self._busy = 0
        self._quiet = threading.Condition()
        self._stopping = threading.Event()

    def __call__(self, environ: Environment, start: StartResponse) -> Iterable[bytes]:
        with self._quiet:
            self._busy += 1
        try:
            response = self._respond(Request(environ))
            return ClosingIterator(response(environ, start), [self._finished])
        except BaseException:
            self._finished()
            raise

    def _finished(self) -> None:
        with self._quiet:
            self._busy -= 1
            self._quiet.notify_all()

    def resume(self) -> None:
        """Take requests (again)."""
        self._stopping.clear()

    def drain(self, timeout: float) -> bool:
        """End waits that faults imposed, and wait until no request is in work; False if it took longer."""
        self._stopping.set()
        with self._quiet:
            return self._quiet.wait_for(lambda: self._busy == 0, timeout)

    def _respond(self, request: Request) -> Response | WsgiApp:
        if request.path.startswith("/_hub/"):
            return self._control.answer(request)
        if request.path.startswith(storage.PREFIX):
            return storage.answer(self._world, request)
        is_git = git_http.URL.fullmatch(request.path) is not None
        is_api = request.path.startswith(f"{PREFIX}/") or request.path == graphql_api.PATH
        if not is_git and not is_api:
            return self._pages
        began, fault = time.monotonic(), self._faults.for_request(request.method, request.path)
        actor, response = self._struck(request, is_git, fault)
        self._note(request, actor, response, time.monotonic() - began, fault)
        if response is None:
            raise ConnectionAbortedError("closed without an answer, as a fault or an observer wanted it")
        return response

    def _struck(self, request: Request, is_git: bool, fault: Fault | None) -> tuple[Actor, Response | None]:
        """The answer that goes out, or None for none at all."""
        kind = fault.kind if fault else ""
        if fault is not None and kind == "latency":
            self._stopping.wait(fault.seconds)
        if fault is not None and kind in ("error_before", "reset_before", "rate_limit", "secondary_limit"):
            request.get_data()
            return self._before(request, fault)
        try:
            actor, response = self._carried_out(request, is_git)
        except Drop:
            return NOBODY, None
        if fault is not None and kind == "error_after":
            return actor, fault_answers.error(fault)
        return actor, None if kind == "reset_after" else response

    def _before(self, request: Request, fault: Fault) -> tuple[Actor, Response | None]:
        try:
            actor = authenticate(self._world, request.headers.get("Authorization", ""))
        except Refused:
            actor = NOBODY
        if fault.kind == "rate_limit":
            return actor, fault_answers.rate_limit(self._world, actor, fault)
        if fault.kind == "secondary_limit":
            return actor, fault_answers.secondary_limit(self._world, fault)
        return actor, None if fault.kind == "reset_before" else fault_answers.error(fault)

    def _carried_out(self, request: Request, is_git: bool) -> tuple[Actor, Response]:
        try:
            actor = authenticate(self._world, request.headers.get("Authorization", ""))
        except Refused as refused:
            request.get_data()
            shown = git_http.refusal(refused) if is_git else self._rest.response(request, NOBODY, refusal(refused))
            return NOBODY, shown
        if is_git:
            try:
                return actor, self._git.answer(request, actor, self._git.service(request, actor))
            except Refused as refused:
                request.get_data()
                return actor, git_http.refusal(refused)
        reads = request.path == graphql_api.PATH and not graphql_api.is_mutation(request)
        if reads or not is_outside_write(actor, request.method, request.path):
            return actor, self._answer(request, actor)
        return actor, self._observed(request, actor)

    def _answer(self, request: Request, actor: Actor) -> Response:
        if request.path == graphql_api.PATH:
            return self._graphql.answer(request, actor)
        return self._rest.answer(request, actor)

    def _observed(self, request: Request, actor: Actor) -> Response:
        write = Write(
            self._journal.number(), "rest", request.method, request.path, actor.name, _json(request.get_data())
        )
        self._journal.before(write)
        response = self._answer(request, actor)
        # A reaction that was there already answers 200 and changes nothing.
        repeated = request.path.endswith("/reactions") and response.status_code == 200
        refused = request.path == graphql_api.PATH and not graphql_api.took_effect(response)
        if response.status_code < 400 and not repeated and not refused:
            self._journal.after(write, response.status_code)
        return response

    def _note(
        self, request: Request, actor: Actor, response: Response | None, seconds: float, fault: Fault | None
    ) -> None:
        is_json = response is not None and response.is_json
        self._journal.note(
            Exchange(
                number=self._journal.number(),
                at=self._journal.clock(),
                method=request.method,
                path=request.path,
                query=request.query_string.decode(errors="replace"),
                token_kind=actor.kind,
                login=actor.name,
                request=_json(request.get_data()) if request.path.startswith("/api/") else None,
                status=0 if response is None else response.status_code,
                response=_json(response.get_data()) if response is not None and is_json else None,
                content_type="" if response is None else response.content_type or "",
                duration=seconds,
                fault=fault.kind if fault else "",
            )
        )


def _json(data: bytes) -> object:
    try:
        return json.loads(data) if data.strip() else None
    except (ValueError, RecursionError):
        return None
