"""From what an agent left in its checkout to a commit: only the paths it may write, with the trailers that say where it comes from."""

from bot.agents.outcome import AgentOutcome
from bot.core.plans.model import Plan
from bot.core.plans.territory import territory
from bot.core.ports import Authorship, Checkout
from bot.core.runs import Run
from bot.ids import AgentKey
from bot.reporting.commit_message import commit_message, noreply_address
from bot.reporting.masking import Redactor
from bot.workflows.bounds import allowed_part
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
    plan, specs = need(house, run.run_id, Plan), need(house, run.run_id, Specs)
    land = territory(plan, plan.tasks[0], specs.scope, facts.config)
    tree, dropped = allowed_part(house, run.repo, land, facts.head_tree, left)
    if tree == facts.head_tree:
        return
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
