"""A spec that four agents work on, three of them side by side, and a model that plays all of them."""

from collections.abc import Mapping

from tests.support.scripted_model import Answer, Fault, Script, Seen, call

PARTS = ("north", "east", "south")


def criterion(number: int, part: str) -> str:
    command = f"python3 -c 'from {part} import say; assert say() == \"{part}\"'"
    return f"- **AC-{number}** The {part} speaks.\n\n  ```sh verify\n  {command}\n  ```\n"


TEAM_SPEC = (
    "---\ntitle: A compass\nstatus: ready\nscope: ['*.py']\n---\n\n# A compass\n\n## Acceptance criteria\n\n"
    + "\n".join(criterion(number, part) for number, part in enumerate(PARTS, 1))
    + "\n- **AC-4** All of them speak.\n\n  ```sh verify\n"
    + '  python3 -c \'from compass import every; assert every() == ["north", "east", "south"]\'\n  ```\n'
    + "\n## Tasks\n\n"
    + "\n".join(
        f"- [ ] **T-{number}** Let the {part} speak (owns: `{part}.py`; proves: AC-{number})"
        for number, part in enumerate(PARTS, 1)
    )
    + "\n- [ ] **T-4** Join them (owns: `compass.py`; proves: AC-4; after: T-1, T-2, T-3)\n"
)
FILES = {
    **{f"T-{number}": {f"{part}.py": f'def say():\n    return "{part}"\n'} for number, part in enumerate(PARTS, 1)},
    "T-4": {
        "compass.py": "import east\nimport north\nimport south\n\n\n"
        "def every():\n    return [north.say(), east.say(), south.say()]\n"
    },
}


def task_of(seen: Seen) -> str:
    return seen.label.split("/")[1]


def team_of_four(files: Mapping[str, Mapping[str, str]] = FILES) -> Script:
    """Each agent writes its task's files and hands in; the reviewer finds nothing."""

    def script(seen: Seen) -> Answer | Fault:
        if seen.label.startswith("reviewer/"):
            return call("finish", summary="Reads well.", findings=[])
        if seen.turn == 1:
            creates = [("create", {"path": p, "content": c}) for p, c in files[task_of(seen).split("~")[0]].items()]
            return Answer(calls=creates)
        return call("finish", summary=f"Wrote what {task_of(seen)} asks for.")

    return script
