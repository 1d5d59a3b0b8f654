"""What our own code takes for one turn of an agent, from the model's answer to the next request."""

import time
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection
from urllib.parse import urlsplit

from bot.agents.desk import Desk
from tests.bench.measuring import Row, Spread, in_turns, judged, times
from tests.bench.place import BRIEFING, Place, conversation, folder, place
from tests.bench.watched import Watched
from tests.support.plain_desk import plain_desk
from tests.support.scripted_model import Answer, ScriptedModel, Seen, call

CALLS = 12
"""Tool calls of one conversation: as many as a small task needs."""

TURNS = 3

KINDS = ("read", "bash, no box", "bash", "edit")

HARNESS = ("read", "bash", "edit")
"""What agents do most; for the one figure over all of them, each counts as much as the others."""

HARNESS_MEANING = (
    "median over all turns of three kinds (read, bash, edit), each command's box taken off, the goal is 20 ms, no worse than"
    " 30, and {judged}; the p90 is {p90:.1f} ms; with the boxes the median is {whole:.1f} ms"
)

CPU_MEANING = "the same harness by the processor's clock, which other work on the machine disturbs less; the endpoint's own share is in both"

MEANINGS = {
    "read": "no process is started, so this is the harness alone: client, journal, live log, budget; the goal is 20 ms",
    "bash, its box taken off": "the harness around a command on a real desk, its snapshot included; the goal is 20 ms",
    "bash, no box": "`bash -c true` on a plain folder, its own start and a naive snapshot included",
    "bash": "the harness and a whole box",
    "edit": "the harness, and the changed file stored as a tree and a bundle with the turn (two git commands)",
}


@dataclass(frozen=True, slots=True)
class _Moment:
    """By the clock, and by the processor time of this process, in which the model's endpoint lives too."""

    seconds: float
    cpu: float


def _now() -> _Moment:
    return _Moment(time.perf_counter(), time.process_time())


class Gaps:
    """A model that answers at once, and the times between its answers and the requests that follow."""

    def __init__(self) -> None:
        self.arrived: list[_Moment] = []
        self.answered: list[_Moment] = []

    def answer(self, seen: Seen) -> Answer:
        kind = seen.body["messages"][1]["content"].partition(":")[0]
        said = _called(kind, seen.turn) if seen.turn <= CALLS else call("finish", summary="Done.")
        self.answered.append(_now())
        return said

    def taken(self) -> list[_Moment]:
        """Those of the conversation that has just ended, one for each call."""
        pairs = zip(self.answered, self.arrived[1:], strict=False)
        gaps = [_Moment(after.seconds - before.seconds, after.cpu - before.cpu) for before, after in pairs]
        self.arrived.clear()
        self.answered.clear()
        return gaps


def _called(kind: str, turn: int) -> Answer:
    if kind == "read":
        return call("read", path="package_0/module_1.py", start=turn)
    if kind == "edit":
        return call("edit", path="package_0/module_1.py", old=f"NUMBER = {turn}\n", new=f"NUMBER = {turn + 1}\n")
    return call("bash", script=f"true {turn}")


def measure() -> list[Row]:
    gaps = Gaps()
    files = {f"package_0/module_{n}.py": f"NUMBER = {n}\n" * (n == 1) + "x = 1\n" * 60 for n in range(40)}
    with folder() as root, place(root, {path: text.encode() for path, text in files.items()}) as here:
        plain = plain_desk(root / "plain", files)
        with ScriptedModel(gaps.answer, before=lambda seen: gaps.arrived.append(_now())) as model:
            talk = _Conversations(here, plain, model, gaps)
            ways = {kind: partial(talk.one, kind) for kind in KINDS}
            taken = in_turns({**ways, "request": talk.bare}, TURNS)
        taken["bash, its box taken off"] = Spread(tuple(talk.without_box[1:]))
    ours, theirs = (Spread(tuple(talk.cpu[kind][1:])) for kind in ("read", "request"))
    cpu = times("processor time of a turn: read", ours, "bare HTTP request", theirs, CPU_MEANING)
    turns = [
        times(f"agent's turn: {kind}", taken[kind], "bare HTTP request", taken["request"], meaning)
        for kind, meaning in MEANINGS.items()
    ]
    return [_harness(talk, taken["request"]), cpu, *turns]


def _harness(talk: "_Conversations", bare: Spread) -> Row:
    """The one figure: every turn of every counted conversation."""
    ours, whole = (
        Spread(tuple(gap for kind in HARNESS for gap in by_kind[kind][CALLS:])) for by_kind in (talk.ours, talk.whole)
    )
    meaning = HARNESS_MEANING.format(
        judged=judged(ours.median, 0.020, 0.030), p90=1000 * ours.part(0.9), whole=1000 * whole.median
    )
    return Row("harness time of a turn", ours.shown(1000, "ms"), "bare HTTP request", bare.shown(1000, "ms"),
               f"{ours.median / bare.median:.1f} ×", meaning)  # fmt: skip


class _Conversations:
    """Whole conversations with one kind of call each, on fresh checkouts.

    `without_box`: what was left of each with `bash`; `ours` and `whole`: every gap by kind, without and with boxes.
    """

    def __init__(self, here: Place, plain: Desk, model: ScriptedModel, gaps: Gaps) -> None:
        self._here, self._plain, self._model, self._gaps = here, plain, model, gaps
        self._made = 0
        self.without_box: list[float] = []
        self.ours: dict[str, list[float]] = {kind: [] for kind in KINDS}
        self.whole: dict[str, list[float]] = {kind: [] for kind in KINDS}
        self.cpu: dict[str, list[float]] = {kind: [] for kind in (*KINDS, "request")}

    def one(self, kind: str) -> float:
        """The median gap of one conversation."""
        self._made += 1
        box = Watched(self._here.sandbox)
        desk = self._plain if kind == "bash, no box" else self._here.desk(f"turn-{self._made}", box)
        conversation(self._here.store, desk, self._model.base_url, f"run-{self._made}", f"{kind}: {BRIEFING}")
        gaps = self._gaps.taken()
        ours = [gap.seconds - boxed for gap, boxed in zip(gaps, box.seconds or [0.0] * CALLS, strict=True)]
        self.ours[kind] += ours
        self.whole[kind] += [gap.seconds for gap in gaps]
        if kind == "bash":
            self.without_box.append(Spread(tuple(ours)).median)
        return self._noted(kind, gaps)

    def bare(self) -> float:
        """A request of the same size to the same server over an open connection, with nothing around it."""
        host = urlsplit(self._model.base_url).netloc
        body = (
            '{"messages": [{"role": "system", "content": ""}, {"role": "user", "content": "%s"}]}' % (BRIEFING * 3)
        ).encode()
        taken = []
        connection = HTTPConnection(host)
        try:
            for _ in range(CALLS):
                started = _now()
                connection.request("POST", "/v1/chat/completions", body, {"X-Specbot-Agent": "bare/T-1/1"})
                connection.getresponse().read()
                ended = _now()
                taken.append(_Moment(ended.seconds - started.seconds, ended.cpu - started.cpu))
        finally:
            connection.close()
        self._gaps.taken()
        return self._noted("request", taken)

    def _noted(self, kind: str, taken: list[_Moment]) -> float:
        self.cpu[kind].append(Spread(tuple(each.cpu for each in taken)).median)
        return Spread(tuple(each.seconds for each in taken)).median
