"""May this model call be paid for? Decided before each call from what is spent and what others hold reserved. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, StrEnum

from bot.core.policy.model import Cap, Price
from bot.ids import AgentKey

_TOKENS = 1_000_000
"""Prices are for a million tokens."""


class Scope(StrEnum):
    """Over what a cap is counted. SPEC: all runs of one spec on its pull request. REPOSITORY and INSTALLATION: a calendar month (UTC)."""

    RUN = "run"
    SPEC = "spec"
    REPOSITORY = "repository"
    INSTALLATION = "installation"


class _Unit(Enum):
    MINUTES = "minutes"
    PRICE = "price"
    TOKENS = "tokens"
    USD = "usd"


_MORE = {_Unit.MINUTES: "+20min", _Unit.TOKENS: "+500k tokens", _Unit.USD: "+2usd"}
"""What is offered for pasting: enough for a few tasks, small enough that nobody regrets it."""


@dataclass(frozen=True, slots=True)
class Caps:
    """Everything that limits one run. `specs` pairs the path of each of its specs with its cap; `installation` is the operator's, over all
    repositories of this bot."""

    run: Cap
    specs: tuple[tuple[str, Cap], ...] = ()
    repository: Cap = Cap()
    installation: Cap = Cap()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A call that is wanted. `prompt` is the most its prompt can have; an answer of `most` tokens is wanted, and one of less than `least` is
    of no use. All in tokens. `turn` counts the agent's own calls from 1. `price` is None when nobody knows it."""

    agent: AgentKey
    turn: int
    prompt: int
    least: int
    most: int
    price: Price | None

    def usd(self, output: int) -> float | None:
        """The most that the call can cost with an answer of `output` tokens: nothing of the prompt need be cached."""
        if self.price is None:
            return None
        prompt = self.prompt * max(self.price.prompt, self.price.cached)
        return (prompt + output * self.price.completion) / _TOKENS


@dataclass(frozen=True, slots=True)
class Account:
    """A cap with what counts against it: finished calls, open reservations of other agents, and seconds of work. Money is None where a
    price is unknown. `name` is the spec's path, else ""."""

    scope: Scope
    cap: Cap
    tokens: int = 0
    usd: float | None = 0.0
    seconds: float = 0.0
    reserved_tokens: int = 0
    reserved_usd: float | None = 0.0
    name: str = ""

    @property
    def settled(self) -> "Account":
        """The same without what others hold reserved."""
        return replace(self, reserved_tokens=0, reserved_usd=0.0)


@dataclass(frozen=True, slots=True)
class Reserved:
    """The call may be made, with an answer of at most `output` tokens."""

    output: int


@dataclass(frozen=True, slots=True)
class Wait:
    """Only what others hold reserved stands in the way; they may settle for less."""

    reason: str


@dataclass(frozen=True, slots=True)
class Exhausted:
    """What is spent leaves no room for the call. `way_out` is what a person can do; it names the line to paste where there is one."""

    reason: str
    way_out: str


Answer = Reserved | Wait | Exhausted


def decide(wanted: Wanted, accounts: Sequence[Account]) -> Answer:
    """The longest useful answer that every account has room for; near a limit the agents go one after the other.

    An answer is shortened only when what is *spent* leaves less room than wanted. While it is others' reservations that take the room, it is
    better to wait: they reserve the worst case and mostly settle for a fraction of it.
    """
    for account in accounts:
        short = _short_of(wanted, account)
        if short is not None:
            reason = f"{_whose(account)} is used up: {_used_up(wanted, account, short)}"
            return Exhausted(reason, _way_out(account.scope, short))
    longest = min([wanted.most, *(_room(wanted, account.settled) for account in accounts)])
    tight = [account for account in accounts if _room(wanted, account) < longest]
    if tight:
        return Wait(f"other agents hold the rest of {_whose(tight[0])} reserved")
    return Reserved(longest)


def month_of(moment: datetime) -> datetime:
    """When the calendar month of a moment (UTC) began."""
    return moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _room(wanted: Wanted, account: Account) -> int:
    """Tokens that the answer may have by this account, below zero when not even the prompt fits."""
    rooms = [wanted.most]
    if account.cap.tokens is not None:
        rooms.append(account.cap.tokens - account.tokens - account.reserved_tokens - wanted.prompt)
    if account.cap.usd is not None:
        rooms.append(_affordable(wanted, account.cap.usd, account.usd, account.reserved_usd))
    return min(rooms)


def _affordable(wanted: Wanted, cap: float, spent: float | None, reserved: float | None) -> int:
    prompt = wanted.usd(0)
    if wanted.price is None or prompt is None or spent is None or reserved is None:
        return -1
    left = cap - spent - reserved - prompt
    if left < 0 or not wanted.price.completion:
        return wanted.most if left >= 0 else -1
    room = left * _TOKENS / wanted.price.completion  # next to nothing a token makes it infinite
    return wanted.most if room >= wanted.most else int(room)


def _short_of(wanted: Wanted, account: Account) -> _Unit | None:
    """Of what this account has too little for the call even if nobody else asked; None when it has enough."""
    cap = account.cap
    if cap.minutes is not None and account.seconds >= cap.minutes * 60:
        return _Unit.MINUTES
    if cap.usd is not None and (account.usd is None or wanted.price is None):
        return _Unit.PRICE
    if _room(wanted, account.settled) >= wanted.least:
        return None
    if cap.tokens is not None and cap.tokens - account.tokens - wanted.prompt < wanted.least:
        return _Unit.TOKENS
    return _Unit.USD


def _used_up(wanted: Wanted, account: Account, short: _Unit) -> str:
    cap = account.cap
    match short:
        case _Unit.MINUTES:
            return f"its {cap.minutes:g} minutes are over"
        case _Unit.PRICE:
            return "it is in USD, and the price of a model call is not known"
        case _Unit.TOKENS:
            need = wanted.prompt + wanted.least
            return f"{account.tokens:,} of {cap.tokens:,} tokens are used, and the next call may need {need:,}"
        case _Unit.USD:
            need_usd = wanted.usd(wanted.least)
            return f"${account.usd:.2f} of ${cap.usd:.2f} are spent, and the next call may cost ${need_usd:.2f}"


def _way_out(scope: Scope, short: _Unit) -> str:
    if short is _Unit.PRICE:
        return "set a price for the model, or give the budget in tokens; then `/specbot retry`"
    if scope is Scope.INSTALLATION:
        return "it goes on next month, or when the operator allows more: `/specbot retry` then"
    if scope is Scope.REPOSITORY:
        return "it goes on next month, or when the owners allow more in `.github/specbot.yml`: `/specbot retry` then"
    return f"give it more with `/specbot budget {_MORE[short]}`, alone on a line: the work then goes on where it stands"


def _whose(account: Account) -> str:
    return {
        Scope.RUN: "the budget of this run",
        Scope.SPEC: f"the budget of the spec {account.name}",
        Scope.REPOSITORY: "the repository's budget of this month",
        Scope.INSTALLATION: "the budget of all repositories for this month",
    }[account.scope]
