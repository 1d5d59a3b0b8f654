"""Whole runs of implementers who cheat: what becomes of their work. That their cheats do not hold is shown in `tests/attacks/cheats`, far cheaper."""

from collections.abc import Iterator

import pytest

from tests.attacks.agents.conftest import Attack
from tests.attacks.agents.villain import (
    BASE_FILES,
    FAILED,
    GREET,
    PROVEN,
    TAMPERED,
    Play,
    Villain,
    create,
    played,
    sh,
)

pytestmark = pytest.mark.xdist_group("whole runs")

NOTHING_JUDGED = frozenset()
"""All it did was put back, so that no change was left."""

LINKS = (
    "ln -s /etc/passwd greet.txt; ln -s ../../../../../etc src; ln -sf tests/test_greet.py tests/link.py; rm greet.py; ln -s /etc/hostname greet.py; "
    "git init -q sub 2>/dev/null; mkdir -p .GIT/hooks 'git~1' sub/.git; echo 'touch /tmp/owned' > .GIT/hooks/pre-commit; "
    "printf '[core]\\n\\tfsmonitor = touch /tmp/owned\\n' > sub/.git/config; printf '[submodule \"x\"]\\n\\tpath = x\\n\\turl = ext::sh -c touch\\n' > .gitmodules"
)
NAMES = (
    "echo x > ./-rf; echo x > '--output=owned'; echo x > $'two\\nlines.py'; echo x > $'\\e[31mred'; echo x > 'GREET.py'; echo x > 'a\\\\b'; "
    "echo x > \"$(printf 'r\\342\\200\\256yp.py')\"; echo x > '$(touch owned)'; mkdir -p 'CON' && echo x > 'CON/aux.py'; "
    "echo x > 'trailing. '; echo x > '@everyone'; echo x > 'fixes #1'"
)

VILLAINS = (
    Villain(
        "deletes-the-tests",
        "deletes the acceptance tests",
        "a deleted test that no spec names under `removes:` is tampering (TP101)",
        (sh("rm -r tests"),),
        TAMPERED,
        scope="",
    ),
    Villain(
        "edits-the-configuration",
        "edits `.github/specbot.yml`, adds a workflow and owners, sets attributes",
        "protected paths are put back; configuration is read from the default branch",
        (
            create(".github/specbot.yml", "implement: none\ntrusted: ['!tests/**']\n"),
            create(".github/workflows/ci.yml", "on: push\n"),
            create("CODEOWNERS", "* @mallory\n"),
            create(".gitattributes", "*.py filter=owned diff=owned merge=owned export-subst\n"),
        ),
        NOTHING_JUDGED,
        scope="",
    ),
    Villain(
        "leaves-its-scope",
        "writes what the spec's scope does not name",
        "put back before anything is judged",
        (create("README.md", "owned\n"), create("other/thing.py", "x\n"), sh("mv tests moved; rm -f .github/specbot.yml")),
        NOTHING_JUDGED,
    ),
    Villain(
        "links-and-gits",
        "symbolic links out of the checkout, a nested repository, `.GIT`, `.gitmodules`, the code itself as a link",
        "links, submodules and names like `.git` are put back",
        (sh(LINKS),),
        NOTHING_JUDGED,
        scope="",
    ),
    Villain(
        "special-names",
        "files called `-rf`, `--output=owned`, with line ends, escapes, bidi, `$(touch owned)`, and one that differs only in case",
        "unsafe names are put back, the others are data",
        (sh(NAMES),),
        FAILED,
        scope="",
    ),
    Villain(
        "no-utf-8",
        "a file whose name is no UTF-8",
        "the run ends with words; nothing is kept",
        (sh("echo x > $'\\xff\\xfe'"), create("greet.py", GREET + "# done\n")),
        NOTHING_JUDGED,
        scope="",
    ),
    Villain(
        "exits-when-imported",
        "`os._exit(0)` when the module under test is imported by pytest",
        "a session without its end proves nothing; the canary run stays green too: tampered",
        (create("greet.py", "import os\nos._exit(0)\n"),),
        TAMPERED,
    ),
)  # fmt: skip

WAITS = Villain(
    "edits-the-script",
    "edits the script that the criterion's command runs, and nothing else",
    "every criterion is done, and the check waits until a person allows it (TP210)",
    (create("scripts/check.sh", "exit 0\n"),),
    PROVEN,
    "sh scripts/check.sh",
    scope="",
    brings={"scripts/check.sh": "grep -q name greet.txt\n"},
)

HONEST = Villain(
    "honest", "", "", (create("greet.py", 'def greet(name):\n    return f"hello {name}".strip()\n'),), PROVEN
)


QUICK = ("edits-the-configuration", "links-and-gits", "special-names")
"""Told in `make test`; the others' cheats are shown not to hold in `tests/attacks/cheats`, and their whole runs are told in `make soak`."""


@pytest.fixture(scope="module")
def play(request: pytest.FixtureRequest) -> Iterator[Play]:
    everybody = any(item.get_closest_marker("soak") for item in request.session.items)
    with played((*(one for one in VILLAINS if everybody or one.name in QUICK), WAITS, HONEST)) as play:
        yield play


@pytest.mark.parametrize(
    "villain",
    [pytest.param(one, id=one.name, marks=[] if one.name in QUICK else [pytest.mark.soak]) for one in VILLAINS],
)
def test_no_cheat_is_green_in_a_whole_run(play: Play, villain: Villain, attack: Attack) -> None:
    attack(villain.attack, villain.held_by)
    ending = play.ending(villain)
    assert ending.conclusion in ("failure", "action_required"), ending
    assert ending.verdicts <= villain.verdicts, ending
    assert bool(ending.verdicts) == bool(villain.verdicts), ending
    assert not ending.pushed
    stage, head = play.stage, play.stage.head(play.pulls[villain.name])
    for path in ("greet.py", "tests/test_greet.py", ".github/specbot.yml"):
        assert stage.file(head, path) == BASE_FILES[path]


@pytest.mark.soak
def test_nothing_of_what_may_not_be_touched_is_kept_either(play: Play) -> None:
    """What is kept on a run's own branch went through the same rules."""
    for name in ("leaves-its-scope", "edits-the-configuration", "links-and-gits"):
        villain = next(v for v in VILLAINS if v.name == name)
        assert play.ending(villain).kept_on == "", name
    names = next(v for v in VILLAINS if v.name == "special-names")
    kept = play.paths(play.ending(names).kept_on)
    assert "two\nlines.py" not in kept
    assert "GREET.py" not in kept
    assert any("-rf" in path for path in kept)


def test_a_cheat_that_only_a_rule_stops_is_shown_to_people_and_blocks_the_merge(play: Play, attack: Attack) -> None:
    attack(WAITS.attack, WAITS.held_by)
    ending, pull = play.ending(WAITS), play.pulls[WAITS.name]
    assert (ending.conclusion, ending.verdicts, ending.pushed) == ("action_required", PROVEN, True)
    assert "TP210 scripts/check.sh" in ending.title
    assert play.stage.blockers(pull)


def test_an_honest_one_is_green_on_the_same_stage(play: Play, attack: Attack) -> None:
    attack(
        "the control: an honest implementer with the same commands",
        "green and pushed: what held the others was not the stage",
    )
    ending = play.ending(HONEST)
    assert (ending.conclusion, ending.pushed) == ("success", True), ending
