"""An agent whose process dies at any write of its journal ends as one that never died."""

from pathlib import Path

import pytest

from bot.agents.outcome import AgentOutcome
from bot.agents.roles.role import Continuation, Opening
from bot.ids import AgentKey
from tests.agents.scene import FILES, KEY, Scene
from tests.support.memory_journal import Crash
from tests.support.plain_desk import plain_desk
from tests.support.scripted_model import Answer, by_turn, call

SAME = call("read", path="log")

DAY = (
    Answer(
        "two at once",
        [
            ("edit", {"path": "a.py", "old": "one = 1", "new": "one = 11"}),
            ("bash", {"script": "echo x >> log; cat log"}),
        ],
    ),
    Answer("just talk"),
    call("teleport"),
    call("create", path="c.py", content="c\n"),
    SAME,
    SAME,
    SAME,
    call("edit", path="log", old="x", new="x\ny"),
    Answer(
        "",
        [
            ("bash", {"script": "echo z >> log"}),
            ("finish", {"summary": "fine"}),
            ("bash", {"script": "echo never >> log"}),
        ],
    ),
    # the repair
    call("edit", path="c.py", old="c", new="d"),
    call("finish", summary="mended"),
)

SECOND = AgentKey(KEY[:-1] + "2")


def live(scene: Scene) -> AgentOutcome:
    """The work and its repair."""
    scene.work(Opening("go"))
    return scene.work(Continuation(KEY, "mend it"), SECOND)


def undisturbed(folder: Path) -> Scene:
    with Scene(folder, by_turn(*DAY), direct=True) as scene:
        live(scene)
    return scene


def crashed(folder: Path, at: int, *, stored: bool) -> tuple[Scene, AgentOutcome]:
    """Dies at write `at`, then lives on with what the journal holds, on a fresh checkout as on another machine."""
    with Scene(folder / "one", by_turn(*DAY), direct=True) as scene:
        scene.journal.crash_at, scene.journal.stored = at, stored
        with pytest.raises(Crash):
            live(scene)
        scene.journal.crash_at = 0
        scene.desk = plain_desk(folder / "two", FILES)
        return scene, live(scene)


def test_death_at_every_write_changes_nothing(tmp_path: Path) -> None:
    calm = undisturbed(tmp_path / "calm")
    assert calm.files()["log"] == "x\ny\nz\n"
    writes = calm.journal.writes
    assert writes > 25  # else the enumeration covers less than it says
    for stored in (False, True):
        for at in range(1, writes + 1):
            scene, outcome = crashed(tmp_path / f"{at}-{stored}", at, stored=stored)
            where = f"write {at} of {writes}, {'stored' if stored else 'lost'}"
            assert outcome.summary == "mended", where
            assert scene.files() == calm.files(), where
            for key in (KEY, SECOND):
                assert _without_ids(scene, key) == _without_ids(calm, key), where
                assert scene.journal.load(key).turns == calm.journal.load(key).turns, where
            asked = [r.label for r in scene.model.requests]
            repeated = len(asked) - len(set(asked))
            assert repeated <= (0 if stored else 1), where  # only a reply that was never stored is asked for again
            assert scene.model.prefix_faults() == [], where


def _without_ids(scene: Scene, key: AgentKey) -> list[object]:
    """The transcript but for call ids, which the endpoint numbers through."""
    transcript = scene.journal.load(key)
    return [(m.speaker, m.text, tuple((c.name, c.arguments) for c in m.calls)) for m in transcript.messages]


def test_an_interrupted_call_is_undone_before_it_is_repeated(tmp_path: Path) -> None:
    with Scene(tmp_path, by_turn(call("bash", script="echo once >> log"), call("finish", summary="ok"))) as scene:
        scene.journal.crash_at = 3
        with pytest.raises(Crash):
            scene.work()
        assert scene.files()["log"] == "once\n"  # it ran, and nobody knows
        scene.journal.crash_at = 0
        scene.work()
    assert scene.files()["log"] == "once\n"
