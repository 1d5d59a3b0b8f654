"""Names of criteria: bare where one spec is meant, else with what tells the specs apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.specs.naming import bare, meant_by, short_name, shortest_paths
from bot.ids import CriterionId, criterion_name

ONE = criterion_name("specs/0001-cut.md", CriterionId("AC-1"))
TWIN = criterion_name("specs/0001-cut.md", CriterionId("AC-2"))
OTHER = criterion_name("docs/specs/0001-cut.md", CriterionId("AC-1"))
KIRO = criterion_name(".kiro/specs/cut", CriterionId("1.2"))


def test_one_spec_needs_no_path() -> None:
    assert short_name(ONE, ["specs/0001-cut.md"]) == "AC-1"
    assert short_name(ONE, []) == "AC-1"


def test_several_specs_are_told_apart_by_as_little_as_possible() -> None:
    specs = ["specs/0001-cut.md", ".kiro/specs/cut"]
    assert [short_name(name, specs) for name in (ONE, KIRO)] == ["0001-cut.md#AC-1", "cut#1.2"]
    specs = ["specs/0001-cut.md", "docs/specs/0001-cut.md"]
    assert [short_name(name, specs) for name in (ONE, OTHER)] == [
        "specs/0001-cut.md#AC-1",
        "docs/specs/0001-cut.md#AC-1",
    ]


def test_what_people_write_is_found() -> None:
    names = [ONE, TWIN, OTHER, KIRO]
    assert meant_by("ac-2", names) == (TWIN,)
    assert meant_by("AC-1", names) == (ONE, OTHER), "ambiguous"
    assert meant_by(ONE, names) == (ONE,), "a full name is exact, although another one ends in it"
    assert meant_by("0001-cut.md#AC-2", names) == (TWIN,)
    assert meant_by("cut#1.2", names) == (KIRO,)
    assert meant_by("md#AC-2", names) == (), "a name is never cut inside a part"
    assert meant_by("", names) == ()
    assert meant_by("“cut#1.2”", names) == meant_by("'1.2',", names) == (KIRO,)
    assert meant_by("#", names) == ()


@pytest.mark.parametrize(
    "written",
    ["`AC-2`", "**AC-2**", "AC-2,", "#AC-2", "`0001-cut.md#AC-2`:", "0001-cut#ac-2", "./specs/0001-cut.md#AC-2", "/specs/0001-cut#AC-2"],
)  # fmt: skip
def test_what_is_copied_with_its_marks_is_found(written: str) -> None:
    assert meant_by(written, [ONE, TWIN, OTHER, KIRO]) == (TWIN,)
    assert len(meant_by("`AC-1`", [ONE, TWIN, OTHER, KIRO])) == 2, "still ambiguous"


paths = st.lists(st.text("ab/.", min_size=1, max_size=6), min_size=1, max_size=6, unique=True)


@given(paths)
def test_short_paths_are_ends_of_their_paths_and_unique(found: list[str]) -> None:
    short = shortest_paths(found)
    assert short.keys() == set(found)
    assert len(set(short.values())) == len(found)
    assert all(path == tail or path.endswith(f"/{tail}") for path, tail in short.items())


@given(paths)
def test_a_short_name_finds_its_criterion(found: list[str]) -> None:
    names = [criterion_name(path, CriterionId("AC-1")) for path in found]
    for name in names:
        assert name in meant_by(short_name(name, found), names) or bare(name) == short_name(name, found)
