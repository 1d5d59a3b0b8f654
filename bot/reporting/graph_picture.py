"""Where the tasks of a plan stand in its picture: columns from left to right, each task right of all that it waits for. Pure.

A layered drawing (after Sugiyama, Tagawa and Toda, 1981): longest paths give the columns, an arrow over several columns is led through an
empty place in each, and sweeps that put every place near the middle of its neighbours keep arrows from crossing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.core.plans.model import Plan
from bot.ids import TaskId

NODE_WIDTH, NODE_HEIGHT = 184, 54
"""Of a task's box in pixels: an id with a state and some 26 characters of a title."""

COLUMN_GAP, ROW_GAP = 56, 14
"""Between boxes: room for an arrow to turn, and between rows just enough to tell them apart."""

LANE_HEIGHT = 10
"""Of the empty place through which a long arrow is led."""

MARGIN = 4
"""Around everything, so that no line is cut."""

SWEEPS = 6
"""Passes over the columns, half of them back; more changes nothing in graphs of this size."""


@dataclass(frozen=True, slots=True)
class Box:
    """A task's place: its left upper corner."""

    task_id: TaskId
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Arrow:
    """From a task to one that waits for it; `path` is SVG path data."""

    source: TaskId
    target: TaskId
    path: str


@dataclass(frozen=True, slots=True)
class GraphPicture:
    """All boxes in the plan's order; every coordinate is inside `width` and `height`."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """A task in its column, or (with `target`) the arrow between two tasks passing through one."""

    task: TaskId
    column: int
    target: TaskId | None = None

    @property
    def height(self) -> int:
        return NODE_HEIGHT if self.target is None else LANE_HEIGHT


def graph_picture(plan: Plan) -> GraphPicture:
    """The picture of an acyclic plan. What a plan names and does not have is left out; total for every plan that passed its checks."""
    names = [task.task_id for task in plan.tasks]
    before = _reduced({task.task_id: [n for n in task.after if n in names] for task in plan.tasks})
    columns = _columns(before)
    routes = {(source, name): _route(source, name, columns) for name in names for source in before[name]}
    layers = _layers(names, columns, routes.values())
    _order(layers, routes.values())
    tops = _tops(layers)
    boxes = tuple(Box(name, _left(columns[name]), tops[_Place(name, columns[name])]) for name in names)
    arrows = tuple(Arrow(source, target, _path(route, tops)) for (source, target), route in routes.items())
    height = max((tops[place] + place.height for layer in layers for place in layer), default=0)
    width = _left(len(layers) - 1) + NODE_WIDTH if layers else 0
    return GraphPicture(width + MARGIN, height + MARGIN, boxes, arrows)


def _reduced(before: Mapping[TaskId, Sequence[TaskId]]) -> dict[TaskId, list[TaskId]]:
    """Without the arrows that others imply: who waits for B need not be shown to wait for what B waits for."""
    reach: dict[TaskId, set[TaskId]] = {}

    def behind(name: TaskId) -> set[TaskId]:
        if name not in reach:
            reach[name] = set()
            reach[name] = {found for n in before[name] for found in {n} | behind(n)}
        return reach[name]

    return {
        name: [n for n in dict.fromkeys(after) if not any(n in behind(other) for other in after if other != n)]
        for name, after in before.items()
    }


def _columns(before: Mapping[TaskId, Sequence[TaskId]]) -> dict[TaskId, int]:
    """The longest way to each task."""
    found: dict[TaskId, int] = {}

    def column(name: TaskId) -> int:
        if name not in found:
            found[name] = 0
            found[name] = max((column(n) + 1 for n in before[name]), default=0)
        return found[name]

    for name in before:
        column(name)
    return found


def _route(source: TaskId, target: TaskId, columns: Mapping[TaskId, int]) -> tuple[_Place, ...]:
    first, last = columns[source], columns[target]
    between = (_Place(source, column, target) for column in range(first + 1, last))
    return (_Place(source, first), *between, _Place(target, last))


def _layers(
    names: Sequence[TaskId], columns: Mapping[TaskId, int], routes: Iterable[tuple[_Place, ...]]
) -> list[list[_Place]]:
    layers: list[list[_Place]] = [[] for _ in range(max(columns.values(), default=-1) + 1)]
    for name in names:
        layers[columns[name]].append(_Place(name, columns[name]))
    for route in routes:
        for place in route[1:-1]:
            layers[place.column].append(place)
    return layers


def _order(layers: list[list[_Place]], routes: Iterable[tuple[_Place, ...]]) -> None:
    """Each place near the mean of its neighbours in the column before (and, on the way back, behind)."""
    left: dict[_Place, list[_Place]] = {}
    right: dict[_Place, list[_Place]] = {}
    for route in routes:
        for one, other in pairwise(route):
            right.setdefault(one, []).append(other)
            left.setdefault(other, []).append(one)
    for sweep in range(SWEEPS):
        neighbours, order = (left, layers) if sweep % 2 == 0 else (right, layers[::-1])
        for fixed, layer in pairwise(order):
            rows = {place: row / max(1, len(fixed) - 1) for row, place in enumerate(fixed)}
            own = {place: row / max(1, len(layer) - 1) for row, place in enumerate(layer)}
            means = {
                place: sum(rows[n] for n in neighbours[place]) / len(neighbours[place])
                if place in neighbours
                else own[place]
                for place in layer
            }
            layer.sort(key=means.__getitem__)


def _tops(layers: Sequence[Sequence[_Place]]) -> dict[_Place, int]:
    """Columns stand middle to middle."""
    heights = [sum(place.height for place in layer) + ROW_GAP * (len(layer) - 1) for layer in layers]
    tallest = max(heights, default=0)
    tops: dict[_Place, int] = {}
    for layer, height in zip(layers, heights, strict=True):
        top = MARGIN + (tallest - height) // 2
        for place in layer:
            tops[place] = top
            top += place.height + ROW_GAP
    return tops


def _left(column: int) -> int:
    return MARGIN + column * (NODE_WIDTH + COLUMN_GAP)


def _path(route: Sequence[_Place], tops: Mapping[_Place, int]) -> str:
    """A smooth line from the right side of a box through its lanes to the left side of another."""
    points = [(_left(place.column), tops[place] + place.height // 2) for place in route]
    x, y = points[0][0] + NODE_WIDTH, points[0][1]
    path = [f"M{x} {y}"]
    for next_x, next_y in points[1:]:
        middle = (x + next_x) // 2
        path.append(f"C{middle} {y} {middle} {next_y} {next_x} {next_y}")
        x, y = next_x, next_y
        if (next_x, next_y) != points[-1]:
            x = next_x + NODE_WIDTH
            path.append(f"L{x} {y}")
    return " ".join(path)
