"""How much a run may cost: what owners, specs and operator allow, and what people grant on top. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.core.policy.model import Cap, RepositoryConfig
from bot.core.policy.purse import Caps
from bot.core.runs import Budget
from bot.core.specs.model import BudgetWish
from bot.errors import Refused


@dataclass(frozen=True, slots=True)
class Extra:
    """What a person granted on top, by `/specbot budget`; all zero for nothing."""

    usd: float = 0.0
    tokens: int = 0
    minutes: float = 0.0

    def __add__(self, other: "Extra") -> "Extra":
        return Extra(self.usd + other.usd, self.tokens + other.tokens, self.minutes + other.minutes)


@dataclass(frozen=True, slots=True)
class Granted:
    """One grant: by which command it was given (a repeated command counts once), by whom, and what."""

    command: str
    by: str
    extra: Extra


@dataclass(frozen=True, slots=True)
class Grants:
    """All grants of one run."""

    given: tuple[Granted, ...] = ()

    @property
    def extra(self) -> Extra:
        return sum((one.extra for one in self.given), Extra())

    def including(self, new: Granted) -> "Grants":
        """With one more; the same when its command was counted before."""
        return self if any(one.command == new.command for one in self.given) else Grants((*self.given, new))


def budget_for(config: RepositoryConfig, wishes: Iterable[BudgetWish], extra: Extra = Extra()) -> Budget:
    """The caps on one run: the smallest of what the repository allows and its specs wish for, with `extra` on top."""
    every = tuple(wishes)
    usd = min((c for c in (config.budget_usd, *(wish.usd for wish in every)) if c is not None), default=None)
    tokens = min([config.budget_tokens, *(wish.tokens for wish in every if wish.tokens is not None)])
    minutes = min([config.budget_minutes, *(wish.minutes for wish in every if wish.minutes is not None)])
    raised = raise_cap(Cap(usd, tokens, minutes), extra)
    return Budget(
        usd=raised.usd, tokens=tokens + extra.tokens, minutes=minutes + extra.minutes, turns=config.budget_turns
    )


def caps_for(
    config: RepositoryConfig, budget: Budget, specs: Mapping[str, Extra], *, operator: Cap, unpriced: Sequence[str] = ()
) -> Caps:
    """Everything that limits a run with this budget. `specs` has the paths of its specs, each with what people granted its runs so far.

    A grant raises the caps of the run and of its specs; the caps of a month are the owners' and the operator's alone. Raises `Refused` when
    a cap is in USD and a model that may be called (`unpriced`) has no known price: such a cap could not be kept.
    """
    caps = Caps(
        run=Cap(budget.usd, budget.tokens, budget.minutes),
        specs=tuple((path, raise_cap(config.spec_cap, extra)) for path, extra in specs.items()),
        repository=config.month_cap,
        installation=operator,
    )
    for name, cap in _named(caps):
        if cap.usd is not None and unpriced:
            raise Refused(
                f"{name} of {cap.usd:.2f} USD cannot be kept, because the price of the model is unknown ({', '.join(unpriced)})",
                hint="set a price for the model, or give the budget in tokens",
            )
    return caps


def raise_cap(cap: Cap, extra: Extra) -> Cap:
    """The cap with more room; what is not limited stays so."""
    return Cap(
        usd=None if cap.usd is None else cap.usd + extra.usd,
        tokens=None if cap.tokens is None else cap.tokens + extra.tokens,
        minutes=None if cap.minutes is None else cap.minutes + extra.minutes,
    )


def _named(caps: Caps) -> tuple[tuple[str, Cap], ...]:
    return (
        ("the budget", caps.run),
        *((f"the budget of the spec {path}", cap) for path, cap in caps.specs),
        ("the repository's monthly budget", caps.repository),
        ("the monthly budget of this installation", caps.installation),
    )
