"""Check runs: found by our App and external id, never reopened, every annotation once."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from bot.adapters.github.answers import Body
from bot.adapters.github.client import Client, repo_path
from bot.adapters.github.tokens import Purpose
from bot.core.pace import Importance
from bot.core.pulls import Annotation, CheckDraft, CheckSeen, CheckStatus, RepoRef
from bot.errors import NotThere
from bot.ids import CheckRunId, Sha

BATCH = 50
"""Annotations that one request may carry (GitHub REST, checks); further ones go by updates, which append."""


@dataclass(frozen=True, slots=True)
class There:
    """A check run of ours as it stands."""

    seen: CheckSeen
    shown: Mapping[str, str]

    @property
    def completed(self) -> bool:
        return self.seen.status is CheckStatus.COMPLETED


class Checks:
    def __init__(self, client: Client) -> None:
        self._client = client

    def put(self, repo: RepoRef, draft: CheckDraft, known: CheckRunId | None) -> CheckRunId:
        """The check run is as drafted. The completing request is the last one, so a completed run has all its annotations."""
        return self._client.until_clear(lambda: self._attempt(repo, draft, known))

    def seen(self, repo: RepoRef, head: Sha, name: str) -> tuple[CheckSeen, ...]:
        """Our own App's check runs of that name on that commit, newest first."""
        return tuple(there.seen for there in self._list(repo, head, name))

    def _attempt(self, repo: RepoRef, draft: CheckDraft, known: CheckRunId | None) -> CheckRunId:
        there = self._find(repo, draft, known)
        if there is None:
            first, rest = draft.annotations[:BATCH], draft.annotations[BATCH:]
            check = self._create(repo, draft, first, final=not rest)
            self._update(repo, check, draft, rest, needed=False)
            return check
        check = there.seen.check_run_id
        if there.completed and draft.status is not CheckStatus.COMPLETED:
            return check
        missing = self._missing(repo, check, draft.annotations)
        self._update(
            repo, check, draft, missing, needed=there.seen.status != draft.status or there.shown != _shown(draft)
        )
        return check

    def _create(
        self, repo: RepoRef, draft: CheckDraft, annotations: tuple[Annotation, ...], *, final: bool
    ) -> CheckRunId:
        body = {"name": draft.name, "head_sha": draft.head_sha, "external_id": draft.external_id}
        body |= _state(draft) if final else {"status": CheckStatus.IN_PROGRESS.value} | _began(draft)
        body |= _content(draft, annotations, final=final)
        path = repo_path(repo, "check-runs")
        importance = min(_importance(draft), Importance.WORD)
        made = self._client.write(repo, "POST", path, purpose=Purpose.CHECK, body=body, importance=importance)
        return CheckRunId(made.number("id"))

    def _update(
        self, repo: RepoRef, check: CheckRunId, draft: CheckDraft, annotations: tuple[Annotation, ...], *, needed: bool
    ) -> None:
        """Send what is missing in batches. Only the last request sets the state: a run that shows as completed is whole."""
        batches = [annotations[at : at + BATCH] for at in range(0, len(annotations), BATCH)] or [()] * needed
        path = repo_path(repo, "check-runs", check)
        for batch in batches:
            final = batch is batches[-1]
            body = (_state(draft) if final else {}) | _content(draft, batch, final=final)
            importance = _importance(draft)
            self._client.write(repo, "PATCH", path, purpose=Purpose.CHECK, body=body, importance=importance)

    def _missing(self, repo: RepoRef, check: CheckRunId, wanted: tuple[Annotation, ...]) -> tuple[Annotation, ...]:
        """The wanted annotations that the run does not carry yet, each as often as it lacks it."""
        if not wanted:
            return ()
        path = repo_path(repo, "check-runs", check, "annotations")
        carried = Counter(_key_there(body) for body in self._client.pages(repo, path, purpose=Purpose.CHECK))
        missing = []
        for annotation in wanted:
            key = _key(annotation)
            if carried[key] > 0:
                carried[key] -= 1
            else:
                missing.append(annotation)
        return tuple(missing)

    def _find(self, repo: RepoRef, draft: CheckDraft, known: CheckRunId | None) -> There | None:
        if known is not None:
            there = self._get(repo, known)
            if there is not None and _identity(there.seen) == (draft.head_sha, draft.name, draft.external_id):
                return there
        listed = self._list(repo, draft.head_sha, draft.name)
        return next((there for there in listed if there.seen.external_id == draft.external_id), None)

    def _get(self, repo: RepoRef, check: CheckRunId) -> There | None:
        try:
            body = Body(self._client.read(repo, repo_path(repo, "check-runs", check), purpose=Purpose.CHECK).data)
        except NotThere:
            return None
        return self._ours(body)

    def _list(self, repo: RepoRef, head: Sha, name: str) -> list[There]:
        """`filter=all`, because "latest" hides our own earlier runs of that name. Another App's run of that name is not ours."""
        asked = {"check_name": name, "app_id": str(self._client.app_id), "filter": "all"}
        path = repo_path(repo, "commits", head, "check-runs")
        listed = self._client.pages(repo, path, purpose=Purpose.CHECK, parameters=asked, inside="check_runs")
        ours = (self._ours(body) for body in listed)
        named = [there for there in ours if there is not None and there.seen.name == name]
        return sorted(named, key=lambda there: there.seen.check_run_id, reverse=True)

    def _ours(self, body: Body) -> There | None:
        app = body.maybe("app")
        if app is None or app.number("id") != self._client.app_id:
            return None
        output = body.object("output")
        seen = CheckSeen(
            check_run_id=CheckRunId(body.number("id")),
            name=body.text("name"),
            head_sha=Sha(body.text("head_sha")),
            external_id=body.text_or("external_id"),
            status=_status(body.text("status")),
            conclusion=body.text_or("conclusion") or None,
        )
        fields = ("title", "summary", "text")
        shown = {"conclusion": seen.conclusion or "", **{name: output.text_or(name) for name in fields}}
        return There(seen, shown)


def _importance(draft: CheckDraft) -> Importance:
    return Importance.END if draft.status is CheckStatus.COMPLETED else Importance.SIGN


def _identity(seen: CheckSeen) -> tuple[Sha, str, str]:
    return (seen.head_sha, seen.name, seen.external_id)


def _status(said: str) -> CheckStatus:
    """GitHub knows more states before the end (waiting, requested, pending); for us they are all queued."""
    return CheckStatus(said) if said in set(CheckStatus) else CheckStatus.QUEUED


def _shown(draft: CheckDraft) -> Mapping[str, str]:
    conclusion = draft.conclusion.value if draft.conclusion else ""
    return {"conclusion": conclusion, "title": draft.title, "summary": draft.summary, "text": draft.text}


def _state(draft: CheckDraft) -> dict[str, Any]:
    state: dict[str, Any] = {"status": draft.status.value}
    if draft.conclusion is not None:
        state["conclusion"] = draft.conclusion.value
    return state | _began(draft)


def _began(draft: CheckDraft) -> dict[str, Any]:
    """`YYYY-MM-DDTHH:MM:SSZ`, the form that GitHub REST, checks, asks for in both requests."""
    if draft.started_at is None:
        return {}
    return {"started_at": draft.started_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}


def _content(draft: CheckDraft, annotations: Iterable[Annotation], *, final: bool) -> dict[str, Any]:
    """Title and summary go with every request that carries annotations; GitHub asks for them together."""
    output: dict[str, Any] = {"title": draft.title, "summary": draft.summary}
    if draft.text:
        output["text"] = draft.text
    sent = [_annotation(annotation) for annotation in annotations]
    if sent:
        output["annotations"] = sent
    content: dict[str, Any] = {"output": output}
    if final:
        content["actions"] = [
            {"label": action.label, "description": action.description, "identifier": action.identifier}
            for action in draft.actions
        ]
    if draft.details_url:
        content["details_url"] = draft.details_url
    return content


def _annotation(annotation: Annotation) -> dict[str, Any]:
    made: dict[str, Any] = {
        "path": annotation.path,
        "start_line": annotation.start_line,
        "end_line": annotation.end_line,
        "annotation_level": annotation.level.value,
        "message": annotation.message,
    }
    if annotation.title:
        made["title"] = annotation.title
    if annotation.raw_details:
        made["raw_details"] = annotation.raw_details
    return made


def _key(annotation: Annotation) -> tuple[str, int, int, str, str, str]:
    """What makes two annotations the same; space is folded, because a server may trim it."""
    return (
        annotation.path,
        annotation.start_line,
        annotation.end_line,
        annotation.level.value,
        " ".join(annotation.title.split()),
        " ".join(annotation.message.split()),
    )


def _key_there(body: Body) -> tuple[str, int, int, str, str, str]:
    return (
        body.text("path"),
        body.number("start_line"),
        body.number("end_line"),
        body.text_or("annotation_level"),
        " ".join(body.text_or("title").split()),
        " ".join(body.text_or("message").split()),
    )
