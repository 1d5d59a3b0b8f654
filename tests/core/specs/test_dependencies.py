"""What a spec depends on is in force before anybody starts on it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.specs.dependencies import circle, unmet
from bot.core.specs.model import Spec, Status
from bot.ids import Digest

READY = Spec("specs/a.md", "A", Status.READY, Digest("a"), "", depends=("specs/b.md",))
OTHER = Spec("specs/b.md", "B", Status.READY, Digest("b"), "")
DRAFT = replace(OTHER, status=Status.DRAFT)


def reasons(specs: list[Spec], base: Spec | None) -> list[str]:
    return [one.reason for one in unmet(specs, {"specs/b.md": base})]


@pytest.mark.parametrize(
    ("here", "base", "reason"),
    [
        ([READY], OTHER, ""),
        ([READY, OTHER], None, ""),
        ([READY, DRAFT], OTHER, "it is a draft in this pull request"),
        ([READY], None, "it is not merged into the base this branch stands on"),
        ([READY], DRAFT, "it is a draft on the base"),
        ([READY, DRAFT], None, "it is a draft in this pull request"),
        ([replace(READY, status=Status.DRAFT)], None, ""),
        ([replace(READY, depends=("specs/a.md",))], None, ""),
    ],
)
def test_met_and_unmet(here: list[Spec], base: Spec | None, reason: str) -> None:
    assert reasons(here, base) == ([reason] if reason else [])


def test_what_the_pull_request_takes_out_is_not_met() -> None:
    (one,) = unmet([READY], {"specs/b.md": OTHER}, ["specs/b.md"])
    assert one.reason == "this pull request takes it out"
    folder = replace(READY, depends=("specs/001-b/spec.md",))
    (one,) = unmet([folder], {"specs/001-b/spec.md": OTHER}, ["specs/001-b"])
    assert one.reason == "this pull request takes it out"


def test_a_folder_is_named_by_any_of_its_files() -> None:
    folder = replace(OTHER, path="specs/001-b")
    for named in ("specs/001-b", "specs/001-b/spec.md"):
        assert unmet([replace(READY, depends=(named,)), folder], {}) == ()


def test_a_circle_is_found_by_those_that_stand_in_it() -> None:
    depends = {"a": ["b"], "b": ["c"], "c": ["b", "a"], "d": ["a"]}
    assert circle("b", depends) == ("b", "c")
    assert circle("a", depends) == ("a", "b", "c")
    assert circle("d", depends) == ()
    assert circle("a", {"a": ["a"]}) == ("a",)
    assert circle("a", {"a": ["b"], "b": ["elsewhere"]}) == ()


graphs = st.dictionaries(st.sampled_from("abcdef"), st.sets(st.sampled_from("abcdefx")))


@given(graphs, st.sampled_from("abcdef"))
def test_a_circle_is_one_and_there_is_none_without(graph: dict[str, set[str]], start: str) -> None:
    found = circle(start, graph)
    for one, following in zip(found, (*found[1:], *found[:1]), strict=True):
        assert following in graph[one]
    reached: set[str] = set()
    todo = set(graph.get(start, ()))
    while todo:
        reached |= todo
        todo = {other for path in todo for other in graph.get(path, ())} - reached
    assert (found[:1] == (start,)) is (start in reached)
