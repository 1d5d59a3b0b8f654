"""From what an agent left in its checkout to a commit: only the paths it may write, with the trailers that say where it comes from."""

from bot.agents.outcome import AgentOutcome
from bot.core.plans.model import Plan
from bot.core.policy.paths import judge_changes, judge_sizes
from bot.core.ports import Authorship, Checkout
from bot.core.runs import Run
from bot.core.specs.layouts import is_spec
from bot.ids import AgentKey, TreeSha
from bot.reporting.commit_message import commit_message, noreply_address
from bot.reporting.masking import Redactor
from bot.workflows.house import House
from bot.workflows.notes import Facts, Specs, Work, keep, need


def make_candidate(house: House, run: Run, agent: AgentKey, checkout: Checkout, outcome: AgentOutcome) -> None:
    """Store `Work` for the agent's last kept state of the files; nothing when it changed nothing that it may change.

    The state comes from the journal and the commit's date from the run, so that repeating this makes the very same commit.
    """
    snapshot = house.journal.load(agent).snapshot
    if snapshot is None:
        return
    facts = need(house, run.run_id, Facts)
    house.git.restore(checkout, snapshot.tree, snapshot.bundle)
    left = house.git.keep_snapshot(checkout, snapshot.tree)
    tree, dropped = _allowed_part(house, run, facts, left)
    if tree == facts.head_tree:
        return
    plan, specs = need(house, run.run_id, Plan), need(house, run.run_id, Specs)
    message = commit_message(
        plan.tasks[0].title,
        outcome.summary,
        specs=[spec.path for spec in specs.in_force],
        tasks=[task.task_id for task in plan.tasks],
        run=run,
        redactor=Redactor(house.secrets),
    )
    bot = house.github.app().bot_user
    author = Authorship(bot.login, noreply_address(bot), run.created_at)
    commit = house.git.commit(run.repo, tree, [facts.head], message, author)
    keep(house, run.run_id, Work(commit, tree, dropped))
    house.store.update_run(run.run_id, candidate=commit)


def _allowed_part(house: House, run: Run, facts: Facts, left: TreeSha) -> tuple[TreeSha, tuple[str, ...]]:
    """The tree without what the agent was not to touch, and one sentence for each path that was put back."""
    specs = need(house, run.run_id, Specs)
    before = {entry.path: entry for entry in house.git.entries(run.repo, facts.head_tree)}
    changes = house.git.changed(run.repo, facts.head_tree, left)
    sizes = {entry.path: entry.size for entry in house.git.entries(run.repo, left)}
    faults = judge_changes(
        changes,
        scope=specs.scope,
        protected=facts.config.protected,
        spec_paths=frozenset(change.path for change in changes if is_spec(change.path, facts.config)),
        tree_paths=frozenset(before),
    ) + judge_sizes({change.path: sizes.get(change.path, 0) for change in changes})
    if not faults:
        return left, ()
    foreign = {fault.path for fault in faults}
    put = {path: before[path] for path in foreign if path in before}
    drop = [path for path in foreign if path not in before]
    return house.git.with_files(run.repo, left, put, drop), tuple(f"{f.path}: {f.reason}" for f in faults)
