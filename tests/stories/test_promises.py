"""What is merged is promised: whoever makes less of it, by whatever way, is held up until a person agrees. Nothing is lost in silence."""

import subprocess

import pytest

from bot.hub.state.issues import Issue
from tests.stories.moments import asked
from tests.stories.test_orchestrate import open_issue, the_pull
from tests.support.stage import BASE, CONFIGURATION, GOOD, SPEC, SPEC_PATH, Stage, implementing, never

LINT = "python3 -m compileall -q greet.py"
KEEPING = SPEC.replace("scope: [greet.py]", f"scope: [greet.py]\nkeep: [{LINT}]")
MERGED = {**BASE, SPEC_PATH: KEEPING, "greet.py": GOOD}
STRONG, WEAK = "assert greet('Ada') == 'hello Ada'", "greet('Ada')"
VERIFY = KEEPING[KEEPING.index("  ```sh verify") : KEEPING.index("- **AC-2**")]

HELD_UP = {
    "a weaker command": (
        {SPEC_PATH: KEEPING.replace(STRONG, WEAK)},
        "AC-1 vacuous; 2 of 3 done. AC-1: how it is proven",
    ),
    "a weaker keep": ({SPEC_PATH: KEEPING.replace("assert greet('')", "greet('')")}, "AC-2 unproven; 2 of 3 done"),
    "a person instead": (
        {SPEC_PATH: KEEPING.replace("**AC-1** The", "**AC-1** (accept) The").replace(VERIFY, "")},
        "AC-1 waits for a person; 2 of 3 done. AC-1: how it is proven differs from the base, where verify runs",
    ),
    "no command": (
        {SPEC_PATH: KEEPING.replace(VERIFY, "")},
        "AC-1 unproven; 2 of 3 done. AC-1: how it is proven differs from the base, where verify runs",
    ),
    "other words": (
        {SPEC_PATH: KEEPING.replace("names the person", "is for the person")},
        "AC-1 vacuous; 2 of 3 done. AC-1: its text differs from the base, and green before",
    ),
    "its id for another": (
        {
            SPEC_PATH: KEEPING[: KEEPING.index("- **AC-1**")]
            + KEEPING[KEEPING.index("- **AC-2**") :].replace("AC-2", "AC-1")
        },
        "base-AC-1 waits for a person; 2 of 3 done. base-AC-1: the base demands it",
    ),
    "a keep command less": ({SPEC_PATH: SPEC}, "keep-1 waits for a person; 2 of 3 done"),
    "a comment around it": (
        {SPEC_PATH: KEEPING.replace("- **AC-2**", "<!--\n- **AC-2**") + "\n-->\n"},
        "AC-2 waits for a person; 2 of 3 done",
    ),
    "a place without specs": (
        {SPEC_PATH: None, "docs/greet.md": KEEPING},
        "AC-1, AC-2, keep-1 wait for a person; 0 of 3 done. AC-1: the base demands it, and its spec is not there any more",
    ),
    "other globs": (
        {".github/specbot.yml": f"specs: [docs/**/*.md]\n{CONFIGURATION}"},
        "AC-1, AC-2, keep-1 wait for a person; 0 of 3 done. AC-1: the base demands it, and with the configuration",
    ),
    "other formats": (
        {".github/specbot.yml": f"formats: [kiro]\n{CONFIGURATION}"},
        "AC-1, AC-2, keep-1 wait for a person; 0 of 3 done. AC-1: the base demands it, and with the configuration",
    ),
}
TESTED = {
    **BASE,
    "greet.py": GOOD,
    "tests/__init__.py": "",
    "tests/test_greet.py": "import unittest\n\nfrom greet import greet\n\n\nclass Greet(unittest.TestCase):\n    def test_name(self):\n        self.assertIn('Ada', greet('Ada'))\n\n    def test_nobody(self):\n        self.assertTrue(greet(''))\n",
}
REFUSED = {
    "a folder": {SPEC_PATH: None, f"{SPEC_PATH}/more.md": "# More\n"},
    "another heading": {SPEC_PATH: KEEPING.replace("## Acceptance criteria", "## Acceptance ideas")},
    "broken front matter": {SPEC_PATH: KEEPING.replace("status: ready", "status: [ready")},
    "an open code block": {SPEC_PATH: KEEPING.replace("  ```\n\n- **AC-2**", "\n- **AC-2**")},
    "no text": {SPEC_PATH: "\ufffe\0"},
    "too much": {SPEC_PATH: KEEPING + "x" * 1_100_000},
    "nothing": {SPEC_PATH: ""},
}


def held_up(stage: Stage, name: str) -> Issue:
    files, title = HELD_UP[name]
    pull = stage.open(None, files=files, branch=name.replace(" ", "-"))
    stage.settled(pull)
    assert stage.acceptance(pull) == "action_required", (name, stage.title(pull))
    assert stage.title(pull).startswith(title), (name, stage.title(pull))
    assert asked(stage) == []
    return pull


def test_a_weaker_command_an_id_given_away_and_other_globs_wait_for_a_person():
    with Stage(never, base=MERGED) as stage, stage.worker():
        weaker = held_up(stage, "a weaker command")
        assert "`/specbot waive AC-1 REASON`" in stage.status(weaker)
        held_up(stage, "its id for another")
        held_up(stage, "other globs")


@pytest.mark.soak
def test_a_person_may_let_it_go():
    with Stage(never, base=MERGED) as stage, stage.worker():
        for name, waived in (("its id for another", ["base-AC-1"]), ("other globs", ["AC-1", "AC-2", "keep-1"])):
            pull = held_up(stage, name)
            for count, criterion in enumerate(waived, 2):
                stage.say(pull, f"/specbot waive {criterion} the specs move to docs", login="grace")
                stage.until(lambda pull=pull, count=count: len(stage.runs_at(pull)) == count, "the proofs to run again")
                stage.settled(pull)
            assert stage.acceptance(pull) == "success"


@pytest.mark.soak
def test_every_other_way_to_make_less_of_it_waits_for_a_person_too():
    names = list(HELD_UP)
    for some in (names[:5], names[5:]):
        with Stage(never, base=MERGED) as stage, stage.worker():
            for name in some:
                held_up(stage, name)


@pytest.mark.soak
def test_a_test_of_it_that_is_taken_away_waits_for_a_person_too():
    command = "python3 -m unittest tests.test_greet"
    spec = SPEC.replace("python3 -c \"from greet import greet; assert greet('').strip() == 'hello'\"", command)
    fewer = TESTED["tests/test_greet.py"].replace("def test_nobody", "def nobody")
    named = spec.replace("scope:", "removes: [tests/test_greet.py]\nscope:")
    with Stage(never, base={**TESTED, SPEC_PATH: spec}) as stage, stage.worker():
        for name, files in {
            "one": {SPEC_PATH: f"{spec}\nMore.\n", "tests/test_greet.py": fewer},
            "all": {SPEC_PATH: f"{spec}\nMore.\n", "tests/test_greet.py": None},
            "named": {SPEC_PATH: named, "tests/test_greet.py": None},
        }.items():
            pull = stage.open(None, files=files, branch=name)
            stage.settled(pull)
            assert stage.title(pull).startswith(
                "AC-2 unproven; 1 of 2 done. AC-2: green on the base with the base's own"
            ), name
        assert asked(stage) == []


@pytest.mark.soak
def test_a_spec_that_can_be_read_no_more_is_refused():
    with Stage(never, base=MERGED) as stage, stage.worker():
        for name, files in REFUSED.items():
            pull = stage.open(None, files=files, branch=name.replace(" ", "-"))
            stage.settled(pull)
            assert stage.acceptance(pull) == "failure", name
            assert stage.executions() == 0, name


@pytest.mark.soak
@pytest.mark.parametrize(("mode", "content"), [("120000", "greet.py"), ("160000", "")])
def test_a_link_or_another_repository_in_its_place_is_no_way_out(mode, content):
    with Stage(never, base=MERGED) as stage, stage.worker():
        pull = stage.open(None, files={"notes.md": "x"})
        stage.settled(pull)
        put(stage, "topic", mode, content)
        stage.until(lambda: len(stage.runs_at(pull)) == 2, "the push to be looked at")
        stage.settled(pull)
        assert stage.acceptance(pull) in ("failure", "action_required")
        assert stage.blockers(pull)


@pytest.mark.soak
def test_a_configuration_behind_a_link_is_taken_for_one_that_reads_nothing():
    with Stage(never, base=MERGED) as stage, stage.worker():
        pull = stage.open(None, files={"other.yml": f"specs: [docs/**/*.md]\n{CONFIGURATION}"})
        stage.settled(pull)
        put(stage, "topic", "120000", "../other.yml", ".github/specbot.yml")
        stage.until(lambda: len(stage.runs_at(pull)) == 2, "the push to be looked at")
        stage.settled(pull)
        assert stage.title(pull).startswith("AC-1, AC-2, keep-1 wait for a person")


def put(stage: Stage, branch: str, mode: str, content: str, path: str = SPEC_PATH) -> None:
    """A push by git itself that puts something else than a file in the spec's place, or in another one."""

    def git(*words: str, given: str = "") -> str:
        who = {f"GIT_{role}_{key}": "ada@x" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
        where = {"GIT_INDEX_FILE": str(stage.root / "index"), "PATH": "/usr/bin:/bin", **who}
        done = subprocess.run(
            ["git", "-C", str(stage.repo.path), *words],
            input=given,
            env=where,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    tip = stage.branches()[branch]
    git("read-tree", tip)
    blob = git("hash-object", "-w", "--stdin", given=content) if mode == "120000" else tip
    git("update-index", "--add", "--cacheinfo", f"{mode},{blob},{path}")
    commit = git("commit-tree", "-p", tip, "-m", "Another thing", git("write-tree"))
    git("update-ref", f"refs/heads/{branch}", commit)
    stage.hub.notice_pushes(stage.repo, "ada")


@pytest.mark.soak
def test_nothing_is_taken_out_of_a_merged_spec_that_is_worked_on():
    shorter = SPEC[: SPEC.index("- **AC-2**")]
    with Stage(implementing({"greet.py": GOOD}), base={**BASE, SPEC_PATH: SPEC}) as stage, stage.worker():
        issue = open_issue(stage)
        stage.say(issue, f"/orchestrate {SPEC_PATH}", "grace")
        pull = the_pull(stage, "specbot/spec-1-0001-greet")
        stage.until(lambda: stage.model.requests and stage.model.requests[-1].label.startswith("reviewer"), "the work")
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        runs = len(stage.runs_at(pull))
        stage.push({SPEC_PATH: shorter}, branch="specbot/spec-1-0001-greet")
        stage.until(lambda: len(stage.runs_at(pull)) > runs, "the push to be looked at")
        stage.settled(pull)
        assert stage.title(pull).startswith("AC-2 waits for a person; 1 of 2 done")
