"""The trusted files are those of the starting head, whatever an implementer did to them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ports.git import TreeEntry
from bot.core.proofs.trusted import Overlay, meant_to_go, overlay, trusted_paths
from bot.errors import ConfigFault

TRUSTED = trusted_paths()


def entries(files: dict[str, str], mode: str = "100644") -> list[TreeEntry]:
    return [TreeEntry(path, mode, blob, len(blob)) for path, blob in sorted(files.items())]


def applied(files: list[TreeEntry], laid: Overlay) -> dict[str, tuple[str, str]]:
    """What `Git.with_files` makes of it."""
    result = {entry.path: (entry.mode, entry.blob) for entry in files if entry.path not in laid.drop}
    return result | {path: (entry.mode, entry.blob) for path, entry in laid.put.items()}


@pytest.mark.parametrize(
    "path",
    [
        "tests/test_a.py", "tests/data/x.json", "test/a.py", "pkg/tests/a.py", "pkg/test_a.py", "a_test.py", "conftest.py",
        "pkg/conftest.py", "pytest.ini", ".pytest.ini", "tox.ini", "setup.cfg", "pyproject.toml", "sub/pyproject.toml",
        ".coveragerc", "noxfile.py", "sitecustomize.py", "src/usercustomize.py", "x.pth", "x.dist-info/entry_points.txt", "web/__tests__/a.js", "a.test.ts",
        "pytest.py", "pytest/__init__.py", "_pytest/main.py", "pluggy/__init__.py", "specbot_pytest.py", "src/pytest.py",
    ],
)  # fmt: skip
def test_tests_and_what_steers_them_are_trusted(path: str) -> None:
    assert TRUSTED.covers(path)


@pytest.mark.parametrize(
    "path",
    ["text/cut.py", "testing/a.py", "src/test/a.py", "contest.py", "README.md", "pkg/pytest.py", "latest.py", "tests"],
)
def test_product_code_is_not(path: str) -> None:
    assert not TRUSTED.covers(path)


def test_a_repository_may_add_and_take_back() -> None:
    own = trusted_paths(["golden/**", "!tests/fixtures/**", "!noxfile.py"])
    assert own.covers("golden/a.txt")
    assert not own.covers("tests/fixtures/a.txt")
    assert not own.covers("noxfile.py")
    assert own.covers("tests/test_a.py")


def test_an_unreadable_pattern_is_a_fault_and_never_falls_away() -> None:
    with pytest.raises(ConfigFault, match="cannot be read"):
        trusted_paths(["tests/[a"])


def test_changed_ones_are_put_back_deleted_restored_added_dropped() -> None:
    head = entries({"tests/test_a.py": "1", "tests/test_b.py": "2", "conftest.py": "3", "text/cut.py": "4"})
    candidate = entries({"tests/test_a.py": "X", "tests/test_c.py": "5", "conftest.py": "3", "text/cut.py": "6"})
    laid = overlay(head, candidate, TRUSTED)
    assert sorted(laid.put) == ["tests/test_a.py", "tests/test_b.py"]
    assert laid.drop == ("tests/test_c.py",)
    assert applied(candidate, laid) == {
        "tests/test_a.py": ("100644", "1"),
        "tests/test_b.py": ("100644", "2"),
        "conftest.py": ("100644", "3"),
        "text/cut.py": ("100644", "6"),
    }


def test_a_changed_mode_is_a_change() -> None:
    laid = overlay(entries({"tests/run.py": "1"}), entries({"tests/run.py": "1"}, "120000"), TRUSTED)
    assert laid.put["tests/run.py"].mode == "100644"


def test_the_base_gets_the_tests_that_came_with_the_pull_request() -> None:
    head = entries({"tests/test_new.py": "1", "pyproject.toml": "2"})
    base = entries({"pyproject.toml": "0", "tests/test_dropped_by_a_person.py": "3"})
    assert applied(base, overlay(head, base, TRUSTED)) == {
        "tests/test_new.py": ("100644", "1"),
        "pyproject.toml": ("100644", "2"),
    }


def test_nothing_may_stand_in_the_way_of_a_trusted_file() -> None:
    head = entries({"tests/test_a.py": "1", "conftest.py": "2"})
    link = [TreeEntry("tests", "120000", "L", 1), *entries({"conftest.py/x": "9", "conftest.py/y/z": "9"})]
    laid = overlay(head, link, TRUSTED)
    assert set(laid.drop) == {"tests", "conftest.py/x", "conftest.py/y/z"}
    assert applied(link, laid) == {"tests/test_a.py": ("100644", "1"), "conftest.py": ("100644", "2")}


def test_equal_trees_need_nothing() -> None:
    files = entries({"tests/test_a.py": "1", "a.py": "2"})
    assert overlay(files, files, TRUSTED).changes_nothing


PATHS = st.sampled_from(
    [
        "tests/test_a.py",
        "tests/b/c.py",
        "tests",
        "conftest.py",
        "a.py",
        "pkg/a.py",
        "pkg/test_x.py",
        "pytest.py",
        "x.pth",
    ]
)
FILES = st.dictionaries(PATHS, st.sampled_from(["1", "2"])).filter(
    lambda files: not any(path.startswith(other + "/") for path in files for other in files)
)


@given(FILES, FILES)
def test_after_the_overlay_the_trusted_files_are_the_heads_and_the_rest_is_untouched(
    head: dict[str, str], candidate: dict[str, str]
) -> None:
    result = applied(entries(candidate), overlay(entries(head), entries(candidate), TRUSTED))
    trusted = {path: blob for path, (_, blob) in result.items() if TRUSTED.covers(path)}
    assert trusted == {path: blob for path, blob in head.items() if TRUSTED.covers(path)}
    assert not any(path.startswith(other + "/") for path in result for other in result)
    for path, blob in candidate.items():
        blocked = any(other.startswith(path + "/") for other in trusted)
        if not TRUSTED.covers(path) and not blocked:
            assert result[path] == ("100644", blob)


def test_what_the_specs_remove_and_the_candidate_has_not_any_more_is_put_back_nowhere() -> None:
    head = entries({"tests/test_a.py": "1", "tests/old/test_b.py": "2", "tests/old/test_c.py": "3", "conftest.py": "4"})
    candidate = entries({"tests/old/test_c.py": "X"})
    gone = meant_to_go(head, candidate, TRUSTED, ["tests/old/**", "conftest.py", "[a"])
    assert gone == {"tests/old/test_b.py"}, "what is still there is as it was, and runner configuration is no test"
    laid = {path: blob for path, (_, blob) in applied(candidate, overlay(head, candidate, TRUSTED, gone=gone)).items()}
    assert laid == {"tests/test_a.py": "1", "tests/old/test_c.py": "3", "conftest.py": "4"}
    assert overlay(head, head, TRUSTED, gone=gone).drop == ("tests/old/test_b.py",), "the base has it no more either"
