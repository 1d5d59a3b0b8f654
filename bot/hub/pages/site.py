"""The pages as one WSGI application: addresses, refusals, and the headers of every answer."""

import functools
import hashlib
import secrets
from collections.abc import Callable, Iterable
from importlib.resources import files
from pathlib import PurePosixPath

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Response

from bot.hub.acting import Acting
from bot.hub.git.bare import GitFailed
from bot.hub.pages import acts, code_pages, lists, login, pull_pages
from bot.hub.pages.door import PageRequest, check_form, check_host, close_doors
from bot.hub.pages.visit import Visit, told
from bot.hub.refusal import Refused, not_found
from bot.hub.wsgi import Environment, StartResponse

STYLE = "/-/hub.css"
"""The style sheet's address; no account's name begins with a dash."""

READ: dict[str, Callable[[Visit], Response]] = {
    "/": code_pages.home,
    login.AUTHORIZE: login.ask,
    "/<owner>/<repo>": code_pages.front,
    "/<owner>/<repo>/tree/<path:rest>": code_pages.tree,
    "/<owner>/<repo>/blob/<path:rest>": code_pages.blob,
    "/<owner>/<repo>/commits/<path:rest>": code_pages.commits,
    "/<owner>/<repo>/commit/<sha>": code_pages.commit,
    "/<owner>/<repo>/pulls": lists.pulls,
    "/<owner>/<repo>/issues": lists.issues,
    "/<owner>/<repo>/issues/<number>": pull_pages.issue,
    "/<owner>/<repo>/pull/<number>": pull_pages.conversation,
    "/<owner>/<repo>/pull/<number>.diff": pull_pages.diff,
    "/<owner>/<repo>/pull/<number>/commits": pull_pages.commits,
    "/<owner>/<repo>/pull/<number>/files": pull_pages.files,
    "/<owner>/<repo>/pull/<number>/checks": pull_pages.checks,
    "/<owner>/<repo>/runs/<run_id>": pull_pages.run,
}

WRITE: dict[str, Callable[[Visit], Response]] = {
    login.AUTHORIZE: login.agree,
    "/<owner>/<repo>/issues/<number>/say": acts.say,
    "/<owner>/<repo>/pull/<number>/merge": acts.merge,
    "/<owner>/<repo>/pull/<number>/queue": acts.queue,
    "/<owner>/<repo>/runs/<run_id>/press": acts.press,
    "/<owner>/<repo>/runs/<run_id>/rerun": acts.rerun,
}


@functools.cache
def routing() -> Map:
    """From paths to names in READ and WRITE; built once, for it takes longer than a page."""
    rules = [Rule(path, methods=["GET"], endpoint=path) for path in READ]
    rules += [Rule(path, methods=["POST"], endpoint=path) for path in WRITE]
    return Map(rules, strict_slashes=False, merge_slashes=False)


@functools.cache
def style() -> bytes:
    """The one style sheet."""
    return (files("bot.hub.pages") / "static" / PurePosixPath(STYLE).name).read_bytes()


class Site:
    """Shows the hub and acts on it for whoever sits at this machine. Its forms work until the hub is started anew."""

    def __init__(self, hub: Acting) -> None:
        self._hub = hub
        self._token = secrets.token_urlsafe(32)

    def __call__(self, environ: Environment, start: StartResponse) -> Iterable[bytes]:
        request = PageRequest(environ)
        response = close_doors(self._answer(request))
        if request.method not in ("GET", "HEAD") and response.status_code >= 400:
            # What is left of the form must not be taken for the next request.
            response.headers["Connection"] = "close"
        return response(environ, start)

    def _answer(self, request: PageRequest) -> Response:
        visit = Visit(self._hub, request, {}, self._token)
        try:
            check_host(request)
            if request.path == STYLE:
                return _style(request)
            return self._found(request)
        except Refused as refused:
            return _refusal(visit, refused.status, told(refused))
        except HTTPException as wrong:
            return _refusal(visit, wrong.code or 500, [wrong.name])
        except GitFailed as failed:
            return _refusal(visit, 404, ["git found nothing there", failed.stderr])

    def _found(self, request: PageRequest) -> Response:
        if "\0" in request.path:
            raise not_found()
        if (request.method, request.path) == ("POST", login.TOKEN):
            return login.token(Visit(self._hub, request, {}, self._token))
        method = "GET" if request.method == "HEAD" else request.method
        endpoint, args = routing().bind("hub", path_info=request.path).match(method=method)
        visit = Visit(self._hub, request, args, self._token)
        if method == "POST":
            check_form(request, self._token)
            return WRITE[str(endpoint)](visit)
        return READ[str(endpoint)](visit)


def _refusal(visit: Visit, code: int, sentences: list[str]) -> Response:
    wrote = visit.request.method == "POST"
    return visit.page("refused.html", code, code=code, sentences=sentences, wrote=wrote)


def _style(request: PageRequest) -> Response:
    response = Response(style(), content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    response.set_etag(hashlib.sha256(style()).hexdigest())
    return response.make_conditional(request)
