"""How a repository is tested and where its code lies, told by the names of its files and a few manifests at its root. Pure.

Only the root is asked: in a repository of several projects the one at the root speaks for all. A `Makefile` speaks last: its `test` mostly
calls what the other files say already, and often installs things first, for which a proof has no network.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.core.patterns import readable_patterns
from bot.core.specs.invisible import remove_invisible
from bot.core.specs.rules.patterns import example
from bot.core.specs.source import Files
from bot.core.specs.tree import TreePaths

MANIFESTS = (
    "pyproject.toml",
    "pytest.ini",
    "setup.cfg",
    "tox.ini",
    "package.json",
    "Gemfile",
    "GNUmakefile",
    "makefile",
    "Makefile",
)
"""The files whose content is asked, when they stand at the root."""

MAX_MANIFEST = 262_144
"""256 KiB of a manifest are read; honest ones have ten, and what is cut off is only not found."""

MAX_FOLDERS = 6
"""Source folders named in a scope. Where there are more, the author knows better which of them are meant."""


@dataclass(frozen=True, slots=True)
class Suite:
    """The command that runs all tests of a repository, and the reason to believe so, a clause that follows “because”.

    `of_file` runs one test file alone and `file` is where a new one would stand, both with `{name}` for its name; "" where that is not known.
    """

    script: str
    reason: str
    file: str = ""
    of_file: str = ""


@dataclass(frozen=True, slots=True)
class Conventions:
    """`test` is None where no test command was found. `sources` and `tests` are gitignore patterns of folders that are there."""

    test: Suite | None
    sources: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()

    @property
    def scope(self) -> tuple[str, ...]:
        """What an agent would write: code and its tests."""
        return tuple(dict.fromkeys((*self.sources, *self.tests)))


def conventions(tree: TreePaths, manifests: Files, protected: Sequence[str] = ()) -> Conventions:
    """What the files say. `manifests` holds those of `MANIFESTS` that are there; what cannot be read in them counts for nothing.

    No pattern names what `protected` (gitignore patterns) forbids to write. Never raises; takes time linear in the paths and the manifests.
    """
    texts = {name: data[:MAX_MANIFEST].decode("utf-8-sig", "replace") for name, data in manifests.items()}
    root = frozenset(path for path in tree.paths if "/" not in path)
    repository = _Repository(tree, root, texts)
    found = (runner(repository) for runner in _RUNNERS)
    test = next((command for command in found if command is not None), None)
    forbidden = readable_patterns(protected)

    def allowed(patterns: Sequence[str]) -> tuple[str, ...]:
        return tuple(pattern for pattern in patterns if not forbidden.matches(example(pattern)))

    return Conventions(test, allowed(_sources(tree)), allowed(_tests(tree)))


@dataclass(frozen=True, slots=True)
class _Repository:
    tree: TreePaths
    root: frozenset[str]
    texts: Mapping[str, str]

    def has(self, *names: str) -> str:
        """The first of `names` that stands at the root, "" for none."""
        return next((name for name in names if name in self.root), "")

    def folder_with(self, folders: Sequence[str], name: re.Pattern[str]) -> str:
        """The first of `folders` in which a file is called like `name`, "" for none."""
        return next((f for f in folders if any(name.search(path) for path in self.tree.below(f))), "")


_PYTEST_SECTION = re.compile(r"^\[[ \t]*(?:tool\.pytest(?:\.ini_options)?|tool:pytest|pytest)[ \t]*\]", re.MULTILINE)
_PYTHON_TEST = re.compile(r"(?:^|/)(?:test_[^/]*|[^/]*_test)\.py\Z")
_NODE_TEST = re.compile(r"[.-]test\.[cm]?js\Z")
_RUBY_SPEC = re.compile(r"_spec\.rb\Z")
_RUBY_TEST = re.compile(r"_test\.rb\Z")
_NOT_INSTALLED = frozenset({"node_modules", "vendor"})


def _pytest(repository: _Repository) -> Suite | None:
    names = ("pyproject.toml", "pytest.ini", "setup.cfg", "tox.ini")
    configured = next((name for name in names if _PYTEST_SECTION.search(repository.texts.get(name, ""))), "")
    folder = repository.folder_with(("tests", "test"), _PYTHON_TEST)
    alone = any(_PYTHON_TEST.search(path) for path in repository.root)
    if not (configured or folder or alone):
        return None
    reason = f"`{configured}` configures pytest" if configured else f"`{folder or '.'}` holds tests in Python"
    file = f"{folder}/test_{{name}}.py" if folder else "test_{name}.py"
    return Suite(
        f"python -m pytest -q {folder}".rstrip(), reason, file if folder or alone else "", "python -m pytest -q {file}"
    )


def _node(repository: _Repository) -> Suite | None:
    package = _json_object(repository.texts.get("package.json", ""))
    scripts = package.get("scripts")
    script = scripts.get("test") if isinstance(scripts, dict) else None
    if isinstance(script, str) and script.strip() and "no test specified" not in script:
        return Suite(f"{_package_manager(package, repository)} test", "`package.json` has a script `test`")
    tests = (path for path in repository.tree.paths if _NODE_TEST.search(path))
    if all(_NOT_INSTALLED.intersection(path.split("/")) for path in tests):
        return None
    folder = repository.folder_with(("test", "tests", "src", "lib"), _NODE_TEST)
    return Suite(
        "node --test",
        "there are `.test.js` files and no other runner",
        f"{folder}/{{name}}.test.js" if folder else "",
        "node --test {file}",
    )


def _package_manager(package: Mapping[str, object], repository: _Repository) -> str:
    named = str(package.get("packageManager", "")).partition("@")[0]
    if named in ("npm", "pnpm", "yarn"):
        return named
    lock = repository.has("pnpm-lock.yaml", "yarn.lock")
    return {"pnpm-lock.yaml": "pnpm", "yarn.lock": "yarn"}.get(lock, "npm")


def _json_object(text: str) -> Mapping[str, object]:
    """The object that a text holds, an empty one when it holds none."""
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _go(repository: _Repository) -> Suite | None:
    return Suite("go test ./...", "there is a `go.mod`") if repository.has("go.mod") else None


def _cargo(repository: _Repository) -> Suite | None:
    return Suite("cargo test", "there is a `Cargo.toml`") if repository.has("Cargo.toml") else None


def _maven(repository: _Repository) -> Suite | None:
    if not repository.has("pom.xml"):
        return None
    return Suite(f"{'./mvnw' if repository.has('mvnw') else 'mvn'} -q test", "there is a `pom.xml`")


def _gradle(repository: _Repository) -> Suite | None:
    build = repository.has("build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts")
    if not build:
        return None
    return Suite(f"{'./gradlew' if repository.has('gradlew') else 'gradle'} test", f"there is a `{build}`")


def _ruby(repository: _Repository) -> Suite | None:
    if not repository.has("Gemfile"):
        return None
    specs = repository.folder_with(("spec",), _RUBY_SPEC)
    if specs or repository.has(".rspec") or "rspec" in repository.texts.get("Gemfile", ""):
        return Suite(
            "bundle exec rspec",
            "the `Gemfile` and its `spec` folder are RSpec's" if specs else "the `Gemfile` names RSpec",
            "spec/{name}_spec.rb",
            "bundle exec rspec {file}",
        )
    if repository.has("Rakefile") and repository.folder_with(("test",), _RUBY_TEST):
        return Suite("bundle exec rake test", "there are a `Rakefile` and Ruby tests in `test`")
    return None


def _make(repository: _Repository) -> Suite | None:
    name = next((name for name in ("GNUmakefile", "makefile", "Makefile") if name in repository.texts), "")
    if not any(_is_test_target(line) for line in repository.texts.get(name, "").split("\n")):
        return None
    return Suite("make test", f"the `{name}` has a target `test`")


def _is_test_target(line: str) -> bool:
    targets, colon, rest = line.partition(":")
    is_rule = bool(colon) and line[:1] not in " \t#" and "=" not in targets and not rest.startswith("=")
    return is_rule and "test" in targets.split()


_RUNNERS: tuple[Callable[[_Repository], Suite | None], ...] = (
    _pytest,
    _node,
    _go,
    _cargo,
    _maven,
    _gradle,
    _ruby,
    _make,
)
"""In the order in which they are asked; the first that finds something is believed."""

_CODE = re.compile(
    r"\.(?:py|[cm]?[jt]sx?|vue|svelte|go|rs|java|kts?|scala|rb|php|cc?|cpp|hh?|hpp|cs|swift|exs?|lua|zig|dart)\Z"
)
_USUAL = ("src", "lib", "app", "cmd", "internal", "pkg", "crates", "packages")
"""Folders whose name says that they hold the code."""

_TESTS = ("tests", "test", "__tests__", "spec")
_ASIDE = frozenset({
    "bench", "benchmarks", "bin", "build", "ci", "deploy", "dist", "doc", "docs", "example", "examples", "node_modules", "out", "scripts", "site",
    "specs", "target", "third_party", "tools", "vendor", "venv",
})  # fmt: skip
"""Folders that may hold code and are not what a spec is about."""


def _sources(tree: TreePaths) -> tuple[str, ...]:
    """Folders with the usual names and Python's packages; without those any that hold code; without any the files at the root."""
    holding = tuple(dict.fromkeys(folder for folder in _folders_with_code(tree) if _is_plain(folder)))
    named = tuple(folder for folder in holding if folder in _USUAL or f"{folder}/__init__.py" in tree)
    others = tuple(folder for folder in holding if folder not in _ASIDE)
    folders = named or others
    if len(folders) > MAX_FOLDERS:
        return ()
    if folders:
        return tuple(f"{folder}/**" for folder in folders)
    endings = sorted({match.group() for path in tree.paths if "/" not in path and (match := _CODE.search(path))})
    return tuple(f"*{ending}" for ending in endings[:MAX_FOLDERS])


def _folders_with_code(tree: TreePaths) -> Iterator[str]:
    for path in tree.paths:
        folder, slash, _ = path.partition("/")
        if slash and folder not in _TESTS and not folder.startswith(".") and _CODE.search(path):
            yield folder


def _is_plain(name: str) -> bool:
    """True for a name that is its own pattern and looks like what it is."""
    return re.fullmatch(r"[\w.-]+", name) is not None and not remove_invisible(name)[1]


def _tests(tree: TreePaths) -> tuple[str, ...]:
    return tuple(f"{folder}/**" for folder in _TESTS if any(_CODE.search(path) for path in tree.below(folder)))
