"""The demo's material is honest: the sample works as it is, and its pull request asks for something that is not there yet."""

import subprocess
import sys
from pathlib import Path

from bot.core.policy.configuration import read_configuration
from bot.core.specs.formats.native import read_native
from bot.core.specs.linter import lint
from bot.core.specs.model import ProofKind, SpecFormat
from bot.core.specs.rules.rule import LintContext
from bot.demo.material import SPECS, pull_request_files, sample_files

SPEC_PATH = SPECS[SpecFormat.NATIVE]


def test_the_sample_is_green_and_what_its_pull_request_asks_is_red(tmp_path: Path) -> None:
    for name, data in {**sample_files(), **pull_request_files()}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)

    failed, summary = _pytest(tmp_path)
    assert summary == "16 failed, 47 passed"
    assert {line.split("::")[0] for line in failed} == {
        "FAILED tests/nights/test_overlaps.py",
        "FAILED tests/nights/test_questions.py",
    }


def test_the_pull_request_adds_and_changes_nothing_of_the_sample() -> None:
    assert not set(sample_files()) & set(pull_request_files())
    assert SPEC_PATH in pull_request_files()
    assert any(name.startswith("tests/nights/test_") for name in pull_request_files())


def test_the_sample_carries_its_configuration_and_no_rubbish() -> None:
    files = sample_files()
    assert ".github/specbot.yml" in files
    assert not [name for name in files if "__pycache__" in name or name.endswith(".pyc")]


def test_the_spec_has_nothing_for_the_linter_to_say() -> None:
    files = sample_files()
    configuration = read_configuration(files[".github/specbot.yml"], files[".github/specbot.yml"])
    reading = read_native(SPEC_PATH, pull_request_files()[SPEC_PATH])
    tree = frozenset({*files, *pull_request_files()})
    assert lint(reading, LintContext(tree, configuration)) == ()
    assert reading.spec is not None
    assert [c.kind for c in reading.spec.criteria] == [ProofKind.CHANGE] * 5
    assert len(reading.spec.keep) == 1


def _pytest(where: Path) -> tuple[list[str], str]:
    run = subprocess.run(
        [sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=no", "-rf", "tests"],
        cwd=where,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin"},
        timeout=60,
    )
    lines = run.stdout.strip().splitlines()
    return [line for line in lines if line.startswith("FAILED")], lines[-1].partition(" in ")[0]
