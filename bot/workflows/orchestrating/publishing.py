"""Step: the spec goes to its branch, as one commit on what stands there, and the draft pull request is opened once."""

from datetime import datetime

from bot.core.orchestration.notes import Answers, Asked, Drafted, Opened, Ordered, Source
from bot.core.orchestration.questions import by_default, open_ones
from bot.core.orchestration.spec_text import is_draft, read_spec, spec_text, with_decisions
from bot.core.ports import Authorship
from bot.core.pulls import Permission, PullDraft, PullRequest, RepoRef
from bot.core.runs import Run, RunState
from bot.core.specs.model import Status
from bot.ids import RunId, Sha, TreeSha
from bot.reporting.commit_message import commit_message, noreply_address
from bot.reporting.masking import Redactor
from bot.reporting.orchestration import pull_body, pull_title
from bot.workflows.admission import live_run
from bot.workflows.house import House, in_thread
from bot.workflows.landing import Landing, Unsignable, land
from bot.workflows.notes import Facts, find, keep, need
from bot.workflows.orchestrating.branches import keep_ordered, newest_note
from bot.workflows.orchestrating.trees import branch_here, text_at
from bot.workflows.steps import Ended


async def publish_spec(house: House, run_id: RunId) -> str:
    """`published`; stores `Opened`. What people pushed to the branch stays below: nothing is ever overwritten by force."""
    return await in_thread(lambda: _publish(house, run_id))


def _publish(house: House, run_id: RunId) -> str:
    with house.pens.of(run_id):
        run = live_run(house, run_id)
        if not house.github.permission(run.repo, run.requester).at_least(Permission.WRITE):
            reason = f"whoever asked for this ({run.requester.login}) may not write here any more"
            raise Ended(RunState.STOPPED, reason, "somebody who may: `/orchestrate`")
        pull = house.github.pull_request_from(run.repo, run.head_ref)
        if pull is not None and not pull.is_open:
            raise Ended(
                RunState.FAILED,
                f"the pull request #{pull.number} of this issue is closed",
                "reopen it, then `/orchestrate`",
            )
        there = branch_here(house, run)
        text = _text(house, run, there)
        commit = _commit(house, run, there, text)
        asked = need(house, run_id, Asked).order
        ordered = Ordered(Source.ISSUE, run.number, run.requester, model=asked.model)
        keep_ordered(house, run.repo, run.head_ref, ordered)
        is_new = there == run.start_head and house.git.branch_head(run.repo, run.head_ref) is None
        commit = _landed(house, run, there, commit, is_new=is_new)
        pull, body = _pull(house, run, text)
        house.store.see_head(run.repo.repo_id, pull.number, commit)
        keep(house, run_id, Opened(pull.number, pull.html_url, commit, not is_draft(text), body))
    return "published"


def _text(house: House, run: Run, there: Sha) -> str:
    """The draft as a file, with what was decided. Where the answers change nothing, what stands on the branch keeps people's own changes."""
    known, order = need(house, run.run_id, Drafted), need(house, run.run_id, Asked).order
    answers, opened = find(house, run.run_id, Answers), find(house, run.run_id, Opened)
    go = order.go and need(house, run.run_id, Facts).config.orchestrate.go
    given = answers.given if answers else ()
    if go:
        given = by_default(known.draft.questions, given)
        keep(house, run.run_id, Answers(given))
    standing = text_at(house, run, there, known.path)
    if opened is not None and given and all(a.choice == known.draft.questions[a.number - 1].recommended for a in given):
        return with_decisions(standing, known.draft.questions, given)
    text = spec_text(known.draft, Status.READY if go else Status.DRAFT, order.budget)
    return with_decisions(text, known.draft.questions, given)


def _commit(house: House, run: Run, there: Sha, text: str) -> Sha:
    """Text and time come from what is stored, so that repeating this gives the same commit; where the branch has the text already, its own."""
    known = need(house, run.run_id, Drafted)
    at = run.working_since or run.created_at
    return commit_text(house, run.repo, there, known.path, text, _message(house, run), at)


def _landed(house: House, run: Run, there: Sha, commit: Sha, *, is_new: bool) -> Sha:
    policy = need(house, run.run_id, Facts).config.commits
    message = _message(house, run)
    landing = Landing(run.repo, run.head_ref, run.base_ref, there, commit, message, new=is_new)
    try:
        return land(house, policy, landing)
    except Unsignable as fault:
        raise Ended(RunState.WAITING, fault.message, fault.hint) from None


def _message(house: House, run: Run) -> str:
    known = need(house, run.run_id, Drafted)
    answered = find(house, run.run_id, Answers) is not None and find(house, run.run_id, Opened) is not None
    title = f"Answers for {known.path}" if answered else f"Spec: {known.draft.title}"
    redactor = Redactor(house.secrets)
    return commit_message(title, known.draft.summary, specs=[known.path], tasks=[], run=run, redactor=redactor)


def commit_text(house: House, repo: RepoRef, onto: Sha, path: str, text: str, message: str, at: datetime) -> Sha:
    """`onto` with that text at `path` as one commit by us; `onto` itself when it has the text."""
    tree = house.git.tree(repo, onto)
    changed = house.git.with_text(repo, tree, path, Redactor(house.secrets).mask(text))
    return onto if changed == tree else commit_tree(house, repo, onto, message, at, changed=changed)


def commit_tree(
    house: House, repo: RepoRef, onto: Sha, message: str, at: datetime, *, changed: TreeSha | None = None
) -> Sha:
    """A commit by us on `onto`, with its own tree unless another is given."""
    bot = house.github.app().bot_user
    tree = changed or house.git.tree(repo, onto)
    return house.git.commit(repo, tree, [onto], message, Authorship(bot.login, noreply_address(bot), at))


def _pull(house: House, run: Run, text: str) -> tuple[PullRequest, str]:
    """The pull request, which says what the spec says; a body that somebody else has changed since is theirs."""
    known, facts = need(house, run.run_id, Drafted), need(house, run.run_id, Facts)
    reading = read_spec(known.path, text, frozenset(), facts.config)
    criteria = reading.spec.criteria if reading.spec else ()
    redactor = Redactor(house.secrets)
    address = f"{house.repo_url(run.repo)}/blob/{run.head_ref}/{known.path}" if house.github_url else ""
    given = (find(house, run.run_id, Answers) or Answers()).given
    asks, in_force = bool(open_ones(known.draft.questions, given)), not is_draft(text)
    default = need(house, run.run_id, Asked).default
    body = pull_body(run, redactor.masked(known), criteria, address, in_force=in_force, asks=asks, default=default)
    body = redactor.mask(body)
    title = pull_title(redactor.mask(known.draft.title), run.number)
    pull = house.github.open_pull_request(run.repo, PullDraft(run.head_ref, run.base_ref, title, body))
    before = newest_note(house, run.repo, run.number, Opened)
    untouched = before is not None and before[1].body.strip() == pull.body.replace("\r\n", "\n").strip()
    if untouched and body.strip() != pull.body.strip():
        house.github.edit_pull_request(run.repo, pull.number, body)
    return pull, body
