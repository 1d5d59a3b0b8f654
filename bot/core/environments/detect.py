"""Which projects a tree holds and how each is made runnable, from its paths and small manifests. Pure.

Manifests are hostile: they are parsed, never executed, and whatever is not understood counts as not there.
"""

import json
import re
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from posixpath import dirname

from bot.core.environments.kinds import Kind, Project

MOST_PROJECTS = 30
"""What is shown and set up; a tree with more is a collection of examples."""

DEEPEST = 4
"""Folders above a project: `packages/group/name/src` is as deep as monorepos go."""

PASSED_OVER = frozenset({"node_modules", "vendor", "third_party", "testdata", "fixtures", "examples", "example", "templates", "dist", "build", "target", "venv"})  # fmt: skip
"""Folders whose manifests belong to somebody else or are no projects of their own."""

Read = Callable[[str], bytes]
"""A manifest's content; b"" when it is too large or not there."""

_MAKE_TEST = re.compile(rb"^(test|check)[ \t]*:(?!=)", re.MULTILINE)
_TEST_FILE = re.compile(r"(?:.*/)?(?:test_[^/]*\.py|[^/]*_test\.py|tests?\.py|conftest\.py)")
_REQUIREMENTS = re.compile(r"requirements(?:[-_](?:dev|tests?))?\.txt|(?:dev|test)-requirements\.txt")
_SIGNS = frozenset({"pyproject.toml", "setup.py", "setup.cfg", "package.json", "go.mod", "Cargo.toml", "Makefile"})
_WORKSPACE_LOCKS = frozenset({"uv.lock", "package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "Cargo.lock"})


def detect(paths: Collection[str], read: Read) -> tuple[Project, ...]:
    """The projects, those nearer to the root first. `paths` are all files of the tree."""
    inside: dict[str, set[str]] = {}
    for path in paths:
        folder, _, name = path.rpartition("/")
        if (name in _SIGNS or name in _WORKSPACE_LOCKS or _REQUIREMENTS.fullmatch(name)) and _own(folder):
            inside.setdefault(folder, set()).add(name)
    found: list[Project] = []
    for folder in sorted(inside, key=lambda name: (name.count("/") + bool(name), name)):
        tests = any(path.startswith(f"{folder}/" if folder else "") and _TEST_FILE.fullmatch(path) for path in paths)
        for project in _in_folder(folder, inside[folder], read, tests=tests):
            if not _member(project, folder, inside):
                found.append(project)
    return tuple(found[:MOST_PROJECTS])


def _own(folder: str) -> bool:
    parts = folder.split("/") if folder else []
    return len(parts) <= DEEPEST and not any(part in PASSED_OVER or part.startswith(".") for part in parts)


def _member(project: Project, folder: str, inside: Mapping[str, set[str]]) -> bool:
    """It belongs to a workspace whose lock file lies above it, and is set up with that."""
    locks = {
        Kind.NPM: {"package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml"},
        Kind.PIP: {"uv.lock"},
        Kind.RUST: {"Cargo.lock"},
    }.get(project.kind, set())
    if not locks or locks & inside[folder]:
        return False
    while folder:
        folder = dirname(folder)
        if locks & inside.get(folder, set()):
            return True
    return False


def _in_folder(folder: str, names: set[str], read: Read, *, tests: bool) -> Iterator[Project]:
    def at(name: str) -> str:
        return f"{folder}/{name}" if folder else name

    def project(kind: Kind, manifests: Collection[str], setup: tuple[str, ...], test: str, *tools: str) -> Project:
        return Project(kind, folder or ".", tuple(at(name) for name in sorted(manifests)), setup, test, tools)

    if python := _python(folder, names, at, read, tests=tests):
        yield project(*python)
    if "package.json" in names:
        yield project(*_node(names, _json(read(at("package.json")))))
    if "go.mod" in names:
        # Without `require` there is nothing to fetch.
        needs = re.search(rb"^\s*require\b", read(at("go.mod")), re.MULTILINE) is not None
        yield project(Kind.GO, {"go.mod"}, ("go mod download",) if needs else (), "go test ./...", "go")
    if "Cargo.toml" in names:
        yield project(*_rust(names, read(at("Cargo.toml")), read(at("Cargo.lock")) if "Cargo.lock" in names else b""))
    if "Makefile" in names and (target := _MAKE_TEST.search(read(at("Makefile")))):
        yield project(Kind.MAKE, {"Makefile"}, (), f"make {target[1].decode()}", "make")


_Parts = tuple[Kind, set[str], tuple[str, ...], str, str]


def _python(folder: str, names: set[str], at: Callable[[str], str], read: Read, *, tests: bool) -> _Parts | None:
    manifests = {n for n in names if n in ("pyproject.toml", "setup.py", "setup.cfg") or _REQUIREMENTS.fullmatch(n)}
    if not manifests:
        return None
    pyproject = _toml(read(at("pyproject.toml"))) if "pyproject.toml" in names else {}
    tool = pyproject.get("tool")
    if "uv.lock" in names:
        return (
            Kind.UV,
            {"pyproject.toml", "uv.lock"},
            ("uv sync --frozen",),
            "uv run --no-sync pytest" if tests else "",
            "uv",
        )
    if isinstance(tool, dict) and "poetry" in tool:
        test = "poetry run pytest" if tests else ""
        return Kind.POETRY, {"pyproject.toml"}, ("poetry install --no-interaction",), test, "poetry"
    test = "python -m pytest" if tests else ""
    if not folder:
        # Packages that the root's manifests name are installed from wheels, without executing anything.
        return Kind.PIP, manifests, (), test, "python3"
    wanted = "".join(f" -r {name}" for name in sorted(manifests) if name.endswith(".txt")) or " -e ."
    setup = ("python3 -m venv .venv", f".venv/bin/python -m pip install{wanted} pytest")
    return Kind.PIP, manifests, setup, ".venv/bin/python -m pytest" if tests else "", "python3"


def _node(names: set[str], package: Mapping[str, object]) -> _Parts:
    scripts = package.get("scripts")
    said = scripts.get("test") if isinstance(scripts, dict) else None
    tests = isinstance(said, str) and "no test specified" not in said
    needs = any(package.get(key) for key in ("dependencies", "devDependencies", "optionalDependencies", "workspaces"))
    if "pnpm-lock.yaml" in names:
        setup = ("pnpm install --frozen-lockfile",) if needs else ()
        return Kind.PNPM, {"package.json", "pnpm-lock.yaml"}, setup, "pnpm test" if tests else "", "pnpm"
    locks = {"package-lock.json", "npm-shrinkwrap.json"} & names
    setup = (("npm ci",) if locks else ("npm install",)) if needs else ()
    return Kind.NPM, {"package.json", *locks}, setup, "npm test" if tests else "", "npm"


def _rust(names: set[str], manifest: bytes, lock: bytes) -> _Parts:
    table = _toml(manifest)
    fetched = b"\nsource = " in lock
    named = any(table.get(key) for key in ("dependencies", "dev-dependencies", "build-dependencies", "workspace"))
    locked = "Cargo.lock" in names
    needs = fetched if locked else named
    setup = ("cargo fetch --locked" if locked else "cargo fetch",) if needs else ()
    return Kind.RUST, {"Cargo.toml", "Cargo.lock"} & names, setup, "cargo test", "cargo"


def _json(content: bytes) -> Mapping[str, object]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _toml(content: bytes) -> Mapping[str, object]:
    try:
        return tomllib.loads(content.decode("utf-8", "replace"))
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}
