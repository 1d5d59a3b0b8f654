"""The canary: runs that stay green for the wrong reason stay green in canary mode too, or lack its name."""

import pytest

from bot.core.ports import Environment
from bot.core.proofs.model import Harness
from tests.adapters.sandbox.place import ONE_WORKER, Place, run
from tests.adapters.sandbox.report_lines import lines, outcomes

pytestmark = ONE_WORKER

BROKEN = "def one():\n    return 2\n"
FAILING = "from pkg import one\ndef test_one(): assert one() == 1\n"


def held(place: Place, environment: Environment, files: dict[str, str], script: str) -> bool:
    """As a judge sees it: red, and with the planted test's name when pytest is at work."""
    with place.checkout(files) as checkout:
        result = run(
            place.sandbox, checkout, f"set -o pipefail\n{script}", environment=environment, harness=Harness.CANARY
        )
    red = result.exit_code not in (0, None)
    named = outcomes(result).get("canary") in ("failed", "error")
    ended = len(lines(result, "end")) == len(lines(result, "session"))
    return red and ("pytest" not in script or (named and ended))


def green(place: Place, environment: Environment, files: dict[str, str], script: str) -> bool:
    with place.checkout(files) as checkout:
        result = run(place.sandbox, checkout, script, environment=environment, harness=Harness.REPORT)
        assert result.exit_code == 0, result
        return True


@pytest.mark.parametrize(
    "script",
    [
        "pytest -q",
        "python -m pytest -q",
        "pytest -q test_it.py::test_one",
        "pytest -q -k one",
        "pytest -q --deselect test_it.py::test_two",
        "pytest -q -x",
        "pytest -q | cat",
        "python -m pytest -q && echo done",
        "python -c 'import pytest, sys; sys.exit(pytest.main([\"-q\"]))'",
        'python -c \'import subprocess, sys; sys.exit(subprocess.run(["pytest", "-q"]).returncode)\'',
    ],
)
def test_an_honest_pytest_is_red_with_the_name(place: Place, with_pytest: Environment, script: str) -> None:
    files = {"test_it.py": "def test_one(): pass\ndef test_two(): pass\n"}
    assert green(place, with_pytest, files, script)
    assert held(place, with_pytest, files, script)


@pytest.mark.parametrize(
    "script",
    [
        "python -c 'assert 1 + 1 == 2'",
        "python3 -c 'print(1)' | grep 1",
        "python it.py && test -f made",
        'test "$(python -c "print(1)")" = 1',
        "python -c 'import sys; sys.exit(0)'",
        "python -c 'import threading; threading.Thread(target=print).start()'",
    ],
)
def test_an_honest_command_is_red(place: Place, with_pytest: Environment, script: str) -> None:
    files = {"it.py": "open('made', 'w').close()\n"}
    assert green(place, with_pytest, files, script)
    assert held(place, with_pytest, files, script)


@pytest.mark.parametrize(
    ("trick", "files"),
    [
        ("exit at import", {"pkg.py": "import os\nos._exit(0)\n"}),
        ("exec", {"pkg.py": "import os\nos.execv('/bin/true', ['true'])\n"}),
        ("polite exit in conftest", {"pkg.py": BROKEN, "conftest.py": "import sys\nsys.exit(0)\n"}),
        ("hooks forgotten", {"pkg.py": "import atexit, os\natexit._clear()\natexit.register(os._exit, 0)\n"}),
        ("shadowed pytest", {"pkg.py": BROKEN, "pytest.py": "import sys\nsys.exit(0)\n"}),
        ("shadowed plugin", {"pkg.py": BROKEN, "pytest.py": "", "specbot_pytest.py": "", "sitecustomize.py": ""}),
        (
            "planted conftest that passes everything",
            {
                "pkg.py": BROKEN,
                "conftest.py": "import pytest\n@pytest.hookimpl(hookwrapper=True)\ndef pytest_runtest_makereport(item, call):\n"
                "    r = yield\n    r.get_result().outcome = 'passed'\n",
            },
        ),
        (
            "planted conftest that drops tests",
            {
                "pkg.py": BROKEN,
                "conftest.py": "import pytest\n@pytest.hookimpl(tryfirst=True)\ndef pytest_runtestloop(session):\n    return True\n",
            },
        ),
        (
            "planted conftest that turns the status",
            {
                "pkg.py": BROKEN,
                "conftest.py": "import os, pytest\n@pytest.hookimpl(trylast=True)\ndef pytest_sessionfinish(session):\n    os._exit(0)\n",
            },
        ),
    ],
)
def test_a_subverted_pytest_does_not_hold(
    place: Place, with_pytest: Environment, trick: str, files: dict[str, str]
) -> None:
    files = {**files, "test_it.py": FAILING}
    assert green(place, with_pytest, files, "python -m pytest -q"), (
        f"{trick}: the trick is to work, else this shows nothing"
    )
    assert not held(place, with_pytest, files, "python -m pytest -q")


def test_a_subverted_command_does_not_hold(place: Place, with_pytest: Environment) -> None:
    script = "python -c 'from pkg import one; assert one() == 1'"
    for files in ({"pkg.py": "import os\nos._exit(0)\n"}, {"pkg.py": "import os\nos.execv('/bin/true', ['true'])\n"}):
        assert green(place, with_pytest, files, script)
        assert not held(place, with_pytest, files, script)


def test_no_run_knows_the_name_of_another(place: Place, with_pytest: Environment) -> None:
    names = set()
    for _ in range(2):
        with place.checkout({"test_it.py": "def test_one(): pass\n"}) as checkout:
            result = run(place.sandbox, checkout, "pytest -q", environment=with_pytest, harness=Harness.CANARY)
        names |= {line["name"] for line in lines(result, "test") if line["name"].startswith("specbot::canary_")}
    assert len(names) == 2


def test_an_environments_own_start_up_file_still_runs(place: Place, with_pytest: Environment) -> None:
    """Ours hides it and loads it; one of the tree under test is not loaded."""
    with place.checkout(
        {"sitecustomize.py": "print('from the tree')\n", "lib/sitecustomize.py": "print('chained')\n"}
    ) as at:
        script = "PYTHONPATH=$PYTHONPATH:/tmp/lib; mkdir /tmp/lib; cp lib/* /tmp/lib; export PYTHONPATH; python -c 1"
        result = run(place.sandbox, at, script, environment=with_pytest, harness=Harness.REPORT)
    assert result.output == b"chained\n"
    assert len(lines(result, "python")) == 1
