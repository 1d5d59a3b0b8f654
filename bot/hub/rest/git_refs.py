"""Branches and tags as git refs."""

from bot.hub.changes import refs
from bot.hub.fields import Json
from bot.hub.git.bare import Bare
from bot.hub.refusal import not_found, unprocessable
from bot.hub.render.git_objects import ref as ref_body
from bot.hub.rest.call import Answer, Call, Route, created, done
from bot.hub.state.repositories import Repository


def _known(bare: Bare) -> dict[str, str]:
    """All refs, those of pull requests included: GitHub shows them here."""
    rows = bare.text("for-each-ref", "--format=%(objectname) %(refname)").splitlines()
    return {name: sha for sha, _, name in (row.partition(" ") for row in rows)}


def _body(call: Call, repo: Repository, name: str, sha: str) -> Json:
    kind = call.world.store.bare(repo).text("cat-file", "-t", sha)
    return ref_body(call.view, repo, name, sha, kind)


def one(call: Call) -> Answer:
    """A ref by its name without `refs/`."""
    repo, name = call.repository("contents"), f"refs/{call.args['ref']}"
    sha = _known(call.world.store.bare(repo)).get(name)
    if sha is None:
        raise not_found()
    return Answer(200, _body(call, repo, name, sha))


def matching(call: Call) -> Answer:
    """Refs whose name begins so."""
    repo, prefix = call.repository("contents"), f"refs/{call.args.get('ref', '')}"
    known = _known(call.world.store.bare(repo))
    rows = [(name, sha) for name, sha in known.items() if name.startswith(prefix)]
    return call.listed(rows, lambda row: _body(call, repo, *row))


def create(call: Call) -> Answer:
    """Make a ref."""
    repo, fields = call.repository("contents", "write", "write"), call.fields("Reference")
    name, sha = fields.text("ref"), fields.text("sha")
    refs.create(call.world, call.actor, repo, name, sha)
    return created(_body(call, repo, name, sha))


def move(call: Call) -> Answer:
    """Move a ref; only forward, unless forced."""
    repo, fields = call.repository("contents", "write", "write"), call.fields("Reference")
    name, sha = f"refs/{call.args['ref']}", fields.text("sha")
    _own(name)
    refs.move(call.world, call.actor, repo, name, sha, fields.flag("force"))
    return Answer(200, _body(call, repo, name, sha))


def delete(call: Call) -> Answer:
    """Remove a ref."""
    repo, name = call.repository("contents", "write", "write"), f"refs/{call.args['ref']}"
    _own(name)
    refs.delete(call.world, call.actor, repo, name)
    return done()


def _own(name: str) -> None:
    if name.startswith("refs/pull/"):
        raise unprocessable("Reference cannot be updated")


ROUTES = (
    Route("GET", "/repos/<owner>/<repo>/git/ref/<path:ref>", one),
    Route("GET", "/repos/<owner>/<repo>/git/refs/<path:ref>", one),
    Route("GET", "/repos/<owner>/<repo>/git/matching-refs/<path:ref>", matching),
    Route("POST", "/repos/<owner>/<repo>/git/refs", create),
    Route("PATCH", "/repos/<owner>/<repo>/git/refs/<path:ref>", move),
    Route("DELETE", "/repos/<owner>/<repo>/git/refs/<path:ref>", delete),
)
