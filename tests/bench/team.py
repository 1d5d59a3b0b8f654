"""A plan of seven tasks at a model of fixed latency: how much longer than its longest chain of model calls it takes, side by side and serial."""

import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from bot.adapters.model.openai_chat import warm_up
from bot.adapters.store.store import SqlStore
from bot.core.plans.progress import TaskState
from bot.ids import RunId
from bot.logging_setup import configure_logging
from tests.bench.measuring import Row, Spread, judged
from tests.bench.prefixes import known_share, prompt
from tests.support.scripted_model import Answer, Seen, call
from tests.support.stage import Stage

LATENCY_SECONDS = 2.0
"""Of every model call. Most real ones take longer; the shorter, the more of the whole is ours."""

OTHER_SECONDS = (1.0, 5.0)
"""A quick small model, and a call that thinks and writes some hundred tokens: for these the ratio is calculated, not measured."""

AFTER: Mapping[str, tuple[str, ...]] = {
    "T-1": (), "T-2": (), "T-3": (), "T-4": (),
    "T-5": ("T-1",), "T-6": ("T-2", "T-3"), "T-7": ("T-4", "T-5", "T-6"),
}  # fmt: skip
"""Four that wait for nothing (as many as work at once unless the owners say otherwise), two that wait for some of them, one for the rest."""

CALLS: Mapping[str, int] = {"T-1": 6, "T-2": 5, "T-3": 4, "T-4": 8, "T-5": 4, "T-6": 6, "T-7": 5}
"""Model calls of each task, uneven as tasks are: whoever waits for a whole layer of the graph waits for longer than the plan asks."""

TURNS = 2
PATIENCE = 300.0
LOOK_SECONDS = 0.5


@dataclass(frozen=True)
class Figures:
    """Seconds from the first task's start to the last one's merge, and what was sent."""

    wall: float
    prompts: tuple[bytes, ...]


def measure() -> list[Row]:
    warm_up().join()  # as every worker does when it starts
    serial = _one_run(at_once=1)
    taken = [_one_run(at_once=4) for _ in range(TURNS)]
    together = Spread(tuple(run.wall for run in taken))
    path, whole = (LATENCY_SECONDS * calls for calls in (longest_chain(AFTER), sum(CALLS.values())))
    calls = f"of {LATENCY_SECONDS:g} s each"
    prompts = taken[0].prompts
    ours = together.median - path
    others = ", ".join(
        f"{1 + ours / (longest_chain(AFTER) * seconds):.3f} × with {seconds:g} s" for seconds in OTHER_SECONDS
    )
    return [
        Row("a team's plan", together.shown(1, "s", 2), "its critical path", f"{path:.2f} s",
            f"{Spread(tuple(wall / path for wall in together.values)).shown(digits=3)} ×",
            f"seven tasks, four at once, from the first one's start to the last one's merge; the path is the {longest_chain(AFTER)} model calls {calls}"
            " of the longest chain, with no time at all for tools, boxes, checkouts and merges; the goal is 1.05 ×, no worse than 1.15 ×, and"
            f" {judged(together.median / path, 1.05, 1.15)}; ours are {ours:.2f} s, which do not grow with the calls: it would be {others} each"),
        Row("the same plan, one task after the other", f"{serial.wall:.2f} s", "all its model calls", f"{whole:.2f} s",
            f"{serial.wall / whole:.3f} ×",
            f"{sum(CALLS.values())} calls {calls}; ours are {serial.wall - whole:.2f} s, for seven tasks one after the other"),
        Row("a team against one after the other", together.shown(1, "s", 2), "the same plan, serial", f"{serial.wall:.2f} s",
            f"{together.median / serial.wall:.2f} ×", f"the graph allows {path / whole:.2f} ×"),
        Row("share a cache could serve, whole team", f"{100 * known_share(prompts):.1f} %", "goal", "95 %", "–",
            f"of the bytes of all {len(prompts)} requests of the team but the first, what an earlier one had begun with, another agent's too;"
            f" {sum(map(len, prompts)) / 1000:,.0f} kB were sent"),
    ]  # fmt: skip


@cache
def _spec() -> str:
    criteria = "\n".join(
        f"- **AC-{number}** Module {number} says its number.\n\n  ```sh verify\n"
        f'  python3 -c "from module_{number} import said; assert said() == {number}"\n  ```\n'
        for number in range(1, len(CALLS) + 1)
    )
    tasks = "\n".join(_task(name, number) for number, name in enumerate(CALLS, start=1))
    head = "---\ntitle: Seven modules\nstatus: ready\n---\n\n# Seven modules"
    return f"{head}\n\n## Acceptance criteria\n\n{criteria}\n## Tasks\n\n{tasks}\n"


def _task(name: str, number: int) -> str:
    after = f"; after: {', '.join(AFTER[name])}" if AFTER[name] else ""
    return (
        f"- [ ] **{name}** Let module {number} say its number (owns: `module_{number}.py`; proves: AC-{number}{after})"
    )


def longest_chain(after: Mapping[str, tuple[str, ...]]) -> int:
    """The most model calls that have to follow one another."""

    def until(name: str) -> int:
        return CALLS[name] + max((until(other) for other in after[name]), default=0)

    return max(map(until, after))


def _answer(seen: Seen) -> Answer:
    role, *rest = seen.label.split("/")
    if role != "implementer":
        return call("finish", summary="Reads well.", findings=[])
    number = rest[0].removeprefix("T-")
    if seen.turn == CALLS[rest[0]]:
        return call("finish", summary=f"Module {number} says its number.")
    if seen.turn == CALLS[rest[0]] - 1:
        return call("edit", path=f"module_{number}.py", old="return 0", new=f"return {number}")
    if seen.turn % 2:
        return call("read", path=f"module_{number}.py", start=seen.turn)
    return call("bash", script=f"grep -n said module_{number}.py; true {seen.turn}")


def _one_run(*, at_once: int) -> Figures:
    files = {f"module_{number}.py": "# A module.\n" * 20 + "def said():\n    return 0\n" for number in range(1, 8)}
    configuration = (
        f"agents:\n  at_once: {at_once}\nenvironment:\n  requirements: []\nbudget:\n  tokens: 5000000\n  minutes: 30\n"
    )
    stage = Stage(
        _answer, {".github/specbot.yml": configuration, **files}, before=lambda seen: time.sleep(LATENCY_SECONDS)
    )
    with stage:
        configure_logging(stage.settings)
        logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it would print each delivery between the figures
        with stage.worker():
            pull = stage.open(_spec())
            _wait_for(lambda: stage.acceptance(pull) is not None)
            stage.settled(pull)
        assert stage.acceptance(pull) == "success", stage.title(pull)
        (run,) = stage.runs_at(pull)
        return _figures(
            stage.store, run.run_id, [prompt(seen) for seen in stage.model.requests if "implementer" in seen.label]
        )


def _wait_for(true: Callable[[], bool]) -> None:
    """Looks seldom: the stage's own waiting would take a part of the processor that is measured here."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "the run did not come to its end"
        time.sleep(LOOK_SECONDS)


def _figures(store: SqlStore, run: RunId, prompts: list[bytes]) -> Figures:
    told = [(at, json.loads(data)) for _, at, kind, data in store.events(run) if kind == "task"]
    started = min(at for at, data in told if data["state"] == TaskState.WORKING.value)
    merged = [at for at, data in told if data["state"] == TaskState.MERGED.value]
    assert len(merged) == len(CALLS), told
    return Figures((max(merged) - started).total_seconds(), tuple(prompts))
