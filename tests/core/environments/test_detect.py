"""What a tree's files say of how to make it runnable."""

import pytest

from bot.core.environments.detect import detect
from bot.core.environments.kinds import Kind, Project, changed_inputs


def found(files: dict[str, str]) -> list[tuple[Kind, str, tuple[str, ...], str]]:
    projects = detect(files, lambda path: files.get(path, "").encode())
    return [(project.kind, project.path, project.setup, project.test) for project in projects]


NODE = '{"scripts": {"test": "node --test"}, "devDependencies": {"left": "1"}}'


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"uv.lock": "", "pyproject.toml": "", "tests/test_a.py": ""}, (Kind.UV, ("uv sync --frozen",), "uv run --no-sync pytest")),
        ({"pyproject.toml": "[tool.poetry]\nname = 'a'"}, (Kind.POETRY, ("poetry install --no-interaction",), "")),
        ({"requirements.txt": "a", "test_a.py": ""}, (Kind.PIP, (), "python -m pytest")),
        ({"package.json": NODE, "package-lock.json": "{}"}, (Kind.NPM, ("npm ci",), "npm test")),
        ({"package.json": NODE}, (Kind.NPM, ("npm install",), "npm test")),
        ({"package.json": '{"scripts": {"test": "echo no test specified"}}'}, (Kind.NPM, (), "")),
        ({"package.json": "[" * 100_000}, (Kind.NPM, (), "")),
        ({"package.json": '{"scripts": [], "dependencies": 0}'}, (Kind.NPM, (), "")),
        ({"package.json": NODE, "pnpm-lock.yaml": ""}, (Kind.PNPM, ("pnpm install --frozen-lockfile",), "pnpm test")),
        ({"go.mod": "module a\n\nrequire b v1.0.0\n"}, (Kind.GO, ("go mod download",), "go test ./...")),
        ({"go.mod": "module a // require nothing\n"}, (Kind.GO, (), "go test ./...")),
        ({"Cargo.toml": "[dependencies]\na = '1'"}, (Kind.RUST, ("cargo fetch",), "cargo test")),
        ({"Cargo.toml": "[package]", "Cargo.lock": '[[package]]\nname = "a"\n'}, (Kind.RUST, (), "cargo test")),
        ({"Cargo.toml": "", "Cargo.lock": '\nsource = "r"\n'}, (Kind.RUST, ("cargo fetch --locked",), "cargo test")),
        ({"Makefile": "all: a\ncheck: all\n\techo"}, (Kind.MAKE, (), "make check")),
    ],
)  # fmt: skip
def test_each_kind_is_known_by_its_files(files: dict[str, str], expected: tuple[Kind, tuple[str, ...], str]) -> None:
    kind, setup, test = expected
    assert found(files) == [(kind, ".", setup, test)]


def test_a_makefile_without_tests_is_no_project() -> None:
    assert found({"Makefile": "test := 1\nall:\n"}) == []


def test_a_monorepo_has_its_projects_in_their_folders() -> None:
    files = {
        "web/package.json": NODE,
        "web/package-lock.json": "",
        "services/api/requirements.txt": "flask",
        "cli/go.mod": "module a",
    }
    assert [(kind, path) for kind, path, _, _ in found(files)] == [
        (Kind.GO, "cli"),
        (Kind.NPM, "web"),
        (Kind.PIP, "services/api"),
    ]
    api = next(setup for _, path, setup, _ in found(files) if path == "services/api")
    assert api == ("python3 -m venv .venv", ".venv/bin/python -m pip install -r requirements.txt pytest")


def test_members_of_a_workspace_are_set_up_with_it() -> None:
    files = {
        "package.json": '{"workspaces": ["packages/*"]}',
        "package-lock.json": "",
        "packages/a/package.json": NODE,
        "packages/b/package.json": NODE,
        "packages/b/package-lock.json": "",
        "Cargo.toml": "[workspace]",
        "Cargo.lock": "",
        "crates/x/Cargo.toml": "",
    }
    assert [(kind, path) for kind, path, _, _ in found(files)] == [
        (Kind.NPM, "."),
        (Kind.RUST, "."),
        (Kind.NPM, "packages/b"),
    ]


def test_what_belongs_to_others_is_passed_over() -> None:
    files = {
        f"{folder}/package.json": NODE
        for folder in ("node_modules/a", "vendor/b", "a/testdata/c", ".hidden", "a/b/c/d/e")
    }
    assert found(files) == []


def test_manifests_are_named_with_their_folder() -> None:
    files = {"web/package.json": NODE, "web/package-lock.json": ""}
    [project] = detect(files, lambda path: files[path].encode())
    assert isinstance(project, Project)
    assert project.manifests == ("web/package-lock.json", "web/package.json")
    assert project.tools == ("npm",)


def test_changed_inputs_are_the_owners_or_the_known_ones() -> None:
    changed = ("src/a.py", "web/package-lock.json", "go.sum", "tools/versions.txt", "requirements-dev.txt")
    assert changed_inputs(changed, ()) == ("go.sum", "requirements-dev.txt", "web/package-lock.json")
    assert changed_inputs(changed, ("tools/*.txt",)) == ("tools/versions.txt",)
    assert changed_inputs((), ()) == ()
