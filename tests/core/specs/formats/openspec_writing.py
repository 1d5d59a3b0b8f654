"""Short ways to write an `openspec/` folder in tests, and to read it as a pull request's head or base."""

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.formats import openspec
from bot.core.specs.layouts import SpecPlace, place_of
from bot.core.specs.model import Reading, Severity, Spec, SpecFormat
from bot.core.specs.tree import TreePaths

CHANGE = "openspec/changes/end-idle-logins"
LIVING = "openspec/specs/login/spec.md"
DELTA = f"{CHANGE}/specs/login/spec.md"
CONFIG = RepositoryConfig()

PROPOSAL = "# End idle logins\n\n## Why\nOpen screens are read by others.\n\n## What Changes\n- Idle logins end.\n"

Files = dict[str, bytes]


def scenario(name: str, when: str, then: str, *more: str) -> str:
    lines = [f"#### Scenario: {name}", f"- **WHEN** {when}", f"- **THEN** {then}", *more]
    return "".join(f"{line}\n" for line in lines)


def requirement(name: str, statement: str, *scenarios: str) -> str:
    return f"### Requirement: {name}\n{statement}\n\n" + "\n".join(scenarios) + "\n"


IDLE = scenario("Idle user", "nobody types for 30 minutes", "the next call answers 401")
ACTIVE = scenario("Active user", "somebody types", "the login goes on")
LIFETIME = requirement("Login lifetime", "The service MUST end idle logins.", IDLE, ACTIVE)
LOCKING = requirement("Locking", "The service SHALL lock.", scenario("Wrong key", "the key is wrong", "the door stays"))


def living(*requirements: str, front: str = "") -> str:
    return f"{front}# Login\n\n## Purpose\nWho is in.\n\n## Requirements\n\n" + "\n".join(requirements)


def delta(**sections: str) -> str:
    return "\n".join(f"## {kind.upper()} Requirements\n\n{text}\n" for kind, text in sections.items())


def tree(*parts: Files, **texts: str) -> Files:
    """Files of one tree: `living`, `delta`, `proposal`, `design`, `tasks`, `metadata` have their places, others come as parts."""
    places = {
        "living": LIVING,
        "delta": DELTA,
        "proposal": f"{CHANGE}/proposal.md",
        "metadata": f"{CHANGE}/.openspec.yaml",
    }
    files = {places.get(name, f"{CHANGE}/{name}.md"): text.encode() for name, text in texts.items()}
    for part in parts:
        files |= part
    return files


def place(path: str = CHANGE) -> SpecPlace:
    found = place_of(path, CONFIG) if path.endswith(".md") else SpecPlace(path, SpecFormat.OPENSPEC)
    assert found is not None
    return found


def wanted(files: Files, path: str = CHANGE) -> Files:
    return {name: files[name] for name in openspec.wanted(place(path), TreePaths.of(files))}


def read(files: Files, path: str = CHANGE, config: RepositoryConfig = CONFIG) -> Reading:
    return openspec.read(place(path), wanted(files, path), config)


def spec(files: Files, path: str = CHANGE, config: RepositoryConfig = CONFIG) -> Spec:
    found = read(files, path, config).spec
    assert found is not None
    return found


def before(head: Spec | None, files: Files, path: str = CHANGE, config: RepositoryConfig = CONFIG) -> Spec | None:
    return openspec.before(place(path), head, wanted(files, path), config)


def told(reading: Reading) -> list[tuple[str, str, int]]:
    """(rule, file, line) of every finding; the file without the change's folder."""
    return [(f.rule, f.position.path.removeprefix(f"{CHANGE}/"), f.position.line) for f in reading.findings]


def errors(reading: Reading) -> list[str]:
    return [f"{f.rule} {f.message}" for f in reading.findings if f.severity is Severity.ERROR]


def ids(found: Spec) -> list[str]:
    return [criterion.criterion_id for criterion in found.criteria]
