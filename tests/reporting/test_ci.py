"""What others' checks say, in the sticky comment."""

from dataclasses import replace

from bot.core.ci import Ci, CiCheck, CiState
from bot.core.runs import RunState
from bot.ids import CheckRunId, Sha
from bot.reporting.ci import ci_line
from tests.reporting.reports import report, run
from tests.reporting.snapshot import assert_snapshot

REPO = "https://github.example/ada/greet"


def told(
    *checks: CiCheck, stood: tuple[tuple[str, str], ...] = (), repair: str = "", state: RunState = RunState.DONE
) -> str:
    shown = report(run(state), repo_url=REPO)
    return ci_line(replace(shown, ci=Ci(Sha(shown.head), checks, stood, repair)))


def check(name: str, state: CiState, url: str = f"{REPO}/runs/7") -> CiCheck:
    return CiCheck(name, "CI", state, url, check=CheckRunId(7))


def test_each_situation_has_its_line() -> None:
    passed = [check(f"job {number}", CiState.PASSED) for number in range(11)]
    mypy, docs = check("mypy", CiState.FAILED), check("docs", CiState.FAILED)
    lines = [
        told(*passed),
        told(*passed, mypy),
        told(*passed, mypy, repair="tried"),
        told(*passed, mypy, repair="begun", state=RunState.WORKING),
        told(*passed, docs, check("build", CiState.RUNNING), stood=(("CI", "docs"),)),
        told(*(check(f"red {number}", CiState.FAILED) for number in range(9))),
    ]
    assert_snapshot("ci-lines", "\n\n".join(lines) + "\n")


def test_nothing_is_said_where_nobody_reports_or_of_another_head() -> None:
    assert told() == ""
    assert told(check("lint", CiState.LEFT_OUT)) == ""
    other = replace(report(run(RunState.DONE)), ci=Ci(Sha("0" * 40), (check("mypy", CiState.FAILED),)))
    assert ci_line(other) == ""


def test_names_and_addresses_of_strangers_do_no_harm() -> None:
    said = told(check("@everyone [x](https://evil.example)", CiState.FAILED, "https://evil.example/"))
    assert "](https://evil.example" not in said
    assert " @everyone" not in said
    assert "](" not in told(check("mypy", CiState.FAILED, f"{REPO}/x) [y](https://evil.example"))
