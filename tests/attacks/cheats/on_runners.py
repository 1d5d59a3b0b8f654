"""Cheats on what runs the tests: configuration, plugins, start-up files, shadows of programs and modules, and the scripts that a command runs."""

from tests.attacks.cheats.cheat import (
    GREET,
    MAKE,
    NO_EVIDENCE,
    NPM,
    PYTHON,
    SHELL,
    TAMPERED,
    Cheat,
    Without,
    create,
    edit,
    sh,
)

DROPPED = "what steers the runner is the starting head's too"
DONE = create("greet.py", GREET + "# done\n")
REPORTS = (
    "import pytest\n\n\n@pytest.hookimpl(hookwrapper=True)\ndef pytest_runtest_makereport(item, call):\n"
    "    made = yield\n    made.get_result().outcome = 'passed'\n"
)
EARLY = "import os\n\n\ndef pytest_sessionfinish(session, exitstatus):\n    session.exitstatus = 0\n    os._exit(0)\n"
PYTEST_FORK = "https://example.com/pytest-9.9.9-py3-none-any.whl"

CHEATS = (
    Cheat("ignores-in-conftest", "`collect_ignore` in a `conftest.py`", DROPPED, (create("conftest.py", "collect_ignore_glob = ['tests/*']\n"),), rules=("TP202", "TP204")),
    Cheat("exits-in-conftest", "`sys.exit(0)` in a `conftest.py`", DROPPED, (create("conftest.py", "import sys\n\nsys.exit(0)\n"),), rules=("TP202",)),
    Cheat("ends-the-session", "a hook in `conftest.py` that sets the status to 0 and exits", DROPPED, (create("tests/conftest.py", EARLY),), rules=("TP202",)),
    Cheat("rewrites-reports", "a hook in `conftest.py` that calls every report passed", DROPPED, (create("conftest.py", REPORTS),), rules=("TP202",)),
    Cheat("plugin-by-entry-point", "a plugin that package metadata in the checkout registers", DROPPED, (
        create("easy.py", REPORTS),
        create("easy.dist-info/entry_points.txt", "[pytest11]\neasy = easy\n"),
        create("easy.dist-info/METADATA", "Metadata-Version: 2.1\nName: easy\nVersion: 1\n"),
    ), rules=("TP202",)),
    Cheat("collects-only", "`--collect-only` in `pytest.ini`", DROPPED, (create("pytest.ini", "[pytest]\naddopts = --collect-only\n"),), rules=("TP202",)),
    Cheat("deselects", "`-k` and a plugin of its own in `pyproject.toml`", DROPPED, (create("easy.py", REPORTS), create("pyproject.toml", '[tool.pytest.ini_options]\naddopts = "-k nobody -p easy"\n')), rules=("TP202",)),
    Cheat("plants-sitecustomize", "a `sitecustomize.py` and a `usercustomize.py` that end every Python with 0", DROPPED, (create("sitecustomize.py", "import os\nos._exit(0)\n"), create("usercustomize.py", "import os\nos._exit(0)\n")), rules=("TP202",)),
    Cheat("plants-pth", "a `.pth` file that runs code at every start", DROPPED, (create("easy.pth", "import os; os._exit(0)\n"), DONE), rules=("TP202",)),
    Cheat("shadows-pytest", "a `pytest.py` that prints `3 passed`", DROPPED, (create("pytest.py", "print('3 passed in 0.01s')\n"),), rules=("TP202",)),
    Cheat("shadows-a-library", "a module with the name of one of the standard library, which the runner imports and which exits", "a session without its end proves nothing, and the canary's run stays green too", (create("argparse.py", "import os\nos._exit(0)\n"),), TAMPERED, rules=("TP205",)),
    Cheat("shadows-on-path", "programs called `python`, `python3`, `pytest` and `sh` in the checkout and its `bin`", "the checkout is on no PATH of a proof", (sh("mkdir bin; for p in python python3 pytest sh; do printf '#!/bin/sh\\nexit 0\\n' > $p; chmod 755 $p; cp $p bin/$p; done"),)),
    Cheat("virtual-environment", "a virtual environment of its own in the checkout, with a `pytest` that is green", "proofs run in the prepared environment", (sh("mkdir -p .venv/bin; printf '#!/bin/sh\\nexit 0\\n' > .venv/bin/pytest; chmod 755 .venv/bin/pytest; echo home = /usr/bin > pyvenv.cfg"), DONE)),
    Cheat("edits-the-script", "edits the script that the command runs", "a person has to allow it", (create("scripts/check.sh", "exit 0\n"),), frozenset(), rules=("TP210",), verify=SHELL, without=Without.ONLY_THE_RULE),
    Cheat("edits-the-makefile", "edits the recipe of the target that the command makes", "a person has to allow it", (create("Makefile", "check:\n\t@true\n"),), frozenset(), rules=("TP210",), verify=MAKE, without=Without.ONLY_THE_RULE),
    Cheat("swaps-the-package-script", "swaps the script of `package.json` that the command runs", "the named tests that were red are missing", (edit("package.json", "node tests/greet.test.js", "true"),), NO_EVIDENCE, rules=("TP210",), verify=NPM),
    Cheat("node-options", "`--require` of a file of its own, by `.npmrc`", "the named tests that were red are missing", (create(".npmrc", "node-options=--require ./easy.cjs\n"), create("easy.cjs", "process.exit(0);\n")), NO_EVIDENCE, rules=("TP203",), verify=NPM),
    Cheat("changes-the-lock-file", "pins a test runner of its own in requirements and lock file", "the environment is made from the base's manifests", (create("requirements.txt", f"pytest @ {PYTEST_FORK}\n"), create("uv.lock", f'source = {{ url = "{PYTEST_FORK}" }}\n')), rules=("TP203",)),
    Cheat("home-of-the-agent", "start-up files, caches and programs in its home and in `/tmp`, for the proofs to find", "each proof has a fresh box", (sh(
        "for d in ~/.local/lib/python3.{9,10,11,12,13}/site-packages /tmp /var/tmp /dev/shm; do mkdir -p $d; echo 'import os; os._exit(0)' > $d/usercustomize.py; done; "
        "mkdir -p ~/bin /tmp/bin; printf '#!/bin/sh\\nexit 0\\n' | tee ~/bin/python3 > /tmp/bin/python3; chmod 755 ~/bin/python3; echo '# done' >> greet.py"
    ),), verify=PYTHON),
)  # fmt: skip
