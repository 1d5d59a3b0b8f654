"""YAML from strangers: refused tricks, located faults, nothing that grows."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.located_yaml import MAX_NODES, read_yaml
from bot.core.yaml_models import Strict, Strings, validate


class Inner(Strict):
    size: int = 1


class Model(Strict):
    names: Strings = ()
    inner: Inner = Inner()
    flag: bool = False


def fault(text: str) -> tuple[int, int, str]:
    document, faults = read_yaml(text)
    assert document is None
    assert len(faults) == 1
    return faults[0].line, faults[0].column, faults[0].message


def test_places_count_from_the_given_line() -> None:
    document, faults = read_yaml("names:\n  - a\n  - b\ninner: {size: 2}\n", first_line=5)
    assert faults == ()
    assert document is not None
    assert document.value == {"names": ["a", "b"], "inner": {"size": 2}}
    assert document.place(("names",)) == (5, 1)
    assert document.place(("names", 1)) == (7, 5)
    assert document.place(("inner", "size")) == (8, 9)
    assert document.place(("inner", "nothing", 3)) == (8, 1)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: &x 1\nb: *x\n", 1, "Anchors"),
        ("a: 1\nb: *x\n", 2, "aliases"),
        ("a: !!python/name:os.system x\n", 1, "Tags"),
        ("a: 1\na: 2\n", 2, "twice"),
        ("a: [1\n", 2, "not YAML"),
        ("a: 'x\n", 2, "not YAML"),
        ("[1, 2]", 1, "key: value"),
        ("a: 1\n---\nb: 2\n", 2, "second"),
        ("? [x]\n: 1\n", 1, "plain word"),
        ("a: 2001-99-99", 1, "cannot be read"),
        ("a: " + "9" * 5_000, 1, "cannot be read"),
        ("a: 1\nb: \x01", 2, "control"),
        ("a: " + "[" * 20, 1, "deeper"),
        ("a: **/x", 1, "not YAML"),
        ("\ta: 1", 1, "not YAML"),
    ],
)
def test_what_is_refused_is_located(text: str, line: int, words: str) -> None:
    found_line, _, message = fault(text)
    assert found_line == line
    assert words in message


def test_an_unquoted_star_gets_the_right_hint() -> None:
    _, faults = read_yaml("scope: [**/x]")
    assert "quotes" in faults[0].hint


def test_too_many_values_stop_early() -> None:
    started = time.perf_counter()
    assert f"{MAX_NODES}" in fault("a: [" + "1," * 500_000 + "]")[2]
    assert "deeper" in fault("a: " + "[" * 1_000_000)[2]
    assert time.perf_counter() - started < 5


def test_every_fault_is_named_and_the_rest_still_counts() -> None:
    document, _ = read_yaml("naems: x\nnames: [a, 1]\ninner:\n  size: big\n  sise: 1\nflag: true\n")
    assert document is not None
    model, faults = validate(document, Model)
    assert [(f.line, f.unknown_key) for f in faults] == [(1, True), (2, False), (4, False), (5, True)]
    assert faults[0].hint == "Did you mean `names`?"
    assert faults[3].hint == "Did you mean `size`?"
    assert model.flag
    assert model.names == ()


def test_one_text_stands_for_a_list_of_one() -> None:
    document, _ = read_yaml("names: a")
    assert document is not None
    assert validate(document, Model)[0].names == ("a",)


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "null\n"])
def test_nothing_is_an_empty_mapping(text: str) -> None:
    document, faults = read_yaml(text)
    assert faults == ()
    assert document is not None
    assert document.value == {}


@given(st.text(max_size=80) | st.text(alphabet="a:-[]{}&*!|>'\"# \n\t?,%@`", max_size=40))
def test_any_text_is_read_or_refused_in_place(text: str) -> None:
    document, faults = read_yaml(text)
    assert (document is None) == bool(faults)
    for one in faults:
        assert 1 <= one.line <= text.count("\n") + text.count("\r") + 2
        assert one.column >= 1
    if document is not None:
        validate(document, Model)
