"""The tests of a monorepo's projects: kept where something below them changes."""

import subprocess
from pathlib import Path

from bot.core.policy.model import ProjectConfig
from bot.core.proofs.project_tests import project_claims, project_script
from bot.core.specs.formats.native import read_native
from bot.core.specs.model import ProofKind

PROJECTS = (ProjectConfig("services/api", (), "make test"), ProjectConfig("web"), ProjectConfig(".", (), "make all"))


def claimed(changed: list[str], status: str = "ready") -> list[tuple[str, str]]:
    text = f"---\nstatus: {status}\n---\n\n# A\n\n## Acceptance criteria\n\n- **AC-1** One.\n"
    spec = read_native("specs/a.md", text.encode()).spec
    assert spec is not None
    claims = project_claims(PROJECTS, changed, (spec,))
    assert all(claim.kind is ProofKind.KEEP for claim in claims)
    return [(claim.criterion.name, claim.criterion.commands[0].script) for claim in claims]


def test_only_touched_projects_with_tests_are_claimed() -> None:
    api = ("specs/a.md#project-1", "cd services/api || exit 2\nmake test")
    assert claimed(["services/api/a.py", "web/b.js"]) == [api, ("specs/a.md#project-2", "make all")]
    assert claimed(["services/apix/a.py"]) == [("specs/a.md#project-1", "make all")]
    assert claimed([]) == []


def test_without_a_spec_in_force_nothing_is_claimed() -> None:
    assert claimed(["services/api/a.py"], "draft") == []
    assert project_claims(PROJECTS, ["a"], ()) == ()


def test_the_script_runs_in_the_folder(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    script = project_script(ProjectConfig("a/b", (), "pwd; false || true"))
    said = subprocess.run(["sh", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert said.strip().endswith("/a/b")
    assert (
        subprocess.run(
            ["sh", "-c", project_script(ProjectConfig("c", (), "true"))], cwd=tmp_path, check=False
        ).returncode
        == 2
    )
