"""The order of a plan: what its author said in words, and the order of the file where it does not contradict. Pure.

Tasks are told by their index in the file, sets of tasks are the bits of an integer: a plan of some hundred tasks is ordered in milliseconds,
however many tasks wait for however many.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.core.specs.formats.speckit.numbered import bits, union


@dataclass(frozen=True, slots=True)
class Saying:
    """Somebody says that each task of `later` waits for each of `earlier`. `firm`: each is named itself, not as one of a phase or story."""

    later: int
    earlier: int
    firm: bool = False


@dataclass(frozen=True, slots=True)
class Ordered:
    """For each task the indices of those it waits for, as few as will do; and which sayings close a circle with others."""

    after: tuple[tuple[int, ...], ...]
    circular: tuple[Saying, ...]


def put_in_order(file_order: Sequence[int], sayings: Iterable[Saying], put_off: int = 0) -> Ordered:
    """`file_order` holds, for each task, all that the file puts before it. Who would wait for one of `put_off` waits for what that one waits for,
    unless it is named itself; among themselves those wait as ever.

    A saying wins over the order of the file: the task moves behind what it waits for, and what followed it in the file no longer waits for it
    unless it follows still. Of sayings that contradict each other those that go with the file are kept.
    """
    said = list(sayings)
    wanted = _wanted(len(file_order), said)
    rounds = _rounds(wanted)
    circular: list[Saying] = []
    if rounds:
        circular = [saying for saying in said if _breaks(saying, rounds)]
        wanted = [before & ~_later_in_round(task, rounds) for task, before in enumerate(wanted)]
    firm = _wanted(len(file_order), (saying for saying in said if saying.firm))
    passed = [0 if put_off >> task & 1 else put_off & ~named for task, named in enumerate(firm)]
    return Ordered(tuple(_waits(file_order, wanted, passed)), tuple(dict.fromkeys(circular)))


def _wanted(count: int, said: Iterable[Saying]) -> list[int]:
    """For each task what the sayings make it wait for."""
    wanted = [0] * count
    for saying in said:
        for task in bits(saying.later):
            wanted[task] |= saying.earlier
    return wanted


def _waits(file_order: Sequence[int], wanted: Sequence[int], passed: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """What each task waits for: all that it wants, and all that the file puts before it and that does come before it; instead of those that it
    passes over, what they wait for."""
    before = [0] * len(wanted)
    placed = 0
    waits: dict[int, tuple[int, ...]] = {}
    for task in _sequence(wanted):
        direct = wanted[task] | (file_order[task] & placed)
        over = direct & passed[task]
        direct = (direct | union(before[other] for other in bits(over))) & ~passed[task]
        implied = union(before[other] for other in bits(direct))
        waits[task] = tuple(bits(direct & ~implied))
        before[task] = direct | implied
        placed |= 1 << task
    return (waits[task] for task in range(len(wanted)))


def _sequence(wanted: Sequence[int]) -> Iterator[int]:
    """All tasks, each behind what it wants, otherwise as in the file. Nothing may want in a circle."""
    left = list(range(len(wanted)))
    placed = 0
    while left:
        task = next(one for one in left if not wanted[one] & ~placed)
        left.remove(task)
        placed |= 1 << task
        yield task


def _rounds(wanted: Sequence[int]) -> list[int]:
    """The circles: sets of tasks that all wait for each other, a task that waits for itself included."""
    left = (1 << len(wanted)) - 1
    while True:
        free = union(1 << task for task in bits(left) if not wanted[task] & left)
        if not free:
            break
        left &= ~free
    if not left:
        return []
    reached = [before & left for before in wanted]
    for middle in bits(left):
        for task in bits(left):
            if reached[task] >> middle & 1:
                reached[task] |= reached[middle]
    rounds = []
    while left:
        task = next(bits(left))
        one = (1 << task) | union(1 << other for other in bits(reached[task]) if reached[other] >> task & 1)
        left &= ~one
        if reached[task] >> task & 1:
            rounds.append(one)
    return rounds


def _later_in_round(task: int, rounds: Iterable[int]) -> int:
    """The task itself and those of its circle that stand behind it in the file."""
    return union(one >> task << task for one in rounds if one >> task & 1)


def _breaks(saying: Saying, rounds: Iterable[int]) -> bool:
    """True when the saying makes a task wait for itself or for one of its circle that stands behind it in the file."""
    for one in rounds:
        later, earlier = saying.later & one, saying.earlier & one
        if later and earlier and next(bits(later)) < earlier.bit_length():
            return True
    return False
