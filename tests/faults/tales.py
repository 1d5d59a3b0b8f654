"""The tales that are told again and again with a death in them. Between them they hold every kind of write."""

import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import unified_diff
from pprint import pformat

from bot.hub import Fault as Trouble
from bot.hub.journal import Moment, Write
from bot.hub.refusal import Drop
from bot.hub.state.issues import Issue
from tests.faults.conversations import CONVERSATIONS
from tests.faults.final_state import final_state
from tests.faults.scene import Scene
from tests.faults.tale import Tale
from tests.faults.workers import Death, Workers
from tests.support.scripted_model import Answer, Fault, Script, Seen, prefix_faults
from tests.support.stage import GOOD, WRONG, implementing
from tests.support.team_of_four import TEAM_SPEC, team_of_four


@dataclass(frozen=True)
class Told:
    """How it ended: what stands, what was asked of the models, the points that the workers passed, the writes, their places
    (method and a pattern for the path), the deaths, what still lay about, when the events of the runs were, when reactions were asked for, how many
    points and moments of writes had passed before the tale's mark."""

    final: dict[str, object]
    asked: tuple[str, ...]
    answered: int
    points: tuple[str, ...]
    writes: tuple[str, ...]
    places: tuple[tuple[str, str], ...]
    deaths: tuple[Death, ...]
    leftovers: tuple[str, ...]
    times: tuple[datetime, ...]
    reactions: tuple[datetime, ...]
    before: tuple[int, int]

    @property
    def own_points(self) -> tuple[str, ...]:
        """The points of what is the tale's own: without the way to its beginning."""
        return self.points[self.before[0] :]

    @property
    def own_writes(self) -> tuple[str, ...]:
        return self.writes[self.before[1] :]


def published() -> Tale:
    """Reaction, both checks made and updated, comment made and edited, push, review with a comment on a line."""

    def people(scene: Scene) -> Issue:
        pull = scene.open()
        scene.rest(pull)
        return pull

    return Tale("published", lambda: implementing({"greet.py": GOOD}), people)


def kept() -> Tale:
    """Two agents that do not manage it: the work goes to a branch of its own."""

    def people(scene: Scene) -> Issue:
        pull = scene.open()
        scene.rest(pull)
        return pull

    return Tale("kept", lambda: implementing({"greet.py": WRONG}, finding=False), people)


def stopped() -> Tale:
    """Somebody stops the run while the model thinks about its second turn, asks how it stands, and has it verified again."""

    def script() -> Script:
        plays = implementing({"greet.py": GOOD})

        def stalling(seen: Seen) -> Answer | Fault:
            return Fault(stall=True) if seen.turn == 2 else plays(seen)

        return stalling

    def people(scene: Scene) -> Issue:
        pull = scene.open()
        scene.until(lambda: any(seen.turn == 2 for seen in scene.model.requests), "the second turn")
        scene.say(pull, "/specbot stop")
        scene.rest(pull)
        scene.say(pull, "/specbot status")
        scene.rest(pull)
        scene.say(pull, "/specbot verify")
        scene.rest(pull)
        return pull

    return Tale("stopped", script, people)


def team() -> Tale:
    """Four agents, three of them side by side; in which order they are merged is not the same each time."""

    def people(scene: Scene) -> Issue:
        pull = scene.open(TEAM_SPEC)
        scene.rest(pull)
        return pull

    return Tale("team", team_of_four, people)


TALES = {make.__name__: make for make in (published, kept, stopped)}
"""Those that end in the very same state each time they are told."""

TOLD = {**TALES, **CONVERSATIONS, team.__name__: team}


def tell(
    name: str,
    *,
    points: Sequence[str] = (),
    writes: Sequence[str] = (),
    troubles: Sequence[Trouble] = (),
    meddle: Callable[[Scene, str], None] = lambda scene, point: None,
    through: bool = False,
) -> Told:
    """Tell a tale. The worker dies at these points (one worker each) and at these outside writes (each once); GitHub gives trouble. `through`: the
    points are numbered through all workers, and a point that does not come, because a death before it changed the numbers, is left out.

    `meddle` is called at each outside write and at each request to a model (`asked LABEL`), while the other side waits.
    """
    tale = TOLD[name]()
    plays = tale.script()

    def script(seen: Seen) -> Answer | Fault:
        meddle(scene, f"asked {seen.label}")
        return plays(seen)

    scene = Scene(script)
    with scene, scene.workers(points, through=through) as workers:
        for trouble in troubles:
            scene.hub.faults.add(trouble)
        observer = Observer(workers, writes, lambda point: meddle(scene, point))
        scene.hub.on_write(observer)
        marks = [(0, 0)]
        scene.on_mark = lambda: marks.append((len(workers.noted), len(observer.passed)))
        pull = tale.people(scene)
        assert not workers.broken, f"a worker ended by itself: {workers.broken}"
        assert conversation_faults(scene.model.requests) == []
        left = [(rule.kind, rule.method, rule.path) for rule in scene.hub.faults.rules()]
        assert left == [], f"this trouble never struck: {left}"
        return Told(
            final=final_state(scene, pull),
            asked=tuple(seen.label for seen in scene.model.requests),
            answered=scene.answered(),
            points=tuple(workers.noted),
            writes=tuple(observer.passed),
            places=tuple(dict.fromkeys(place_of(write) for write in scene.hub.journal.writes())),
            deaths=tuple(workers.deaths),
            leftovers=tuple(scene.leftovers()),
            times=tuple(event[1] for run in scene.runs_at(pull) for event in scene.store.events(run.run_id)),
            reactions=tuple(asked.at for asked in scene.hub.journal.requests if asked.path.endswith("/reactions")),
            before=marks[-1],
        )


@functools.cache
def undisturbed(name: str) -> Told:
    """The tale as it goes when nobody dies."""
    return tell(name)


class Observer:
    """Names the outside writes as they pass (`before POST …/reactions #1`), and kills at the fatal ones."""

    def __init__(self, workers: Workers, fatal: Sequence[str], meddle: Callable[[str], None]) -> None:
        self._meddle = meddle
        self.passed: list[str] = []
        self._workers = workers
        self._fatal = set(fatal)
        self._counts: dict[str, int] = {}
        self._names: dict[int, str] = {}

    def __call__(self, moment: Moment, write: Write) -> None:
        if moment == "before":
            kind = kind_of(write)
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._names[write.number] = f"{kind} #{self._counts[kind]}"
        point = f"{moment} {self._names[write.number]}"
        self.passed.append(point)
        self._meddle(point)
        if point in self._fatal:
            self._fatal.discard(point)
            if moment == "before":  # it did not happen, so the next one of its kind is still this one
                self._counts[kind_of(write)] -= 1
            self._workers.kill(point)
            raise Drop


def place_of(write: Write) -> tuple[str, str]:
    path = write.path.removeprefix("/api/v3")
    return write.method, re.sub(r"/\d+", r"/\\d+", path) + "$"


def conversation_faults(requests: Sequence[Seen]) -> list[str]:
    """Where one conversation did something else than grow. Agents of two runs may have one label: what they were told first tells them apart."""
    talks: dict[str, list[Seen]] = {}
    for seen in requests:
        talks.setdefault(f"{seen.label.rpartition('/')[0]} {seen.body['messages'][:2]}", []).append(seen)
    return [fault for talk in talks.values() for fault in prefix_faults(talk)]


def difference(expected: object, got: object) -> str:
    lines = [pformat(value, width=200).splitlines() for value in (expected, got)]
    return "\n".join(unified_diff(*lines, "undisturbed", "disturbed", lineterm="", n=0))


def kind_of(write: Write) -> str:
    """`PATCH issues/comments`, `push specbot`: the kind of a write, without what differs from run to run."""
    if write.kind == "git":
        return "push " + ", ".join(move.ref.removeprefix("refs/heads/").split("/")[0] for move in write.moves)
    if write.path.endswith("/graphql"):  # a question or a change; which one, its text says
        return f"{write.method} graphql"
    parts = [part for part in write.path.split("/")[6:] if not part.isdigit()]
    name = write.request.get("name", "") if isinstance(write.request, dict) else ""
    return " ".join(word for word in (write.method, "/".join(parts), str(name)) if word)


def lost_in_flight(deaths: Sequence[Death]) -> list[str]:
    """What was being asked when a worker died, and whose answer nobody was there to store."""
    lost: list[str] = []
    for death in deaths:
        if len(death.asked) - death.answered > len(lost):
            lost.append(death.asked[-1])
    return lost


def as_if_nothing_happened(told: Told, expected: Told) -> None:
    """The end is the same, and no question to a model was asked again whose answer had been stored."""
    assert told.final.keys() == expected.final.keys()
    for topic, value in expected.final.items():
        assert told.final[topic] == value, f"{topic}:\n{difference(value, told.final[topic])}"
    again = list(told.asked)
    for label in expected.asked:
        assert label in again, f"{label} was never asked"
        again.remove(label)
    in_flight = lost_in_flight(told.deaths)
    assert len(again) <= len(in_flight), f"asked again: {again}, while in flight was {in_flight}"
    assert set(again) <= set(in_flight), f"asked again: {again}, while in flight was {in_flight}"
    assert told.answered == expected.answered
    assert told.leftovers == ()
