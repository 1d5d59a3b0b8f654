"""Six hundred writes wanted in an hour: few enough are sent, checks complete first, and nothing is lost."""

import heapq
import random
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.pace import WINDOWS, Board, Importance, Line, Rhythm, seconds_until_room, slot_of

END, WORD, SIGN = Importance.END, Importance.WORD, Importance.SIGN
START = 1_790_000_003.5


@dataclass
class Installation:
    """Writes as they are let through; each writer comes back when it was told to, as a durable step does."""

    counts: Counter[int] = field(default_factory=Counter)
    line: Line = field(default_factory=Line)
    sent: list[tuple[float, Importance, str]] = field(default_factory=list)

    def ask(self, ticket: str, importance: Importance, now: float) -> float:
        ahead = self.line.ahead(ticket, importance, now)
        seconds = seconds_until_room(self.counts, now, importance, ahead)
        if seconds > 0.0:
            self.line.wait(ticket, importance, now, seconds)
            return seconds
        self.line.leave(ticket)
        self.counts[slot_of(now)] += 1
        self.sent.append((now, importance, ticket))
        return 0.0

    def send_all(self, wanted: list[tuple[float, Importance, str]]) -> None:
        coming = [(at, number, importance, ticket) for number, (at, importance, ticket) in enumerate(wanted)]
        heapq.heapify(coming)
        while coming:
            now, number, importance, ticket = heapq.heappop(coming)
            seconds = self.ask(ticket, importance, now)
            if seconds > 0.0:
                heapq.heappush(coming, (now + seconds, number, importance, ticket))

    def most_in(self, seconds: float) -> int:
        """The most writes in any stretch of that length."""
        times = [at for at, _, _ in self.sent]
        return max(sum(begin <= at < begin + seconds for at in times) for begin in times)


def six_hundred(seed: int) -> list[tuple[float, Importance, str]]:
    """Bursts and quiet times, one fifth ends of checks."""
    chance = random.Random(seed)
    begins = [START + chance.uniform(0, 3500) for _ in range(12)]
    importances = [END] * 120 + [WORD] * 130 + [SIGN] * 350
    return [(chance.choice(begins) + chance.uniform(0, 60), one, f"w{n}") for n, one in enumerate(importances)]


@pytest.mark.parametrize("seed", range(5))
def test_six_hundred_wanted_writes_in_an_hour(seed: int) -> None:
    hub, wanted = Installation(), six_hundred(seed)
    hub.send_all(wanted)
    assert sorted(ticket for _, _, ticket in hub.sent) == sorted(ticket for _, _, ticket in wanted), "nothing is lost"
    assert hub.most_in(3600) <= 450
    assert hub.most_in(60) <= 70
    asked = {ticket: at for at, _, ticket in wanted}
    late = {one: max(at - asked[ticket] for at, is_, ticket in hub.sent if is_ is one) for one in Importance}
    assert late[END] <= 70.0, "a check completes at once or in the next minute, however much else is wanted"
    assert late[END] <= late[WORD] <= late[SIGN]


def test_checks_complete_when_all_else_has_used_up_its_room() -> None:
    hub = Installation()
    hub.send_all([(START + n, SIGN, f"progress {n}") for n in range(1800)])
    within = [at for at, _, _ in hub.sent if at < START + 1800]
    assert len(within) == 250
    assert seconds_until_room(hub.counts, START + 1800, END) == 0.0


def test_of_equals_the_first_goes_first_and_the_more_important_is_not_held_up() -> None:
    hub = Installation()
    hub.counts[slot_of(START)] = 450
    told = {name: hub.ask(name, one, START) for name, one in (("a", WORD), ("b", WORD), ("c", END))}
    assert all(3590 <= seconds <= 3620 for seconds in told.values())
    later = START + 3615
    hub.counts[slot_of(later - 1800)] = 399
    answers = [(name, hub.ask(name, one, later) == 0.0) for name, one in (("c", END), ("b", WORD), ("a", WORD))]
    assert answers == [("c", True), ("b", False), ("a", False)], "the end has taken the last room that words had"
    hub.counts[slot_of(later - 1800)] = 398
    assert hub.ask("b", WORD, later) > 0.0, "`a` came first"
    assert hub.ask("a", WORD, later) == 0.0


def test_who_does_not_come_back_holds_up_nobody() -> None:
    line = Line()
    line.wait("dead", END, START, 5.0)
    assert line.ahead("b", WORD, START + 10) == 1
    assert line.ahead("b", WORD, START + 40) == 0


@given(
    st.lists(st.tuples(st.floats(0, 4000), st.sampled_from(Importance)), max_size=120),
    st.floats(0, 4000),
    st.sampled_from(Importance),
    st.integers(0, 80),
)
def test_after_the_named_seconds_there_is_room(
    before: list[tuple[float, Importance]], at: float, importance: Importance, ahead: int
) -> None:
    hub = Installation()
    for when, one in sorted(before):
        hub.ask(f"{when}", one, START + when)
    now = START + max([at, *(when for when, _ in before)])
    seconds = seconds_until_room(hub.counts, now, importance, ahead)
    assert 0.0 <= seconds <= WINDOWS[-1].seconds + 10
    if ahead == 0:
        assert seconds_until_room(hub.counts, now + seconds, importance) == pytest.approx(0.0, abs=1e-3)


def test_progress_is_shown_every_ten_seconds_and_later_every_minute() -> None:
    board, shown = Board(Rhythm()), []
    for second in range(1200):
        now = START + second
        if board.want("run", now):
            shown.append(second)
        for _ in board.take_due(now):
            assert board.want("run", now)
            shown.append(second)
    early = [after - before for before, after in pairwise(shown) if after <= 600]
    late = [after - before for before, after in pairwise(shown) if before >= 600]
    assert set(early) == {10}
    assert set(late) == {60}


def test_what_waits_to_be_shown_is_shown_once_and_not_after_its_end() -> None:
    board = Board(Rhythm())
    assert board.want("a", START)
    assert [board.want("a", START + n) for n in range(1, 10)] == [False] * 9
    board.want("b", START)
    board.want("b", START + 2)
    board.forget("b")
    assert board.take_due(START + 9.9) == ()
    assert board.take_due(START + 10) == ("a",)
    assert board.take_due(START + 100) == ()
    board.put_off("a", START + 200)
    assert not board.want("a", START + 199), "GitHub has said when"
    assert board.take_due(START + 200) == ("a",)
