"""The rules against real runs: real pytest, the real harness, and the ways in which an implementer cheats.

The code here is ours and harmless, so it runs without the box; what the box adds is tested with the box.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.adapters.sandbox.harness import harness_files, harness_variables
from bot.core.ports.sandbox import BoxResult
from bot.core.proofs.canary import needs_canary
from bot.core.proofs.executions import argv, executed, execution, variables
from bot.core.proofs.model import CriterionVerdict, Executed, Execution, Harness, Shown, StoppedBy, Verdict
from bot.core.proofs.planning import Claim, Trees, plan_of_proofs
from bot.core.proofs.trusted import trusted_paths
from bot.core.proofs.verdicts import judge_criterion
from bot.core.specs.model import ProofKind
from bot.ids import Digest, TreeSha
from tests.core.proofs.builders import criterion, digest

SECONDS = 30.0
"""A run takes half a second; more means that something hangs."""

PYTEST = "python -m pytest -q -p no:cacheprovider"
TESTS = {
    "tests/test_cut.py": "from text import cut\n\ndef test_cut():\n    assert cut('ab c', 3) == 'ab'\n\ndef test_short():\n    assert cut('a', 3) == 'a'\n"
}
BASE = {"text.py": "def cut(text, limit):\n    return text\n"}
GOOD = {
    "text.py": "def cut(text, limit):\n    return text if len(text) <= limit else text[:limit].rpartition(' ')[0] or text[:limit]\n"
}

LEFT = {Verdict.NO_EVIDENCE}
IN_PYTHON = "python -c \"from text import cut; assert cut('ab c', 3) == 'ab'\""
IN_STDIN = "python - <<'END'\nfrom text import cut\nassert cut('ab c', 3) == 'ab'\nEND"
UNITTEST = "python -m unittest tests/check_cut.py"
CHECKS = "import unittest\nfrom text import cut\nclass Cut(unittest.TestCase):\n    def test_cut(self):\n        self.assertEqual(cut('ab c', 3), 'ab')\n"
AS_BEFORE = "def cut(text, limit):\n    return text\n"


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> "Runs":
    return Runs(tmp_path_factory.mktemp("runs"))


def _tree(files: dict[str, str]) -> TreeSha:
    return TreeSha(hashlib.sha1(repr(files).encode(), usedforsecurity=False).hexdigest())


class Runs:
    """Executions as the sandbox does them, each once: the harness beside the checkout, the report read back as bytes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._done: dict[Digest, Executed] = {}

    def judged(
        self, candidate: dict[str, str], script: str = PYTEST, base: dict[str, str] | None = None
    ) -> CriterionVerdict:
        before, after = self._run(base or BASE, script, Harness.REPORT), self._run(candidate, script, Harness.REPORT)
        canary = self._run(candidate, script, Harness.CANARY) if needs_canary(after) else None
        shown = [Shown(script, before, after, canary)]
        return judge_criterion(criterion(ProofKind.CHANGE, script), ProofKind.CHANGE, shown, trusted=trusted_paths())

    def proven(self, base: dict[str, str], candidate: dict[str, str], script: str) -> CriterionVerdict:
        """The whole way, as a verification goes it: with repetitions and stand-ins."""
        trees, trusted = {_tree(files): files for files in (base, candidate)}, trusted_paths()
        claim = Claim(criterion(ProofKind.CHANGE, script), ProofKind.CHANGE)
        plan = plan_of_proofs([claim], Trees(_tree(base), _tree(candidate), _tree(candidate)), digest("environment"))
        wanted, results = plan.reports(), dict[Digest, Executed]()
        while wanted:
            results |= {one.key: self._once(one, trees[one.tree]) for one in wanted}
            canaries = [one for one in plan.canaries(results) if one.key not in results]
            wanted = (*canaries, *plan.doubts(results, trusted))
        return plan.judge(results, trusted).verdicts[0]

    def _run(self, files: dict[str, str], script: str, harness: Harness) -> Executed:
        return self._once(execution(_tree(files), script, digest("environment"), harness), files)

    def _once(self, one: Execution, files: dict[str, str]) -> Executed:
        if one.key not in self._done:
            self._done[one.key] = executed(one, self._in_a_folder(self._folder / one.key, files, one))
        return self._done[one.key]

    def _in_a_folder(self, folder: Path, files: dict[str, str], one: Execution) -> BoxResult:
        tree, box = folder / "tree", folder / "box"
        for path, content in (TESTS | files).items():
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            (tree / path).write_text(content)
        box.mkdir()
        for file in harness_files():
            (box / Path(file.box).name).write_bytes(file.content)
        report = box / "report"
        report.touch()
        environment = {
            "PATH": f"{Path(sys.executable).parent}:{os.defpath}",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # our own environment is full of plugins that only cost time here
            "SPECBOT_TREE": str(tree),
            **harness_variables(one.harness, folder=str(box), report=str(report)),
            **variables(one),
        }
        done = subprocess.run(
            argv(one),
            cwd=tree,
            env=environment,
            timeout=SECONDS,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        output = done.stdout
        return BoxResult(
            done.returncode, StoppedBy.NOTHING, output, len(output), Digest("0" * 64), 0.1, report.read_bytes()
        )


@pytest.mark.parametrize(
    "script",
    [
        PYTEST,
        f"{PYTEST} -k cut | tail -3",
        "python -c \"from text import cut; assert cut('ab c', 3) == 'ab'\"",
        'test "$(python -c "from text import cut; print(cut(\'ab c\', 3))")" = ab',
    ],
    ids=["pytest", "pipe", "python", "captured output"],
)
def test_an_honest_change_is_proven(runs: Runs, script: str) -> None:
    found = runs.judged(GOOD, script)
    if "tail" in script:  # a pipe hides pytest's exit status on the base too, but not its report
        assert "although the exit status is 0" in found.reasons[0]
    assert found.verdict is Verdict.PROVEN, found


CLI = "import sys\nfrom text import cut\ndef main():\n    print(cut(sys.argv[1], int(sys.argv[2])))\n    sys.exit(0)\n"
OWN_EXITS = {
    "a program of the tree": ({"cli.py": CLI, "app.py": "from cli import main\nmain()\n"}, 'test "$(python app.py \'ab c\' 3)" = ab'),
    "a module of the tree": ({"cli.py": CLI + "main()\n"}, 'test "$(python -m cli \'ab c\' 3)" = ab'),
    "an exit of the command's own": ({}, "python -c \"import sys; from text import cut; sys.exit(cut('ab c', 3) != 'ab')\""),
    "a trusted script": ({"tests/check.py": "import sys\nfrom text import cut\nsys.exit(cut('ab c', 3) != 'ab')\n"}, "PYTHONPATH=$PYTHONPATH:. python tests/check.py"),
    "unittest": ({"tests/check_cut.py": CHECKS}, UNITTEST),
    "pytest with unittest's cases": ({"tests/test_case.py": CHECKS}, f"{PYTEST} tests/test_case.py"),
}  # fmt: skip


@pytest.mark.parametrize("way", OWN_EXITS)
def test_a_program_may_end_itself(runs: Runs, way: str) -> None:
    more, script = OWN_EXITS[way]
    found = runs.judged(GOOD | more, script, base=BASE | more)
    assert found.verdict is Verdict.PROVEN, found


def test_a_feature_that_was_missing_as_a_whole_is_proven(runs: Runs) -> None:
    found = runs.judged(GOOD, base={"text.py": ""})
    assert found.verdict is Verdict.PROVEN, found
    assert "tests/test_cut.py" in found.reasons[0]


EXIT = "import os\nos._exit(0)\n"
PATCHED = (
    "import sys\n"
    "def cut(text, limit):\n"
    "    return text\n"
    "if 'pytest' in sys.modules:\n"
    "    from _pytest.reports import TestReport\n"
    "    made = TestReport.from_item_and_call.__func__\n"
    "    def always(cls, item, call):\n"
    "        report = made(cls, item, call)\n"
    "        report.outcome = 'passed'\n"
    "        return report\n"
    "    TestReport.from_item_and_call = classmethod(always)\n"
)
CHEATS = {
    "polite exit when imported": ({"text.py": "import sys\nsys.exit(0)\n"}, IN_PYTHON, LEFT),
    "polite exit when called": ({"text.py": "def cut(text, limit):\n    exit()\n"}, IN_STDIN, LEFT),
    "polite exit below unittest": ({"text.py": "raise SystemExit\n", "tests/check_cut.py": CHECKS}, UNITTEST, LEFT),
    "polite exit below a trusted script": ({"text.py": "raise SystemExit\n", "tests/check.py": "from text import cut\nassert cut('ab c', 3) == 'ab'\n"}, "PYTHONPATH=$PYTHONPATH:. python tests/check.py", LEFT),
    "exit from the exception hook": ({"text.py": AS_BEFORE + "import sys\nsys.excepthook = lambda *raised: sys.exit(0)\n"}, IN_PYTHON, {Verdict.FAILED}),
    "all functions pass": ({"text.py": AS_BEFORE + "import sys\nif 'pytest' in sys.modules:\n    import pytest\n    pytest.Function.runtest = lambda self: None\n"}, PYTEST, {Verdict.TAMPERED}),
    "all assertions of unittest pass": ({"text.py": AS_BEFORE + "import unittest\nunittest.TestCase.assertEqual = lambda *both: None\n", "tests/test_case.py": CHECKS}, f"{PYTEST} tests/test_case.py", {Verdict.TAMPERED}),
    "exit in the second command": ({"text.py": GOOD["text.py"] + "import os, sys\nif 'pytest' not in sys.modules:\n    os._exit(0)\n"}, f"{PYTEST} && python -c 'import text; assert text.missing'", {Verdict.NO_EVIDENCE}),
    "runner told to exit": ({"text.py": "import pytest\npytest.exit('all is well', returncode=0)\n"}, PYTEST, {Verdict.NO_EVIDENCE, Verdict.TAMPERED, Verdict.FAILED}),
    "exit when imported": ({"text.py": EXIT}, PYTEST, {Verdict.TAMPERED}),
    "exit when called": ({"text.py": "def cut(text, limit):\n    import os\n    os._exit(0)\n"}, PYTEST, {Verdict.TAMPERED}),
    "exit of plain python": ({"text.py": EXIT}, "python -c 'from text import cut; assert cut(1, 2) == 3'", {Verdict.TAMPERED}),
    "a runner of its own": ({"pytest.py": "print('3 passed')\n"}, PYTEST, {Verdict.NO_EVIDENCE, Verdict.TAMPERED}),
    "outcomes patched": ({"text.py": PATCHED}, PYTEST, {Verdict.TAMPERED}),
    "system exit when imported": ({"text.py": "raise SystemExit(0)\n"}, PYTEST, {Verdict.FAILED, Verdict.NO_EVIDENCE}),
    "skip when imported": ({"text.py": "import pytest\npytest.skip('later', allow_module_level=True)\n"}, PYTEST, {Verdict.NO_EVIDENCE, Verdict.FAILED}),
    "nothing done": (BASE, PYTEST, {Verdict.FAILED}),
    "a green test lost": ({"text.py": "def cut(text, limit):\n    return 'ab'\n"}, PYTEST, {Verdict.FAILED}),
}  # fmt: skip


@pytest.mark.parametrize("cheat", CHEATS)
def test_no_cheat_is_green(runs: Runs, cheat: str) -> None:
    candidate, script, verdicts = CHEATS[cheat]
    trusted = {path: text for path, text in candidate.items() if path.startswith("tests/")}
    found = runs.judged(candidate, script, base=BASE | trusted)
    assert found.verdict in verdicts, found
    assert found.reasons


def test_a_command_that_cannot_fail_proves_nothing(runs: Runs) -> None:
    assert runs.judged(GOOD, f"{PYTEST} || true").verdict is Verdict.NO_EVIDENCE
