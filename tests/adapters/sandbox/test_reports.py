"""What the harness reports of pytest and of plain Python, in a real box."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from bot.adapters.sandbox.harness import harness_files, harness_variables
from bot.adapters.sandbox.reports import REPORT_BYTES
from bot.core.ports import Environment
from bot.core.proofs.model import Harness
from tests.adapters.sandbox.place import ONE_WORKER, Place, run
from tests.adapters.sandbox.report_lines import lines, outcomes

pytestmark = ONE_WORKER

SUITE = {
    "pkg/__init__.py": "def one():\n    return 1\n",
    "tests/test_many.py": """import pytest
from pkg import one

def test_green(): assert one() == 1
def test_red():
    assert one() == 2
@pytest.mark.parametrize("n", [1, 2])
def test_each(n): assert n
@pytest.mark.skip(reason="not today")
def test_skipped(): pass
@pytest.mark.xfail(reason="known")
def test_expected(): assert 0
@pytest.mark.xfail
def test_unexpected(): assert 1
@pytest.mark.xfail(strict=True)
def test_strict(): assert 1
@pytest.fixture
def broken(): raise ValueError("no fixture")
def test_error(broken): pass
@pytest.fixture
def late():
    yield
    raise OSError("too late")
def test_teardown(late): pass
def test_parts(subtests):
    with subtests.test("one"): assert 0
    with subtests.test("two"): pass
""",
    "tests/test_missing.py": "import nowhere_to_be_found\n",
    "tests/test_broken.py": "def test_x(:\n    pass\n",
    "tests/test_whole_file.py": "import pytest\npytest.skip('all of it', allow_module_level=True)\n",
}


def test_every_kind_of_ending_has_its_name(place: Place, with_pytest: Environment) -> None:
    with place.checkout(SUITE) as checkout:
        script = "pytest -q --continue-on-collection-errors"
        result = run(place.sandbox, checkout, script, environment=with_pytest, harness=Harness.REPORT)
    assert result.exit_code == 1
    assert outcomes(result) == {
        "tests/test_many.py::test_green": "passed",
        "tests/test_many.py::test_red": "failed",
        "tests/test_many.py::test_each[1]": "passed",
        "tests/test_many.py::test_each[2]": "passed",
        "tests/test_many.py::test_skipped": "skipped",
        "tests/test_many.py::test_expected": "skipped",
        "tests/test_many.py::test_unexpected": "passed",
        "tests/test_many.py::test_strict": "failed",
        "tests/test_many.py::test_error": "error",
        "tests/test_many.py::test_teardown": "error",
        "tests/test_many.py::test_parts": "failed",
        "tests/test_missing.py": "error",
        "tests/test_broken.py": "error",
        "tests/test_whole_file.py": "skipped",
    }
    said = {line["name"].removeprefix("tests/test_"): line for line in lines(result, "test")}
    assert said["many.py::test_red"] | {"session": "", "message": ""} == {
        "kind": "test",
        "session": "",
        "name": "tests/test_many.py::test_red",
        "outcome": "failed",
        "phase": "call",
        "exception": "AssertionError",
        "message": "",
        "path": "tests/test_many.py",
        "line": 6,
    }
    assert said["many.py::test_red"]["message"].startswith("assert 1 == 2")
    assert said["many.py::test_expected"]["detail"] == "xfailed"
    assert said["many.py::test_unexpected"]["detail"] == "xpassed"
    assert "not today" in said["many.py::test_skipped"]["message"]
    assert (said["many.py::test_error"]["phase"], said["many.py::test_error"]["exception"]) == ("setup", "ValueError")
    assert said["many.py::test_teardown"]["phase"] == "teardown"
    assert (said["missing.py"]["exception"], said["missing.py"]["phase"]) == ("ModuleNotFoundError", "collect")
    assert (said["missing.py"]["path"], said["missing.py"]["line"]) == ("tests/test_missing.py", 1)
    assert (said["broken.py"]["exception"], said["broken.py"]["line"]) == ("SyntaxError", 1)
    (session,), (end,) = lines(result, "session"), lines(result, "end")
    assert (session["root"], session["session"]) == ("/ws", end["session"])
    assert (end["exit"], end["collected"]) == (1, 11)


@pytest.mark.parametrize(
    ("script", "exit_code", "collected", "deselected"),
    [
        ("python -m pytest -q tests/test_many.py -k green", 0, 1, 10),
        ("pytest -q tests/test_many.py::test_green", 0, 1, 0),
        ("pytest -q tests/test_many.py -k nothing_like_this", 5, 0, 11),
        ("pytest -q pkg", 5, 0, 0),
    ],
)
def test_a_selection_is_what_was_selected(
    place: Place, with_pytest: Environment, script: str, exit_code: int, collected: int, deselected: int
) -> None:
    with place.checkout(SUITE) as checkout:
        result = run(place.sandbox, checkout, script, environment=with_pytest, harness=Harness.REPORT)
    (end,) = lines(result, "end")
    assert result.exit_code == exit_code
    assert (end["exit"], end["collected"], end["deselected"]) == (exit_code, collected, deselected)
    assert len(outcomes(result)) == collected


def test_an_early_end_is_a_session_without_its_end(place: Place, with_pytest: Environment) -> None:
    files = {"test_a.py": "import os\ndef test_a(): pass\ndef test_b(): os._exit(0)\ndef test_c(): assert 0\n"}
    with place.checkout(files) as checkout:
        result = run(place.sandbox, checkout, "pytest -q", environment=with_pytest, harness=Harness.REPORT)
    assert (result.exit_code, outcomes(result)) == (0, {"test_a.py::test_a": "passed"})
    assert len(lines(result, "session")) == 1
    assert lines(result, "end") == lines(result, "exit") == []


def test_each_python_is_counted_with_its_depth(place: Place, with_pytest: Environment) -> None:
    script = (
        'python -c \'import subprocess, sys; subprocess.run([sys.executable, "-c", ""])\'; python3 -c 1; python -I -c 1'
    )
    with place.checkout() as checkout:
        result = run(place.sandbox, checkout, script, environment=with_pytest, harness=Harness.REPORT)
        assert run(place.sandbox, checkout, "echo no python", harness=Harness.REPORT).report == b""
    assert [line["depth"] for line in lines(result, "python")] == [0, 1, 0]
    assert len(lines(result, "exit")) == 3


def test_what_a_test_starts_runs_as_without_us(place: Place, with_pytest: Environment) -> None:
    nested = """import os, subprocess, sys
def test_variables():
    assert not {"PYTEST_ADDOPTS", "SPECBOT_CANARY"} & set(os.environ)
def test_child():
    done = subprocess.run([sys.executable, "-c", "print(1)"], capture_output=True)
    assert (done.returncode, done.stdout) == (0, b"1\\n")
def test_pytest_in_pytest(tmp_path):
    (tmp_path / "test_inner.py").write_text("def test_inner(): assert 0")
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", tmp_path], capture_output=True)
    assert done.returncode == 1 and b"1 failed" in done.stdout
"""
    expected = {f"test_nested.py::test_{name}": "passed" for name in ("variables", "child", "pytest_in_pytest")}
    with place.checkout({"test_nested.py": nested}) as checkout:
        normal = run(place.sandbox, checkout, "pytest -q", environment=with_pytest, harness=Harness.REPORT)
        canary = run(place.sandbox, checkout, "pytest -q", environment=with_pytest, harness=Harness.CANARY)
    assert (normal.exit_code, outcomes(normal)) == (0, expected)
    assert outcomes(canary) == {**expected, "canary": "failed"}
    assert canary.exit_code != 0


def test_a_report_that_is_too_long_is_cut(place: Place, with_pytest: Environment) -> None:
    script = 'python3 -c \'import os; f = open(os.environ["SPECBOT_REPORT"], "a"); f.write("x" * 5_000_000)\''
    with place.checkout() as checkout:
        result = run(place.sandbox, checkout, script, environment=with_pytest, harness=Harness.REPORT)
    assert len(result.report) == REPORT_BYTES


def test_many_failures_do_not_crowd_the_names_out(place: Place, with_pytest: Environment) -> None:
    many = "import pytest\n@pytest.mark.parametrize('n', range(700))\ndef test_n(n): assert 'x' * 2000 == n\n"
    with place.checkout({"test_many.py": many}) as checkout:
        result = run(
            place.sandbox,
            checkout,
            "pytest -q --tb=no -rN",
            environment=with_pytest,
            harness=Harness.REPORT,
            seconds=60,
        )
    assert len(outcomes(result)) == 700
    assert len(lines(result, "end")) == 1


def test_the_report_cannot_be_replaced_by_a_link(place: Place, with_pytest: Environment, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the key")
    script = f"rm -f $SPECBOT_REPORT; mv $SPECBOT_REPORT /tmp/x; ln -sf {secret} $SPECBOT_REPORT; echo done"
    with place.checkout() as checkout:
        result = run(place.sandbox, checkout, script, environment=with_pytest, harness=Harness.REPORT)
    assert b"done" in result.output
    assert result.report == b""


def test_xdist_workers_report_through_their_controller(tmp_path: Path) -> None:
    """With our own Python and outside of a box, because the wheels for boxes have no xdist."""
    harness = tmp_path / "harness"
    harness.mkdir()
    for file in harness_files():
        (harness / Path(file.box).name).write_bytes(file.content)
    (tmp_path / "report").touch()
    (tmp_path / "test_a.py").write_text("def test_a(): pass\ndef test_b(): assert 0\n")
    variables = harness_variables(Harness.CANARY, folder=str(harness), report=str(tmp_path / "report"))

    async def suite() -> int:
        command = [sys.executable, "-m", "pytest", "-p", "xdist.plugin", "-n1", "--rootdir", ".", "test_a.py"]
        started = await asyncio.create_subprocess_exec(
            *command,
            cwd=tmp_path,
            env={
                **variables,
                "PYTHONPATH": os.pathsep.join([str(harness), *sys.path]),
                "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            },
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        return await asyncio.wait_for(started.wait(), 60)

    assert asyncio.run(suite()) != 0
    report = (tmp_path / "report").read_text()
    assert report.count('"kind": "session"') == report.count('"kind": "end"') == 1
    assert f'"specbot::{variables["SPECBOT_CANARY"]}", "outcome": "failed"' in report
    assert '"test_a.py::test_a", "outcome": "passed"' in report
    assert '"test_a.py::test_b", "outcome": "failed", "phase": "call", "exception": "AssertionError"' in report
