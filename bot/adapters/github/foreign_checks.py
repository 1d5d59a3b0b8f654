"""What others report on a commit: the check runs of other Apps and commit statuses, and what a failing check says of itself."""

from bot.adapters.github.answers import Body
from bot.adapters.github.client import Client, repo_path
from bot.adapters.github.tokens import Purpose
from bot.core.ci import CiCheck, CiState, state_of_check, state_of_status
from bot.core.pulls import Annotation, AnnotationLevel, RepoRef
from bot.errors import Refused
from bot.ids import CheckRunId, Sha

STATUS_APP = "status"
"""Stands for the App of a commit status, which has none."""

MOST_ANNOTATIONS = 50
"""Read of one check: GitHub shows as many for one step, and an agent that knows fifty places finds the rest."""


def foreign_checks(client: Client, repo: RepoRef, head: Sha) -> tuple[CiCheck, ...]:
    """The newest of each App's checks by name, without our own App's, then the newest status of each context."""
    path = repo_path(repo, "commits", head, "check-runs")
    listed = client.pages(repo, path, parameters={"filter": "latest"}, inside="check_runs")
    found: dict[tuple[str, str], CiCheck] = {}
    for body in listed:
        app = body.maybe("app")
        if app is not None and app.number("id") == client.app_id:
            continue
        one = _check(body, app.text_or("name") if app is not None else "")
        known = found.get(one.identity)
        if known is None or (known.check or 0) < (one.check or 0):
            found[one.identity] = one
    return (*sorted(found.values(), key=lambda one: one.identity), *_statuses(client, repo, head))


def annotations(client: Client, repo: RepoRef, check: CheckRunId) -> tuple[Annotation, ...]:
    """What a check says about lines, the first `MOST_ANNOTATIONS`."""
    path = repo_path(repo, "check-runs", check, "annotations")
    told: list[Annotation] = []
    for body in client.pages(repo, path):
        told.append(_annotation(body))
        if len(told) == MOST_ANNOTATIONS:
            break
    return tuple(told)


def _check(body: Body, app: str) -> CiCheck:
    output = body.maybe("output")
    state = state_of_check(body.text("status"), body.text_or("conclusion"))
    return CiCheck(
        name=body.text("name"),
        app=app,
        state=state,
        url=body.text_or("html_url"),
        title=output.text_or("title") if output else "",
        summary=_output(output) if output is not None and state is CiState.FAILED else "",
        check=CheckRunId(body.number("id")),
    )


def _output(output: Body) -> str:
    parts = (output.text_or("summary"), output.text_or("text"))
    return "\n\n".join(part for part in parts if part)


def _statuses(client: Client, repo: RepoRef, head: Sha) -> tuple[CiCheck, ...]:
    """() where the installation has not granted `statuses: read`: then there is only less to show."""
    path = repo_path(repo, "commits", head, "status")
    try:
        listed = list(client.pages(repo, path, purpose=Purpose.STATUSES, inside="statuses"))
    except Refused:
        return ()
    return tuple(
        CiCheck(
            name=body.text("context"),
            app=STATUS_APP,
            state=state_of_status(body.text("state")),
            url=body.text_or("target_url"),
            title=body.text_or("description"),
        )
        for body in listed
    )


def _annotation(body: Body) -> Annotation:
    level = body.text_or("annotation_level")
    return Annotation(
        path=body.text("path"),
        start_line=body.number("start_line"),
        end_line=body.number("end_line"),
        level=AnnotationLevel(level) if level in set(AnnotationLevel) else AnnotationLevel.FAILURE,
        message=body.text_or("message"),
        title=body.text_or("title"),
    )
