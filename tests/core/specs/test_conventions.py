"""How a repository is tested is told by its files; hostile ones say nothing, and never raise."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.conventions import MANIFESTS, MAX_MANIFEST, Conventions, Suite, conventions, project_folder, samples
from bot.core.specs.tree import TreePaths


def told(*paths: str, protected: tuple[str, ...] = (), **manifests: str | bytes) -> Conventions:
    """What a repository says: its paths, and the manifests with a text, `_` for the dot in their names."""
    files = {
        name.replace("_", "."): text if isinstance(text, bytes) else text.encode() for name, text in manifests.items()
    }
    return conventions(TreePaths.of((*paths, *files)), files, protected)


def script(found: Conventions) -> str:
    return found.test.script if found.test is not None else ""


PACKAGE = json.dumps({"scripts": {"test": "vitest run"}})


@pytest.mark.parametrize(
    ("found", "command"),
    [
        (told("tests/test_a.py", pyproject_toml="[project]\n[tool.pytest.ini_options]\n"), "python -m pytest -q tests"),
        (told("src/a.py", pyproject_toml="[tool.pytest]\r\n"), "python -m pytest -q"),
        (told("test/a_test.py", setup_cfg="[tool:pytest]\n"), "python -m pytest -q test"),
        (told("a.py", pytest_ini="\ufeff[pytest]\n"), "python -m pytest -q"),
        (told("a.py", tox_ini="[tox]\n[pytest]\n"), "python -m pytest -q"),
        (told("a.py", "tests/unit/test_a.py"), "python -m pytest -q tests"),
        (told("a.py", "test_a.py"), "python -m pytest -q"),
        (told("a.py", "tests/contest.py", pyproject_toml="[project]\n"), ""),
        (told(package_json=PACKAGE), "npm test"),
        (told("yarn.lock", package_json=PACKAGE), "yarn test"),
        (told("pnpm-lock.yaml", package_json=PACKAGE), "pnpm test"),
        (told("yarn.lock", package_json='{"packageManager": "pnpm@9", "scripts": {"test": "x"}}'), "pnpm test"),
        (told(package_json='{"scripts": {"test": "echo \\"Error: no test specified\\" && exit 1"}}'), ""),
        (told("test/a.test.js", package_json="{}"), "node --test"),
        (told("node_modules/x/a.test.js", package_json="{}"), ""),
        (told("go.mod", "a/a_test.go"), "go test ./..."),
        (told("Cargo.toml", "src/lib.rs"), "cargo test"),
        (told("pom.xml"), "mvn -q test"),
        (told("pom.xml", "mvnw"), "./mvnw -q test"),
        (told("build.gradle.kts", "gradlew"), "./gradlew test"),
        (told("settings.gradle"), "gradle test"),
        (told("spec/a_spec.rb", Gemfile=""), "bundle exec rspec"),
        (told(Gemfile='gem "rspec"'), "bundle exec rspec"),
        (told("Rakefile", "test/a_test.rb", Gemfile=""), "bundle exec rake test"),
        (told(Makefile="all:\n\techo test:\n# test:\ntest := 1\nlint test: all\n"), "make test"),
        (told(Makefile="all:\n\techo test:\n# test:\ntest := 1\ntest = a:b\ntests:\n"), ""),
        (told(Makefile="check:\n"), "make check"),
        (told(justfile="test:\n    x\n"), "just test"),
        (told("src/a.py", pyproject_toml='[dependency-groups]\ndev = ["pytest"]\n'), "python -m pytest -q"),
        (told("manage.py", "shop/tests.py"), "python manage.py test"),
        (told("src/a.test.ts", package_json='{"devDependencies": {"vitest": "1"}}'), "npx --no-install vitest run"),
        (told("bun.lock", package_json="{}"), "bun test"),
        (told("deno.json"), "deno test"),
        (told("mix.exs"), "mix test"),
        (told("App.sln"), "dotnet test"),
        (told(composer_json='{"scripts": {"test": "phpunit"}}'), "composer test"),
        (told("README.md"), ""),
    ],
)
def test_the_test_command_is_told_by_the_files(found: Conventions, command: str) -> None:
    assert script(found) == command
    assert found.test is None or found.test.reason


def test_only_the_root_is_asked_and_make_comes_last() -> None:
    assert script(told("web/package.json", "service/go.mod", Makefile="test:\n")) == "make test"
    assert script(told("web/package.json", "go.mod", Makefile="test:\n")) == "go test ./..."
    assert script(told("tests/test_a.py", "go.mod", package_json=PACKAGE)) == "python -m pytest -q tests"


def test_a_runner_that_takes_one_file_says_how() -> None:
    pytest_suite = told("tests/test_a.py").test
    assert pytest_suite is not None
    assert (pytest_suite.file, pytest_suite.of_file) == ("tests/test_{name}.py", "python -m pytest -q {file}")
    assert told(Makefile="test:\n").test == Suite("make test", "the `Makefile` has a target `test`")


@pytest.mark.parametrize(
    ("found", "one"),
    [
        (told("go.mod"), "go test -run '^TestCutIt$' ./..."),
        (told("Cargo.toml", "src/lib.rs"), "cargo test --test cut_it"),
        (told("Cargo.toml", "crates/a/src/lib.rs"), "cargo test cut_it"),
        (told("pom.xml"), "mvn -q test -Dtest=CutItTest"),
        (told("build.gradle", "gradlew"), "./gradlew test --tests '*CutItTest'"),
        (told("src/a.spec.ts", package_json=PACKAGE), "npm test -- src/cut_it.spec.ts"),
        (told("a.test.js", "yarn.lock", package_json='{"scripts": {"test": "jest --ci"}}'), "yarn test cut_it.test.js"),
        (told(package_json='{"scripts": {"test": "jest src && echo ok"}}'), ""),
        (told("tests/test_a.py"), "python -m pytest -q tests/test_cut_it.py"),
        (told(Makefile="test:\n"), ""),
    ],
)
def test_one_new_test_is_run_alone_where_the_runner_can(found: Conventions, one: str) -> None:
    assert found.test is not None
    assert found.test.of_one("cut-it") == one


def test_tests_of_the_standard_library_are_told_by_their_words() -> None:
    paths = ("pkg/a.py", "tests/__init__.py", "tests/test_a.py")
    assert samples(TreePaths.of(paths)) == ("tests/test_a.py",)
    own = conventions(TreePaths.of(paths), {"tests/test_a.py": b"import unittest\n"})
    assert script(own) == "python -m unittest discover -s tests -t ."
    mixed = conventions(TreePaths.of(paths), {"tests/test_a.py": b"import unittest\nimport pytest\n"})
    assert script(mixed) == "python -m pytest -q tests"


def test_where_the_root_says_nothing_the_project_below_speaks() -> None:
    two = TreePaths.of(
        ("api/pyproject.toml", "api/src/a.py", "api/tests/test_a.py", "web/package.json", "docs/a/go.mod")
    )
    assert (project_folder(two), project_folder(two, "api/src"), project_folder(two, "apixx")) == ("", "api", "")
    assert project_folder(TreePaths.of(("a {b}/go.mod", "vendor/x/go.mod", ".x/go.mod"))) == "a {b}"
    found = conventions(two, {}, (), "api")
    assert found.test is not None
    assert found.test.script == "cd api && python -m pytest -q tests"
    assert found.test.of_one("cut-it") == "cd api && python -m pytest -q tests/test_cut_it.py"
    assert found.scope == ("api/src/**", "api/tests/**")
    braces = conventions(TreePaths.of(("a {b}/go.mod",)), {}, (), "a {b}").test
    assert braces is not None
    assert braces.of_one("x") == "cd 'a {b}' && go test -run '^TestX$' ./..."


@pytest.mark.parametrize(
    ("found", "sources", "tests"),
    [
        (told("src/a.py", "docs/conf.py", "tests/test_a.py"), ("src/**",), ("tests/**",)),
        (told("text/__init__.py", "tools/a.py", "test/a.py"), ("text/**",), ("test/**",)),
        (told("greeting/hello.go", "docs/a.md", ".hidden/a.go"), ("greeting/**",), ()),
        (told("cut.py", "setup.py", "go.go", "test_cut.py"), ("*.go", "*.py"), ()),
        (told("a.py", "lib/a.rb", "spec/a_spec.rb", "specs/0001-a.md"), ("lib/**",), ("spec/**",)),
        (told(*(f"part{n}/a.py" for n in range(9))), (), ()),
        (told("README.md", "src/readme.txt", "tests/data.txt"), (), ()),
        (told("a b/a.py", "c[d]/a.py", "!e/a.py", "f\u200b/a.py", "漢字/a.py"), ("漢字/**",), ()),
        (told("src/a.py", "tests/a.py", protected=("/src/", "x")), (), ("tests/**",)),
    ],
)
def test_the_scope_is_where_the_code_lies(found: Conventions, sources: tuple[str, ...], tests: tuple[str, ...]) -> None:
    assert (found.sources, found.tests) == (sources, tests)
    assert found.scope == (*sources, *tests)


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"\xff\xfe{",
        b"[" * 200_000,
        b'{"a":' * 200_000,
        b'{"scripts": []}',
        b'{"scripts": {"test": 1}}',
        b'{"scripts": {"test": " "}}',
        b"[]",
        b"1" * 200_000,
        b'{"packageManager": {}, "scripts": {"test": null}}',
    ],
)
def test_a_broken_manifest_says_nothing(broken: bytes) -> None:
    assert told(package_json=broken).test is None
    assert script(told("go.mod", package_json=broken, pyproject_toml=broken, Makefile=broken)) == "go test ./..."


names = st.sampled_from(
    ["src", "tests", "test", "spec", "a.py", "test_a.py", "a.test.js", "go.mod", ".x", "*", *MANIFESTS]
)
paths = st.lists(names | st.text(st.characters(exclude_characters="/"), min_size=1, max_size=5), min_size=1, max_size=4)


@given(
    st.lists(paths.map("/".join), max_size=20),
    st.dictionaries(st.sampled_from(MANIFESTS), st.binary(max_size=50) | st.just(b"test:")),
)
def test_any_repository_has_conventions(tree: list[str], manifests: dict[str, bytes]) -> None:
    found = conventions(TreePaths.of((*tree, *manifests)), manifests, RepositoryConfig().protected)
    assert found.test is None or found.test.script
    assert all(pattern.endswith("/**") or pattern.startswith("*.") for pattern in found.scope)


def test_large_repositories_and_manifests_are_read() -> None:
    """In less than a second; what grew with the square of the text would end at the time limit of all tests."""
    tree = TreePaths.of(f"part{n % 5}/{n}/{'_test' * 20}/x{n}.py" for n in range(50_000))
    text = b"[tool.pyte\n" + b"[ " * MAX_MANIFEST
    manifests = {"pyproject.toml": text, "Makefile": b"a: " * MAX_MANIFEST, "package.json": b"[1," * MAX_MANIFEST}
    assert conventions(tree, manifests).test is None
