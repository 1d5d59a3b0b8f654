"""What runs the tests of a repository, told by the names of its files and by its manifests. Pure."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.core.specs.tree import TreePaths

MANIFESTS = (
    "pyproject.toml",
    "pytest.ini",
    "setup.cfg",
    "setup.py",
    "tox.ini",
    "requirements.txt",
    "requirements-dev.txt",
    "requirements-test.txt",
    "dev-requirements.txt",
    "test-requirements.txt",
    "Pipfile",
    "package.json",
    "composer.json",
    "deno.json",
    "Gemfile",
    "justfile",
    "GNUmakefile",
    "makefile",
    "Makefile",
)
"""The files whose content is asked, when they stand at the root."""


@dataclass(frozen=True, slots=True)
class Suite:
    """The command that runs all tests of a repository, and the reason to believe so, a clause that follows “because”.

    `of_file` runs one new test alone and `file` is where its file would stand, "" where that is not known. `{name}` in them is the test's name
    with underscores, `{camel}` the same in capitals and small letters, `{file}` the file. `there`: tests stand there already.
    """

    script: str
    reason: str
    file: str = ""
    of_file: str = ""
    there: bool = True

    def of_one(self, slug: str) -> str:
        """The command for one new test that is called after `slug`, words joined by `-`; "" where none is known."""
        name = slug.replace("-", "_")
        camel = "".join(word[:1].upper() + word[1:] for word in slug.split("-"))
        file = self.file.format(name=name, camel=camel)
        return self.of_file.format(name=name, camel=camel, file=file)


@dataclass(frozen=True, slots=True)
class Repository:
    """The paths of a project, the names at its root, and the texts of its manifests and of a few tests."""

    tree: TreePaths
    root: frozenset[str]
    texts: Mapping[str, str]

    def has(self, *names: str) -> str:
        """The first of `names` that stands at the root, "" for none."""
        return next((name for name in names if name in self.root), "")

    def folder_with(self, folders: Sequence[str], name: re.Pattern[str]) -> str:
        """The first of `folders` in which a file is called like `name`, "" for none."""
        return next((f for f in folders if any(name.search(path) for path in self.tree.below(f))), "")

    def text(self, *names: str) -> str:
        """The text of the first of `names` that was read, "" for none."""
        return next((self.texts[name] for name in names if name in self.texts), "")


_PYTEST_SECTION = re.compile(r"^\[[ \t]*(?:tool\.pytest(?:\.ini_options)?|tool:pytest|pytest)[ \t]*\]", re.MULTILINE)
_PYTEST_NAMED = re.compile(r"\bpytest\b")
_PYTHON_TEST = re.compile(r"(?:^|/)(?:test_[^/]*|[^/]*_test)\.py\Z")
_PYTHON_MANIFESTS = tuple(
    name for name in MANIFESTS if name.startswith(("py", "setup", "tox", "req", "dev-", "test-", "Pip"))
)
_NODE_TEST = re.compile(r"[.-]test\.[cm]?js\Z")
_SCRIPT_TEST = re.compile(r"(?P<ending>[.-](?:test|spec)\.[cm]?[jt]sx?)\Z")
_ONE_FILE_RUNNER = re.compile(
    r"(?:[A-Z_]+=\S+ )*(?:npx )?(?:jest|vitest(?: run)?|mocha|ava|tap|node --test)(?: --?[\w-]+(?:=\S+)?)*"
)
"""Scripts of package.json to which a test file can be added: a runner, options, and no paths of its own."""

_RUNNERS_OF_NODE = {"vitest": "vitest run", "jest": "jest", "mocha": "mocha"}
_RUBY_SPEC = re.compile(r"_spec\.rb\Z")
_RUBY_TEST = re.compile(r"_test\.rb\Z")
_NOT_INSTALLED = frozenset({"node_modules", "vendor"})


def _pytest(repository: Repository) -> Suite | None:
    names = ("pyproject.toml", "pytest.ini", "setup.cfg", "tox.ini")
    configured = next((name for name in names if _PYTEST_SECTION.search(repository.texts.get(name, ""))), "")
    named = next((name for name in _PYTHON_MANIFESTS if _PYTEST_NAMED.search(repository.texts.get(name, ""))), "")
    folder = repository.folder_with(("tests", "test"), _PYTHON_TEST)
    alone = any(_PYTHON_TEST.search(path) for path in repository.root)
    own = bool(folder or alone) and _is_unittest(repository)
    if not (configured or named) and (own or repository.has("manage.py")):
        return _unittest(repository, folder)
    if not (configured or named or folder or alone):
        return None
    reason = f"`{configured}` configures pytest" if configured else f"`{folder or '.'}` holds tests in Python"
    there = bool(configured or folder or alone)
    reason = reason if there else f"`{named}` names pytest"
    file = "test_{name}.py" if alone and not folder else f"{folder or 'tests'}/test_{{name}}.py"
    one = "python -m pytest -q {file}"
    return Suite(f"python -m pytest -q {folder}".rstrip(), reason, file, one, there)


def _is_unittest(repository: Repository) -> bool:
    """True when the tests that were looked at are the standard library's own."""
    seen = [text for name, text in repository.texts.items() if _PYTHON_TEST.search(name)]
    return bool(seen) and all("unittest" in text and not _PYTEST_NAMED.search(text) for text in seen)


def _unittest(repository: Repository, folder: str) -> Suite:
    if repository.has("manage.py"):
        return Suite("python manage.py test", "there is a `manage.py`")
    package = f"{folder}/__init__.py" in repository.tree
    where = f" discover -s {folder}{' -t .' if package else ''}" if folder else ""
    file = f"{folder}/test_{{name}}.py" if folder else "test_{name}.py"
    reason = f"`{folder or '.'}` holds tests of `unittest`, and nothing names pytest"
    return Suite(f"python -m unittest{where}", reason, file, "python -m unittest {file}")


def _node(repository: Repository) -> Suite | None:
    package = _json_object(repository.texts.get("package.json", ""))
    scripts = package.get("scripts")
    script = scripts.get("test") if isinstance(scripts, dict) else None
    manager = _package_manager(package, repository)
    file = _script_test(repository)
    if isinstance(script, str) and script.strip() and "no test specified" not in script:
        one = _ONE_FILE_RUNNER.fullmatch(script.strip()) is not None
        between = " -- " if manager == "npm" else " "
        return Suite(
            f"{manager} test",
            "`package.json` has a script `test`",
            file if one else "",
            f"{manager} test{between}{{file}}" if one else "",
        )
    named = next((name for name in _RUNNERS_OF_NODE if name in _dependencies(package)), "")
    if named:
        run = {"pnpm": "pnpm exec", "yarn": "yarn", "bun": "bunx"}.get(manager, "npx --no-install")
        whole = f"{run} {_RUNNERS_OF_NODE[named]}"
        return Suite(whole, f"`package.json` names {named}", file, f"{whole} {{file}}")
    if manager == "bun":
        return Suite("bun test", "there is a lock file of Bun", file, "bun test {file}")
    tests = (path for path in repository.tree.paths if _NODE_TEST.search(path))
    if all(_NOT_INSTALLED.intersection(path.split("/")) for path in tests):
        return None
    return Suite("node --test", "there are `.test.js` files and no other runner", file, "node --test {file}")


def _dependencies(package: Mapping[str, object]) -> set[str]:
    kinds = (package.get(key) for key in ("dependencies", "devDependencies"))
    return {name for kind in kinds if isinstance(kind, dict) for name in kind}


def _script_test(repository: Repository) -> str:
    """Where a new test would stand: beside the first of those that are there, called like it."""
    for path in repository.tree.paths:
        found = _SCRIPT_TEST.search(path)
        if found is not None and not _NOT_INSTALLED.intersection(path.split("/")) and "{" not in path:
            folder = path.rpartition("/")[0]
            return f"{folder}/{{name}}{found['ending']}" if folder else f"{{name}}{found['ending']}"
    return "test/{name}.test.js"


def _package_manager(package: Mapping[str, object], repository: Repository) -> str:
    named = str(package.get("packageManager", "")).partition("@")[0]
    if named in ("npm", "pnpm", "yarn", "bun"):
        return named
    lock = repository.has("pnpm-lock.yaml", "yarn.lock", "bun.lock", "bun.lockb")
    return {"pnpm-lock.yaml": "pnpm", "yarn.lock": "yarn"}.get(lock, "bun" if lock else "npm")


def _json_object(text: str) -> Mapping[str, object]:
    """The object that a text holds, an empty one when it holds none."""
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _go(repository: Repository) -> Suite | None:
    if not repository.has("go.mod"):
        return None
    return Suite("go test ./...", "there is a `go.mod`", of_file="go test -run '^Test{camel}$' ./...")


def _cargo(repository: Repository) -> Suite | None:
    if not repository.has("Cargo.toml"):
        return None
    whole = any(path.startswith(("src/", "tests/")) for path in repository.tree.paths)
    one = "cargo test --test {name}" if whole else "cargo test {name}"
    return Suite("cargo test", "there is a `Cargo.toml`", "tests/{name}.rs" if whole else "", one)


def _maven(repository: Repository) -> Suite | None:
    if not repository.has("pom.xml"):
        return None
    script = f"{'./mvnw' if repository.has('mvnw') else 'mvn'} -q test"
    return Suite(script, "there is a `pom.xml`", of_file=f"{script} -Dtest={{camel}}Test")


def _gradle(repository: Repository) -> Suite | None:
    build = repository.has("build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts")
    if not build:
        return None
    script = f"{'./gradlew' if repository.has('gradlew') else 'gradle'} test"
    return Suite(script, f"there is a `{build}`", of_file=f"{script} --tests '*{{camel}}Test'")


def _ruby(repository: Repository) -> Suite | None:
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


def _others(repository: Repository) -> Suite | None:
    scripts = _json_object(repository.texts.get("composer.json", "")).get("scripts")
    if isinstance(scripts, dict) and "test" in scripts:
        return Suite("composer test", "`composer.json` has a script `test`")
    if repository.has("mix.exs"):
        return Suite("mix test", "there is a `mix.exs`", "test/{name}_test.exs", "mix test {file}")
    if repository.has("deno.json", "deno.jsonc"):
        return Suite("deno test", f"there is a `{repository.has('deno.json', 'deno.jsonc')}`")
    solution = min((name for name in repository.root if name.endswith((".sln", ".csproj", ".fsproj"))), default="")
    return Suite("dotnet test", f"there is a `{solution}`") if solution else None


def _make(repository: Repository) -> Suite | None:
    name = next((name for name in ("GNUmakefile", "makefile", "Makefile") if name in repository.texts), "")
    for target in ("test", "check"):
        if any(_is_target(line, target) for line in repository.texts.get(name, "").split("\n")):
            return Suite(f"make {target}", f"the `{name}` has a target `{target}`")
    if any(_is_target(line, "test") for line in repository.texts.get("justfile", "").split("\n")):
        return Suite("just test", "the `justfile` has a recipe `test`")
    return None


def _is_target(line: str, target: str) -> bool:
    targets, colon, rest = line.partition(":")
    is_rule = bool(colon) and line[:1] not in " \t#" and "=" not in targets and not rest.startswith("=")
    return is_rule and target in targets.split()


RUNNERS: tuple[Callable[[Repository], Suite | None], ...] = (
    _pytest,
    _node,
    _go,
    _cargo,
    _maven,
    _gradle,
    _ruby,
    _others,
    _make,
)
"""In the order in which they are asked; the first that finds something is believed."""
