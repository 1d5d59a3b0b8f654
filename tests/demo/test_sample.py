"""The demo's material is honest: the sample works as it is, and its pull request asks for something that is not there yet."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.core.policy.configuration import read_configuration
from bot.core.specs.layouts import places_of
from bot.core.specs.linter import LintContext, lint
from bot.core.specs.model import Finding, ProofKind, Spec, SpecFormat
from bot.core.specs.read import format_of
from bot.core.specs.tree import TreePaths
from bot.demo.material import SPECS, pull_request_files, sample_files

SPEC_PATH = SPECS[SpecFormat.NATIVE]


def test_the_sample_is_green_and_what_its_pull_request_asks_is_red(tmp_path: Path) -> None:
    for name, data in {**sample_files(), **pull_request_files()}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)

    failed, summary = run_pytest(tmp_path)
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


@pytest.mark.parametrize("spec_format", SpecFormat)
def test_the_spec_has_nothing_for_the_linter_to_say_in_any_format(spec_format: SpecFormat) -> None:
    spec, findings = read(spec_format)
    assert findings == ()
    assert {c.kind for c in spec.criteria} == {ProofKind.CHANGE}
    assert len(spec.tasks) >= 3


@pytest.mark.parametrize("spec_format", SpecFormat)
def test_every_format_asks_for_the_same(spec_format: SpecFormat) -> None:
    native, spec = read(SpecFormat.NATIVE)[0], read(spec_format)[0]
    assert scripts(spec) == scripts(native)
    assert (spec.scope, spec.budget) == (native.scope, native.budget)
    assert [command.script for command in spec.keep] == [command.script for command in native.keep]


def read(spec_format: SpecFormat) -> tuple[Spec, tuple[Finding, ...]]:
    """The sample's spec in a format as a run reads it, and what the linter says."""
    files = {**sample_files(spec_format), **pull_request_files(spec_format)}
    config = read_configuration(files[".github/specbot.yml"], files[".github/specbot.yml"])
    (place,) = [place for place in places_of(files, config) if place.path == SPECS[spec_format]]
    reader = format_of(place)
    reading = reader.read(place, {n: files[n] for n in reader.wanted(place, TreePaths.of(files))}, config)
    assert reading.spec is not None
    return reading.spec, lint(reading, LintContext(frozenset(files), config))


def scripts(spec: Spec) -> list[str]:
    """All commands, however their lines are folded."""
    return sorted(" ".join(command.script.split()) for criterion in spec.criteria for command in criterion.commands)


def run_pytest(where: Path, *options: str) -> tuple[list[str], str]:
    """The lines of what failed or could not be loaded, and the last line's counts."""
    run = subprocess.run(
        [sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=no", "-rfE", *options, "tests"],
        cwd=where,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin"},
        timeout=60,
    )
    lines = run.stdout.strip().splitlines()
    return [line for line in lines if line.startswith(("FAILED", "ERROR"))], lines[-1].partition(" in ")[0]
