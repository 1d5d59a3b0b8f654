"""`specbot run`, `verify`, `lint` and `doctor` on a clone, without any GitHub."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.commands.calling import specbot
from tests.stories.rooms import SECONDS, Room, room
from tests.stories.test_foreign_formats import WISHES
from tests.support.scripted_model import ScriptedModel
from tests.support.stage import BASE, GOOD, SPEC, SPEC_PATH, implementing

pytestmark = pytest.mark.timeout(SECONDS)

LAZY = 'def greet(name):\n    return "hello"  # greets everybody by name\n'


def test_run_puts_proven_work_on_a_branch_and_touches_nothing_else():
    with ScriptedModel(implementing({"greet.py": GOOD})) as model, a_room_with(model) as place:
        clone = a_clone(place)
        (clone / SPEC_PATH).parent.mkdir()
        (clone / SPEC_PATH).write_text(SPEC)
        (clone / "greet.py").write_text("# something half done\n")
        before = git(clone, "status", "--porcelain"), git(clone, "rev-parse", "HEAD")

        said = place.specbot("run", SPEC_PATH, cwd=clone)
        assert said.code == 0, said.out + said.err
        assert "2 of 2 criteria done" in said.out
        assert "git switch specbot/0001-greet-1" in said.out
        assert git(clone, "show", "specbot/0001-greet-1:greet.py").strip() == GOOD.strip()
        assert git(clone, "show", f"specbot/0001-greet-1:{SPEC_PATH}") == SPEC
        assert "Specbot-Run: " in git(clone, "log", "-1", "--format=%B", "specbot/0001-greet-1")
        assert (git(clone, "status", "--porcelain"), git(clone, "rev-parse", "HEAD")) == before
        assert (clone / "greet.py").read_text() == "# something half done\n"

        calls = len(model.requests)
        git(clone, "checkout", "-q", "-f", "specbot/0001-greet-1")
        said = place.specbot("verify", SPEC_PATH, cwd=clone)
        assert said.code == 0, said.out + said.err
        assert "proven" in said.out
        assert len(model.requests) == calls, "verify calls no model"
        assert place.left_behind() == []
        assert place.left_running() == []


@pytest.mark.soak
@pytest.mark.parametrize("wishes", [WISHES[1:2], pytest.param(WISHES, marks=pytest.mark.soak)], ids=["one", "all"])
def test_run_takes_the_folders_of_other_tools_whole(wishes):
    with ScriptedModel(implementing({"greet.py": GOOD})) as model, a_room_with(model) as place:
        clone = a_clone(place)
        for folder, files in ((wish.values[0], wish.values[1]) for wish in wishes):
            for path, text in files.items():
                (clone / path).parent.mkdir(parents=True, exist_ok=True)
                (clone / path).write_text(text)
            said = place.specbot("run", sorted(files)[-1], cwd=clone)
            assert said.code == 0, said.out + said.err
            assert "2 of 2 criteria done" in said.out
            branch = f"specbot/{folder.rpartition('/')[2]}-1"
            if branch not in said.out:
                branch = branch.removesuffix("1") + "2"
            assert f"git switch {branch}" in said.out
            assert git(clone, "show", f"{branch}:greet.py").strip() == GOOD.strip()
            assert set(files) <= set(git(clone, "ls-tree", "-r", "--name-only", branch).split())
        assert place.left_behind() == []


@pytest.mark.soak
def test_what_is_not_proven_is_kept_aside_and_exits_with_1():
    with ScriptedModel(implementing({"greet.py": LAZY})) as model, a_room_with(model) as place:
        clone = a_clone(place, SPEC)
        said = place.specbot("verify", SPEC_PATH, cwd=clone)
        assert said.code == 1
        assert "AC-1" in said.out
        assert "AssertionError" in said.out
        assert model.requests == []

        said = place.specbot("run", SPEC_PATH, cwd=clone)
        assert said.code == 1
        assert "AC-1 failed; 1 of 2 done" in said.out
        assert "unproven work is on specbot/run-" in said.out
        assert git(clone, "rev-parse", "specbot/0001-greet-1") == git(clone, "rev-parse", "HEAD")
        (kept,) = [name for name in git(clone, "branch", "--format=%(refname:short)").split() if "/run-" in name]
        assert git(clone, "show", f"{kept}:greet.py").strip() == LAZY.strip()
        assert place.left_behind() == []


def test_lint_names_each_error_with_its_line():
    with room() as place:
        clone = a_clone(place, SPEC)
        assert place.specbot("lint", cwd=clone).code == 0
        (clone / SPEC_PATH).write_text(SPEC.replace("status:", "statsu:"))
        said = place.specbot("lint", SPEC_PATH, cwd=clone)
        assert said.code == 1
        assert f"{SPEC_PATH}:3:1" in said.out
        (read,) = json.loads(place.specbot("lint", "--json", cwd=clone).out)
        assert read["path"] == SPEC_PATH
        assert [(f["rule"], f["severity"], f["line"]) for f in read["findings"] if f["severity"] == "error"] == [
            ("SB004", "error", 3)
        ]
        said = place.specbot("lint", "specs/nothing.md", cwd=clone)
        assert said.code == 2
        assert "there is no file specs/nothing.md" in said.err


def test_faults_of_the_caller_are_one_line_and_a_hint():
    with room() as place:
        clone = a_clone(place, SPEC)
        said = specbot("run", SPEC_PATH, cwd=clone, env=place.environment)
        assert (said.code, "no model is configured" in said.err) == (2, True)
        said = specbot("verify", "README.md", "--base", "nowhere", cwd=clone, env=place.environment)
        assert (said.code, "no commit 'nowhere'" in said.err) == (2, True)
        assert "Traceback" not in said.err


@pytest.mark.soak
def test_doctor_says_what_this_machine_has_and_lacks():
    with room() as place:
        said = place.specbot("doctor")
        assert said.code == 0, said.out + said.err
        for what in ("git", "sandbox", "environment", "database", "model"):
            assert f"{what}: " in said.out
        assert "none configured" in said.out
        assert place.left_behind() == []


def a_room_with(model: ScriptedModel):
    return room(OPENAI_BASE_URL=model.base_url, OPENAI_API_KEY="sk-of-a-story", SPECBOT_MODEL="scripted")


def a_clone(place: Room, spec: str = "") -> Path:
    """A repository with the stage's files, and the spec committed when it is given."""
    clone = place.path / "clone"
    for path, content in BASE.items():
        write(clone / path, content)
    git(place.path, "init", "-q", "-b", "main", str(clone))
    git(clone, "add", "-A")
    git(clone, "commit", "-q", "-m", "Start")
    if spec:
        write(clone / SPEC_PATH, spec)
        git(clone, "add", "-A")
        git(clone, "commit", "-q", "-m", "Spec")
    return clone


def write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)


def git(folder: Path, *words: str) -> str:
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    done = subprocess.run(["git", "-C", str(folder), *who, *words], capture_output=True, text=True, check=True)
    return done.stdout.strip() if words[0] != "show" else done.stdout
