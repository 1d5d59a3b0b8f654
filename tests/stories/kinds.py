"""A small shop for stories about kinds of change: several pull requests on one stage, each with a spec of its own."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.proofs.model import CriterionVerdict, Verification
from bot.hub.state.issues import Issue
from bot.workflows.notes import find
from tests.stories.moments import role
from tests.support.scripted_model import Answer, Script, Seen, call
from tests.support.stage import CONFIGURATION, Stage

SHOP = {
    ".github/specbot.yml": CONFIGURATION,
    "shop.py": (
        "import tomllib\n\n\ndef settings():\n    with open('shop.toml', 'rb') as file:\n        return tomllib.load(file)\n\n\n"
        "def price(cents):\n    return f'{cents // 100}.{cents % 100}'\n\n\ndef shout(word):\n    return word.upper()\n"
    ),
    "shop.toml": 'currency = "EUR"\n',
    "cli.py": "import sys\n\nfrom shop import price\n\nprint(price(int(sys.argv[-1])))\n",
    "tests/__init__.py": "",
    "tests/test_price.py": "import unittest\n\nfrom shop import price\n\n\nclass Price(unittest.TestCase):\n    def test_cents(self):\n        self.assertEqual(price(1250), '12.50')\n",
    "tests/test_shout.py": "import unittest\n\nfrom shop import shout\n\n\nclass Shout(unittest.TestCase):\n    def test_shout(self):\n        self.assertEqual(shout('a'), 'A')\n",
    "README.md": "# Shop\n",
}
ALL = "python3 -m unittest discover -s tests -t ."


@dataclass(frozen=True)
class Change:
    """One pull request: its spec, what a person pushes with it, and what an implementer writes (None: deletes)."""

    spec: str
    work: Mapping[str, str | None]
    files: Mapping[str, str | None]

    @property
    def title(self) -> str:
        return self.spec.partition("\n# ")[2].partition("\n")[0]


def spec(title: str, *criteria: str, scope: Sequence[str] = ("**",), more: str = "") -> str:
    listed = "\n\n".join(f"- **AC-{number}** {text}" for number, text in enumerate(criteria, 1))
    return f"---\ntitle: {title}\nstatus: ready\nscope: {json.dumps(list(scope))}\n{more}---\n\n# {title}\n\n## Acceptance criteria\n\n{listed}\n"


def shown(text: str, command: str, kind: str = "verify") -> str:
    return f"{text}\n\n  ```sh {kind}\n  {command}\n  ```"


def working_on(changes: Mapping[str, Change]) -> Script:
    """An implementer for all of them at once, told apart by their specs' titles; the reviewer has nothing to remark."""

    def script(seen: Seen) -> Answer:
        if role(seen) == "reviewer":
            return call("finish", summary="Reads well.", findings=[])
        if seen.body["messages"][-1]["role"] != "user":
            return call("finish", summary="Done as asked.")
        said = str(seen.body["messages"])
        change = next(one for one in changes.values() if one.title in said)
        written = {path: text for path, text in change.work.items() if text is not None}
        calls = [("create", {"path": path, "content": text, "overwrite": True}) for path, text in written.items()]
        gone = [path for path, text in change.work.items() if text is None]
        return Answer(calls=[*calls, *([("bash", {"script": f"rm -r {' '.join(gone)}"})] if gone else [])])

    return script


def opened(stage: Stage, changes: Mapping[str, Change]) -> dict[str, Issue]:
    """A pull request for each, all at rest."""
    pulls = {
        name: stage.open(None, files={f"specs/{name}.md": change.spec, **change.files}, branch=name)
        for name, change in changes.items()
    }
    for pull in pulls.values():
        stage.settled(pull)
    return pulls


def verdicts(stage: Stage, pull: Issue) -> tuple[CriterionVerdict, ...]:
    """The newest ones of a pull request."""
    found = find(stage.house, stage.runs_at(pull)[-1].run_id, Verification)
    assert found is not None, stage.title(pull)
    return found.verdicts
