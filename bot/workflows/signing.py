"""How the candidate gets onto the branch: by git push or, where the branch takes only signed commits, as one commit that GitHub makes itself."""

from bot.core.patterns import readable_patterns
from bot.core.plans.model import Plan
from bot.core.policy.commits import cannot_carry
from bot.core.policy.model import CommitPolicy
from bot.core.ports import ChangedFile, ChangeKind, TreeEntry
from bot.core.pulls import PullRequest
from bot.core.runs import Run, RunState
from bot.errors import Refused
from bot.ids import Sha
from bot.reporting.commit_message import commit_message, run_trailer
from bot.reporting.masking import Redactor
from bot.reporting.signed_commits import CANNOT_SIGN_WAY_OUT, made_otherwise, may_not_be_carried, task_lines
from bot.workflows.adopting import adopt
from bot.workflows.house import House
from bot.workflows.keeping import keep_work
from bot.workflows.landing import Unsignable, by_github, demands_signatures, to_sign
from bot.workflows.notes import Facts, Signing, Specs, Work, find, keep, need
from bot.workflows.steps import Ended


def put_on_branch(house: House, run: Run, pull: PullRequest, work: Work) -> Sha:
    """The commit at the branch's tip that holds the candidate. Raises `Ended` when only a person can bring it there, and as `Git.push` does."""
    if pull.head_sha == work.commit:
        return work.commit
    if signs(house, run, pull):
        return _sign(house, run, pull, work)
    try:
        house.git.push(run.repo, work.commit, pull.head_ref, expected=run.start_head)
    except Refused as fault:
        if need(house, run.run_id, Facts).config.commits is not CommitPolicy.AUTO or not demands_signatures(fault):
            raise
        return _sign(house, run, pull, work)
    return work.commit


def signs(house: House, run: Run, pull: PullRequest) -> bool:
    """Whether GitHub is to make the commit. Raises `Ended` when the configuration asks for what the branch refuses."""
    policy = need(house, run.run_id, Facts).config.commits
    try:
        return by_github(house, run.repo, policy, pull.head_ref, pull.base_ref)
    except Unsignable as fault:
        raise Ended(RunState.WAITING, fault.message, f"{fault.hint}, then `/specbot retry`") from None


def doubt_before(house: House, run: Run, pull: PullRequest) -> str:
    """What of the run's scope could not be carried, in words for people, before any money is spent on it; "" when nothing is known to stand
    against it. A scope without limits says nothing."""
    plan, specs, facts = find(house, run.run_id, Plan), need(house, run.run_id, Specs), need(house, run.run_id, Facts)
    owned = [task.owns or specs.scope for task in plan.tasks] if plan else []
    if not owned or not all(owned) or not signs(house, run, pull):
        return ""
    patterns = readable_patterns([line for lines in owned for line in lines])
    inside = [entry for entry in house.git.entries(run.repo, facts.head_tree) if patterns.matches(entry.path)]
    reason = cannot_carry([_as_changed(entry) for entry in inside if entry.mode != "100644"], 0)
    return may_not_be_carried(reason) if reason else ""


def _sign(house: House, run: Run, pull: PullRequest, work: Work) -> Sha:
    facts = need(house, run.run_id, Facts)
    onto, message = (run.start_head, facts.head_tree), _message(house, run, pull)
    try:
        wanted = to_sign(house, run.repo, pull.head_ref, onto, work.tree, message, run_trailer(run))
    except Unsignable as fault:
        keep_work(house, run, work.commit)
        raise Ended(RunState.WAITING, fault.message, CANNOT_SIGN_WAY_OUT) from None
    keep(house, run.run_id, Signing(work.tree))
    commit = house.github.commit_signed(run.repo, wanted)
    if not adopt(house, run, work, commit, pull.head_ref):
        raise Refused(made_otherwise(commit), hint="please report this")
    return commit


def _message(house: House, run: Run, pull: PullRequest) -> str:
    """One commit for all tasks: half of them published would be neither the start nor the candidate."""
    plan, specs = need(house, run.run_id, Plan), need(house, run.run_id, Specs)
    title = plan.tasks[0].title if len(plan.tasks) == 1 else pull.title
    return commit_message(
        title,
        task_lines(plan.tasks),
        specs=[spec.path for spec in specs.in_force],
        tasks=[task.task_id for task in plan.tasks],
        run=run,
        redactor=Redactor(house.secrets),
    )


def _as_changed(entry: TreeEntry) -> ChangedFile:
    return ChangedFile(ChangeKind.MODIFIED, entry.path, entry.mode, entry.mode, entry.blob)
