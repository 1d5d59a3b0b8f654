"""One request to a page, understood: the repository, the issue, the commit that it names, and who acts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from werkzeug.wrappers import Request, Response

from bot.hub.acting import Acting
from bot.hub.git.bare import Bare
from bot.hub.pages import templating
from bot.hub.refusal import Refused, not_found
from bot.hub.render.view import View
from bot.hub.state.issues import Issue
from bot.hub.state.repositories import Repository
from bot.hub.state.store import Store

ACTS_AS = "hub_acts_as"
"""The cookie that remembers who acted last, so that the next form offers the same person."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What a page's function gets. `token` proves to `door.check_form` that a form was made here."""

    hub: Acting
    request: Request
    args: Mapping[str, object]
    token: str

    @property
    def store(self) -> Store:
        """The hub's records."""
        return self.hub.store

    @property
    def view(self) -> View:
        """What the REST bodies' functions want."""
        return View(self.store, self.request.host_url.rstrip("/"))

    @property
    def now(self) -> datetime:
        """The hub's time."""
        return self.hub.world.now()

    def argument(self, name: str) -> str:
        """A part of the address."""
        return str(self.args[name])

    def number(self, name: str) -> int:
        """A number in the address."""
        text = self.argument(name)
        if not text.isascii() or not text.isdigit() or len(text) > 18:
            raise not_found()
        return int(text)

    def query(self, name: str, default: str = "") -> str:
        """A parameter after the question mark."""
        return self.request.args.get(name, default)

    def repository(self) -> Repository:
        """The repository of the address."""
        found = self.store.repository_named(f"{self.args['owner']}/{self.args['repo']}")
        if found is None:
            raise not_found()
        return found

    def bare(self) -> Bare:
        """The git repository of the address."""
        return self.store.bare(self.repository())

    def issue(self, pull: bool | None = None) -> Issue:
        """The issue of the address; with `pull` only if it is one, or is none."""
        found = self.store.issue_numbered(self.repository(), self.number("number"))
        if found is None or (pull is not None and pull != (found.pull is not None)):
            raise not_found()
        return found

    def commit(self, name: str) -> str:
        """The full id of a commit that a branch, a tag or an id names."""
        found = self.bare().find_commit(name)
        if found is None:
            raise not_found()
        return found

    def page(self, template: str, status: int = 200, **values: object) -> Response:
        """An HTML page."""
        html = templating.page(template, visit=self, now=self.now, **values)
        return Response(html, status, content_type="text/html; charset=utf-8")

    def found_ref(self) -> tuple[str, str]:
        """Ref and path out of `REF/PATH` in the address, where the ref may contain slashes. The longest known ref wins."""
        text = self.argument("rest").strip("/")
        known = self.store.known_refs.get(self.repository().id, {})
        names = [ref.split("/", 2)[2] for ref in known if ref.startswith(("refs/heads/", "refs/tags/"))]
        fitting = [name for name in names if text == name or text.startswith(f"{name}/")]
        ref = max(fitting, key=len) if fitting else text.split("/", 1)[0]
        return ref, text[len(ref) :].strip("/")


def told(refused: Refused) -> list[str]:
    """What a refusal says, sentence by sentence."""
    details = [
        str(error.get("message") or error.get("code")) if isinstance(error, dict) else error for error in refused.errors
    ]
    return [refused.message, *details]
