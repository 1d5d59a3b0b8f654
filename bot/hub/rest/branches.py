"""Branches and their protection."""

from collections.abc import Iterator
from dataclasses import replace

from bot.hub.fields import Json
from bot.hub.git import history
from bot.hub.refusal import Refused, invalid, not_found
from bot.hub.render.git_objects import commit
from bot.hub.render.view import in_path
from bot.hub.rest.call import Answer, Call, Route, done
from bot.hub.state.repositories import Protection, Repository, RequiredCheck


def all_branches(call: Call) -> Answer:
    """Branches by name."""
    repo = call.repository("contents")
    refs = call.world.store.bare(repo).refs()
    rows = [(ref.removeprefix("refs/heads/"), sha) for ref, sha in refs.items() if ref.startswith("refs/heads/")]
    wanted = call.query.get("protected")
    if wanted in ("true", "false"):
        rows = [row for row in rows if (call.world.store.protection(repo, row[0]) is not None) == (wanted == "true")]
    return call.listed(rows, lambda row: _short(call, repo, *row))


def _short(call: Call, repo: Repository, name: str, sha: str) -> Json:
    protected = call.world.store.protection(repo, name) is not None
    return {
        "name": name,
        "commit": {"sha": sha, "url": f"{call.view.repo(repo)}/commits/{sha}"},
        "protected": protected,
    }


def one(call: Call) -> Answer:
    """A branch with its tip."""
    repo, name = call.repository("contents"), call.args["branch"]
    bare = call.world.store.bare(repo)
    sha = call.world.store.tip(repo, name)
    if sha is None:
        raise Refused(404, "Branch not found")
    api = f"{call.view.repo(repo)}/branches/{in_path(name)}"
    rules = call.world.store.protection(repo, name)
    contexts = [check.context for check in rules.checks] if rules else []
    body = {
        "name": name,
        "commit": commit(call.view, repo, history.commit(bare, sha)),
        "_links": {"self": api, "html": f"{call.view.page(repo)}/tree/{in_path(name)}"},
        "protected": rules is not None,
        "protection": {
            "enabled": rules is not None,
            "required_status_checks": {
                "enforcement_level": "everyone" if rules and rules.enforce_admins else "non_admins" if rules else "off",
                "contexts": contexts,
                "checks": [_check(check) for check in rules.checks] if rules else [],
            },
        },
        "protection_url": f"{api}/protection",
    }
    return Answer(200, body)


def protection(call: Call) -> Answer:
    """What protects a branch."""
    repo, name = call.repository("administration", level="admin"), call.args["branch"]
    rules = call.world.store.protection(repo, name)
    if rules is None:
        raise Refused(404, "Branch not protected")
    return Answer(200, _rules(call, repo, rules))


def required_checks(call: Call) -> Answer:
    """The required checks of a branch, for who may see no more of its protection."""
    repo, name = call.repository("administration", level="write"), call.args["branch"]
    rules = call.world.store.protection(repo, name)
    if rules is None:
        raise Refused(404, "Branch not protected")
    return Answer(200, _status_checks(call, repo, rules))


def protect(call: Call) -> Answer:
    """Set what protects a branch."""
    repo, name = call.repository("administration", "write", "admin"), call.args["branch"]
    fields, store = call.fields("ProtectedBranch"), call.world.store
    if store.tip(repo, name) is None:
        raise Refused(404, "Branch not found")
    for field in ("required_status_checks", "enforce_admins", "required_pull_request_reviews", "restrictions"):
        if field not in fields:
            raise invalid("ProtectedBranch", field, "missing_field", f'"{field}" wasn\'t supplied.')
    status, reviews = fields.part("required_status_checks"), fields.part("required_pull_request_reviews")
    checks: list[RequiredCheck] = []
    if status is not None:
        checks = [
            RequiredCheck(one.text("context"), _app_id(one.optional_number("app_id")))
            for one in status.objects("checks")
        ]
        named = {check.context for check in checks}
        checks += [RequiredCheck(context) for context in status.texts("contexts") if context not in named]
    old = store.protection(repo, name)
    rules = Protection(
        old.id if old else store.new_id(),
        repo.id,
        name,
        tuple(checks),
        status.flag("strict") if status else False,
        fields.flag("enforce_admins"),
        (reviews.optional_number("required_approving_review_count") or 0) if reviews else 0,
        old.merge_queue if old else False,
        signatures=old.signatures if old else False,
        linear=fields.flag("required_linear_history"),
    )
    return Answer(200, _rules(call, repo, store.protections.put(rules)))


def _app_id(given: int | None) -> int | None:
    # -1 means any App, in so many words.
    return None if given in (None, -1) else given


def unprotect(call: Call) -> Answer:
    """Lift the protection."""
    repo, name = call.repository("administration", "write", "admin"), call.args["branch"]
    rules = call.world.store.protection(repo, name)
    if rules is None:
        raise not_found()
    call.world.store.protections.drop(rules.id)
    return done()


def _check(check: RequiredCheck) -> Json:
    return {"context": check.context, "app_id": check.app_id}


def _status_checks(call: Call, repo: Repository, rules: Protection) -> Json:
    api = f"{call.view.repo(repo)}/branches/{in_path(rules.branch)}/protection/required_status_checks"
    return {
        "url": api,
        "strict": rules.strict,
        "contexts": [check.context for check in rules.checks],
        "contexts_url": f"{api}/contexts",
        "checks": [_check(check) for check in rules.checks],
    }


def _rules(call: Call, repo: Repository, rules: Protection) -> Json:
    api = f"{call.view.repo(repo)}/branches/{in_path(rules.branch)}/protection"
    return {
        "url": api,
        "required_status_checks": _status_checks(call, repo, rules),
        "enforce_admins": {"url": f"{api}/enforce_admins", "enabled": rules.enforce_admins},
        "required_linear_history": {"enabled": rules.linear},
        "required_signatures": {"url": f"{api}/required_signatures", "enabled": rules.signatures},
        "allow_force_pushes": {"enabled": True},
        "allow_deletions": {"enabled": True},
    }


def required_signatures(call: Call) -> Answer:
    """Whether a protected branch takes only signed commits, for its administrators."""
    repo, name = call.repository("administration", level="admin"), call.args["branch"]
    found = call.world.store.protection(repo, name)
    if found is None:
        raise Refused(404, "Branch not protected")
    return Answer(200, _signatures(call, repo, found))


def require_signatures(call: Call) -> Answer:
    """From now on it does."""
    repo, name = call.repository("administration", "write", "admin"), call.args["branch"]
    found = call.world.store.protection(repo, name)
    if found is None:
        raise Refused(404, "Branch not protected")
    return Answer(200, _signatures(call, repo, call.world.store.protections.put(replace(found, signatures=True))))


def _signatures(call: Call, repo: Repository, rules: Protection) -> Json:
    api = f"{call.view.repo(repo)}/branches/{in_path(rules.branch)}/protection/required_signatures"
    return {"url": api, "enabled": rules.signatures}


def rules_of(call: Call) -> Answer:
    """The rules that rulesets make for a branch, also for one that is not there yet; whoever may read the repository may read them."""
    repo, name = call.repository("metadata"), call.args["branch"]
    found = call.world.store.protection(repo, name)
    rows = list(_ruleset(found)) if found is not None and found.ruleset else []
    source = {
        "ruleset_source_type": "Repository",
        "ruleset_source": repo.full_name,
        "ruleset_id": found.id if found else 0,
    }
    return call.listed(rows, lambda row: {**row, **source})


def _ruleset(rules: Protection) -> Iterator[Json]:
    if rules.signatures:
        yield {"type": "required_signatures"}
    if rules.linear:
        yield {"type": "required_linear_history"}
    if rules.merge_methods or rules.required_approvals:
        yield {
            "type": "pull_request",
            "parameters": {
                "allowed_merge_methods": list(rules.merge_methods or ("merge", "squash", "rebase")),
                "dismiss_stale_reviews_on_push": False,
                "require_code_owner_review": False,
                "require_last_push_approval": False,
                "required_approving_review_count": rules.required_approvals,
                "required_review_thread_resolution": False,
            },
        }


ROUTES = (
    Route("GET", "/repos/<owner>/<repo>/branches", all_branches),
    Route("GET", "/repos/<owner>/<repo>/branches/<path:branch>", one),
    Route("GET", "/repos/<owner>/<repo>/branches/<path:branch>/protection", protection),
    Route("GET", "/repos/<owner>/<repo>/branches/<path:branch>/protection/required_status_checks", required_checks),
    Route("PUT", "/repos/<owner>/<repo>/branches/<path:branch>/protection", protect),
    Route("GET", "/repos/<owner>/<repo>/branches/<path:branch>/protection/required_signatures", required_signatures),
    Route("POST", "/repos/<owner>/<repo>/branches/<path:branch>/protection/required_signatures", require_signatures),
    Route("GET", "/repos/<owner>/<repo>/rules/branches/<path:branch>", rules_of),
    Route("DELETE", "/repos/<owner>/<repo>/branches/<path:branch>/protection", unprotect),
)
