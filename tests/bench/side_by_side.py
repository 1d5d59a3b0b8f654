"""The same scripted work done by one of our agents and by mini-swe-agent, each in a new process, in turn, at the same endpoint."""

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.bench.measuring import Row, Spread, all_in_turns
from tests.bench.mini_swe_agent import COMPLETE, NAME, Mini, installed
from tests.bench.place import folder, place, sources
from tests.bench.prefixes import known_share, prompt
from tests.support.scripted_model import Answer, ScriptedModel, Seen, call

NO_OPS = 10
"""Commands that do nothing, so that what is measured is the harness; then one edit, then the end."""

REQUESTS = NO_OPS + 2
TURNS = 4
FILES = 40
PATIENCE = 120.0


@dataclass
class Watch:
    """What the endpoint saw of the process `pid`: when requests came and were answered, and its memory at the last one."""

    pid: int = 0
    arrived: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    peak: float = 0.0

    def before(self, seen: Seen) -> None:
        self.arrived.append(time.perf_counter())
        if len(self.arrived) == REQUESTS:
            self.peak = peak_memory(self.pid)

    def answer(self, seen: Seen) -> Answer:
        self.seen.append(seen)
        said = _ours(seen) if _is_ours(seen) else theirs(seen)
        self.answered.append(time.perf_counter())
        return said


@dataclass(frozen=True)
class Figures:
    """Of one whole process. Times in seconds; `sent` are bytes of request bodies, `known` the share that a prompt cache could serve."""

    wall: float
    cpu: float
    peak: float
    start: float
    gap: float
    sent: float
    known: float


@dataclass(frozen=True, slots=True)
class _Column:
    what: str
    of: Callable[[Figures], float]
    factor: float
    unit: str
    digits: int
    meaning: str


COLUMNS = (
    _Column("gap between answer and next request", lambda f: f.gap, 1000, "ms", 1,
            "median of a conversation as the endpoint sees it; ours runs each command in a sealed box and stores reply, result and files, theirs runs it"
            " as the user, in the open, and stores one file at the end"),
    _Column("wall time of the process", lambda f: f.wall, 1, "s", 2,
            f"{NO_OPS} commands that do nothing, an edit, the end, at an endpoint that answers at once; each in a new process"),
    _Column("processor time of the process", lambda f: f.cpu, 1, "s", 2, "its children included"),
    _Column("start to first request", lambda f: f.start, 1, "s", 2,
            "an empty process; a worker that runs is past that. Theirs is nearly all the import of its client library"),
    _Column("peak memory of the process", lambda f: f.peak, 1e-6, "MB", 0,
            "the process that talks to the model, without its children; ours carries any number of agents"),
    _Column("bytes sent", lambda f: f.sent, 1e-3, "kB", 1,
            f"bodies of all {REQUESTS} requests; the same task of 3 kB in both, and the rest as each always sends it: ours six tools and the rules of the place, theirs one tool"),
    _Column("share a cache could serve, beside it", lambda f: f.known, 100, "%", 1,
            "of all requests but the first, what earlier ones had already sent; the shorter the new words, the higher"),
)  # fmt: skip


def measure() -> list[Row]:
    mini = installed()
    if mini.missing:
        return [Row("one agent alone", "not measured", NAME, "not measured", "–", mini.missing)]
    files = sources(FILES)
    with folder() as root, place(root, files) as here:
        made = _Processes(root, files, mini)
        taken = all_in_turns({"ours": partial(made.ours, here.tree), "theirs": made.theirs}, TURNS)
    return [_row(column, taken["ours"], taken["theirs"]) for column in COLUMNS]


def peak_memory(pid: int) -> float:
    """The most that this process ever had in memory, in bytes. What the kernel says at its end would count its parent's memory too."""
    return status(pid, "VmHWM")


def status(pid: int, name: str) -> float:
    """A line of the process's memory accounting, in bytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return float(next(line.split()[1] for line in lines if line.startswith(f"{name}:"))) * 1024


def _row(column: _Column, ours: list[Figures], theirs: list[Figures]) -> Row:
    mine, others = (Spread(tuple(column.of(figures) for figures in taken)) for taken in (ours, theirs))
    shown = [spread.shown(column.factor, column.unit, column.digits) for spread in (mine, others)]
    ratio = f"{mine.by(others).shown(digits=2)} ×"
    return Row(f"one agent alone: {column.what}", shown[0], NAME, shown[1], ratio, column.meaning)


class _Processes:
    """New processes with the same work, each in a folder of its own."""

    def __init__(self, root: Path, files: Mapping[str, bytes], mini: Mini) -> None:
        self._root, self._files, self._mini, self._made = root, files, mini, 0

    def ours(self, tree: str) -> Figures:
        self._made += 1
        words = [sys.executable, "-m", "tests.bench.lone_agent", str(self._root), tree, f"alone-{self._made}"]
        return self._watched(lambda url: ([*words, url], dict(os.environ), Path.cwd()))

    def theirs(self) -> Figures:
        self._made += 1
        here = self._root / f"mini-{self._made}"
        for path, content in self._files.items():
            (here / path).parent.mkdir(parents=True, exist_ok=True)
            (here / path).write_bytes(content)
        try:
            return self._watched(lambda url: (self._mini.command(here), self._mini.environment(here, url), here))
        finally:
            shutil.rmtree(here)

    def _watched(self, start: Callable[[str], tuple[list[str], dict[str, str], Path]]) -> Figures:
        watch = Watch()
        with ScriptedModel(watch.answer, before=watch.before) as model:
            words, environment, here = start(model.base_url)
            started, before = time.perf_counter(), _children()
            process = subprocess.Popen(words, env=environment, cwd=here, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # fmt: skip
            watch.pid = process.pid
            with process:
                try:
                    said = process.communicate(timeout=PATIENCE)[0]
                finally:
                    process.kill()
            wall, cpu = time.perf_counter() - started, _children() - before
        assert process.returncode == 0, said.decode()[-2000:]
        assert len(watch.arrived) == REQUESTS, (len(watch.arrived), said.decode()[-2000:])
        gaps = [after - before for before, after in zip(watch.answered, watch.arrived[1:], strict=False)]
        sent = sum(int(seen.headers["Content-Length"]) for seen in watch.seen)
        known = known_share([prompt(seen) for seen in watch.seen])
        return Figures(wall, cpu, watch.peak, watch.arrived[0] - started, Spread(tuple(gaps)).median, sent, known)


def _children() -> float:
    """Processor time of all children so far that have ended, and of theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _is_ours(seen: Seen) -> bool:
    return "finish" in {tool["function"]["name"] for tool in seen.body["tools"]}


def asked(seen: Seen) -> int:
    """The number of the turn, told from the conversation: other agents name none."""
    return 1 + sum(message["role"] == "assistant" for message in seen.body["messages"])


def _ours(seen: Seen) -> Answer:
    if asked(seen) <= NO_OPS:
        return call("bash", script=f"true {asked(seen)}")
    if asked(seen) < REQUESTS:
        return call("edit", path="package_0/module_1.py", old="NUMBER = 1\n", new="NUMBER = 10\n")
    return call("finish", summary="It says its number now.")


def theirs(seen: Seen) -> Answer:
    """Their model's part: the same work with the one tool that they have."""
    if asked(seen) <= NO_OPS:
        return call("bash", command=f"true {asked(seen)}")
    if asked(seen) < REQUESTS:
        return call("bash", command="sed -i 's/NUMBER = 1$/NUMBER = 10/' package_0/module_1.py")
    return call("bash", command=COMPLETE)
