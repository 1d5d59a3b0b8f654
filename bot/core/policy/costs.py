"""Bills of runs, and their sums by repository, person, spec or month. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.core.chat import Usage
from bot.core.runs import Run


class By(StrEnum):
    """What costs are summed up by."""

    REPO = "repo"
    USER = "user"
    SPEC = "spec"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Bill:
    """What one run used in one month (`2026-11`, UTC). `usd` is the sum of the calls with a known price, `unpriced` counts the others.

    `seconds` is the run's whole time of work; it stands in the month in which the run began and is 0 in later ones.
    """

    run: Run
    month: str
    usage: Usage
    calls: int
    usd: float
    unpriced: int
    seconds: float
    specs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CostRow:
    """One line of a table of costs. `runs`, `calls`, tokens and `seconds` are fractions where a run is shared between specs. `usd` is the
    known part; `unpriced` says how many calls have no known price."""

    name: str
    runs: float = 0.0
    calls: float = 0.0
    prompt: float = 0.0
    cached: float = 0.0
    completion: float = 0.0
    usd: float = 0.0
    unpriced: float = 0.0
    seconds: float = 0.0

    @property
    def tokens(self) -> float:
        return self.prompt + self.completion

    @property
    def cached_share(self) -> float | None:
        """The part of the prompts that a cache served, from 0 to 1; None without any prompt."""
        return self.cached / self.prompt if self.prompt else None

    @property
    def price_known(self) -> bool:
        """Whether `usd` is all of it."""
        return not self.unpriced


NO_SPEC = "(no spec)"
"""Where costs are listed by spec: runs that found none."""


def cost_rows(bills: Iterable[Bill], by: By) -> tuple[CostRow, ...]:
    """The sums, the dearest first, months in their order. A run with several specs is divided evenly among them."""
    rows: dict[str, CostRow] = {}
    counted: set[tuple[str, str]] = set()
    for bill in bills:
        for name, share in _shares(bill, by):
            new = (name, bill.run.run_id) not in counted
            counted.add((name, bill.run.run_id))
            rows[name] = _added(rows.get(name, CostRow(name)), bill, share, runs=share if new else 0.0)
    if by is By.MONTH:
        return tuple(rows[name] for name in sorted(rows))
    return tuple(sorted(rows.values(), key=lambda row: (-row.usd, -row.tokens, row.name)))


def _shares(bill: Bill, by: By) -> Iterator[tuple[str, float]]:
    if by is By.SPEC:
        names = [f"{bill.run.repo.full_name}:{path}" for path in bill.specs] or [NO_SPEC]
        yield from ((name, 1 / len(names)) for name in names)
    else:
        yield {By.REPO: bill.run.repo.full_name, By.USER: bill.run.requester.login}.get(by, bill.month), 1.0


def _added(row: CostRow, bill: Bill, share: float, *, runs: float) -> CostRow:
    return CostRow(
        name=row.name,
        runs=row.runs + runs,
        calls=row.calls + bill.calls * share,
        prompt=row.prompt + bill.usage.prompt * share,
        cached=row.cached + bill.usage.cached * share,
        completion=row.completion + bill.usage.completion * share,
        usd=row.usd + bill.usd * share,
        unpriced=row.unpriced + bill.unpriced * share,
        seconds=row.seconds + bill.seconds * share,
    )
