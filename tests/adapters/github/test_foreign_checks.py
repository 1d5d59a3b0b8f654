"""What others report, read through the adapter: other Apps' checks and statuses, never our own."""

from bot.core.ci import CiState
from bot.core.pulls import Conclusion
from bot.hub.changes.statuses import Report
from bot.hub.state.checks import Annotation, Output
from bot.ids import CheckRunId
from tests.adapters.github.conftest import PERMISSIONS, World
from tests.adapters.github.test_checks import done


def test_the_newest_of_each_check_of_others_and_the_statuses(world: World) -> None:
    head = world.pull.head_sha
    other = world.hub.register_app("ci", "CI", PERMISSIONS, [])
    world.hub.install(other, "ada", [world.repository])
    world.github.put_check(world.repo, done(world, conclusion=Conclusion.FAILURE))
    note = Annotation("greet.py", 3, 4, "failure", "no types", "mypy")
    world.hub.report_check(other, world.repository, head, "mypy", "success")
    red = world.hub.report_check(
        other, world.repository, head, "mypy", "failure", Output("1 error", "see below", "more", (note,))
    )
    world.hub.report_check(other, world.repository, head, "build")
    world.hub.report_status(world.repository, head, "ada", Report("pending", "deploy"))
    found = {one.name: one for one in world.github.foreign_checks(world.repo, head)}
    states = {name: one.state for name, one in found.items()}
    expected = {"mypy": CiState.FAILED, "build": CiState.RUNNING}
    assert {name: states[name] for name in expected} == expected
    assert (found["mypy"].title, found["mypy"].summary) == ("1 error", "see below\n\nmore")
    (place,) = world.github.annotations(world.repo, CheckRunId(red.id))
    assert (place.path, place.start_line, place.end_line, place.message) == ("greet.py", 3, 4, "no types")
    assert world.github.check_log(world.repo, CheckRunId(red.id)) is None


def test_without_the_right_to_read_statuses_only_checks_are_shown(world: World) -> None:
    head = world.pull.head_sha
    world.hub.report_status(world.repository, head, "ada", Report("failure", "deploy"))
    assert "statuses" not in PERMISSIONS
    assert world.github.foreign_checks(world.repo, head) == ()
