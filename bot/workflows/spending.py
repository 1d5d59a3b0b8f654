"""What a run may spend: its budget with what people granted, every cap above it, and the allowance of each of its agents."""

from dataclasses import dataclass

from bot.agents.allowance import Allowance
from bot.agents.roles.implementer import NAME as IMPLEMENTER
from bot.agents.roles.reviewer import NAME as REVIEWER
from bot.agents.roles.spec_author import NAME as SPEC_AUTHOR
from bot.core.orchestration.notes import Asked, Ordered, branch_id
from bot.core.policy.budgets import Extra, Granted, Grants, budget_for, caps_for
from bot.core.policy.model import ROLES, Cap, RepositoryConfig
from bot.core.policy.purse import Caps
from bot.core.runs import Budget, Run
from bot.core.specs.model import BudgetWish
from bot.ids import RunId
from bot.workflows.house import House
from bot.workflows.notes import Facts, Specs, find, keep, need


def budget_of(house: House, run: Run) -> Budget:
    """The run's caps: the smaller of what the owners allow and the specs wish, and what people granted on top.

    Raises `Refused` when a cap is in USD and the price of a model that may be called is unknown.
    """
    limits = _limits(house, run)
    limits.caps(house, run)
    return limits.budget(house, run)


def allowance_for(house: House, run: Run, model: str) -> Allowance:
    """The allowance of one agent that asks `model`.

    A grant counts from the next call on, also for agents at work. Raises `Refused` like `budget_of`.
    """
    limits = _limits(house, run)
    limits.caps(house, run)
    return Allowance(
        turns=limits.config.budget_turns,
        price=house.model.price(model),
        reserve=lambda wanted: house.store.reserve(run.run_id, wanted, limits.caps(house, run)),
        let_go=house.store.let_go,
    )


def grant(house: House, run: Run, new: Granted) -> None:
    """Count one more grant, once for each command."""
    keep(house, run.run_id, (find(house, run.run_id, Grants) or Grants()).including(new))


def granted(house: House, run: RunId) -> Extra:
    """What people granted the run."""
    return (find(house, run, Grants) or Grants()).extra


def model_of(house: House, config: RepositoryConfig, role: str) -> str:
    """The model of a role: the owners' choice, else the operator's."""
    default = house.reviewer_model if role == REVIEWER else house.implementer_model
    return config.role(role).model or default


def wished_model(house: House, run: Run, role: str) -> str:
    """The model that `/orchestrate model=…` named for this role in this run, "" for none. It was checked to be one that the owners named."""
    if run.of_issue:
        asked = find(house, run.run_id, Asked)
        return asked.order.model if asked is not None and role == SPEC_AUTHOR else ""
    if run.from_fork or role != IMPLEMENTER:
        return ""
    ordered = find(house, branch_id(run.repo.repo_id, run.head_ref), Ordered)
    return ordered.model if ordered is not None else ""


def models_of(house: House, config: RepositoryConfig) -> frozenset[str]:
    """Every model that a run may call; a budget in USD needs all their prices."""
    return frozenset(model_of(house, config, role) for role in ROLES)


@dataclass(frozen=True, slots=True)
class _Limits:
    """What is read once for an agent; only the grants are looked up again before each call."""

    config: RepositoryConfig
    wishes: tuple[BudgetWish, ...]
    paths: tuple[str, ...]
    unpriced: tuple[str, ...]

    def budget(self, house: House, run: Run) -> Budget:
        return budget_for(self.config, self.wishes, granted(house, run.run_id))

    def caps(self, house: House, run: Run) -> Caps:
        extra = self._grants_of_the_pull_request(house, run) if self.config.spec_cap != Cap() else Extra()
        specs = dict.fromkeys(self.paths, extra)
        budget = self.budget(house, run)
        return caps_for(self.config, budget, specs, operator=house.month_cap, unpriced=self.unpriced)

    def _grants_of_the_pull_request(self, house: House, run: Run) -> Extra:
        """A grant must not be eaten up by the cap of the spec, over which all runs of the pull request count."""
        runs = house.store.runs_of(run.repo.repo_id, run.number)
        return sum((granted(house, one.run_id) for one in runs), Extra())


def _limits(house: House, run: Run) -> _Limits:
    config, specs = need(house, run.run_id, Facts).config, need(house, run.run_id, Specs)
    wished = {wished_model(house, run, role) for role in (SPEC_AUTHOR, IMPLEMENTER)} - {""}
    asked = find(house, run.run_id, Asked) if run.of_issue else None
    return _Limits(
        config,
        wishes=(
            *(reading.spec.budget for reading in specs.readings if reading.spec),
            *([asked.order.budget] if asked else []),
        ),
        paths=tuple(spec.path for spec in specs.in_force),
        unpriced=tuple(one for one in sorted(models_of(house, config) | wished) if not house.model.knows_price(one)),
    )
