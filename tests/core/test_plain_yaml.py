"""Any text as YAML reads back the same, and an ordinary one needs no quotes."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.located_yaml import read_yaml
from bot.core.plain_yaml import entry, number, scalar
from tests.core.specs.spec_models import YAML_WORDS

texts = (
    st.sampled_from(YAML_WORDS)
    | st.text(max_size=20)
    | st.tuples(st.sampled_from(YAML_WORDS), st.sampled_from(YAML_WORDS)).map("".join)
)


def value(text: str) -> object:
    document, faults = read_yaml(text)
    assert document is not None, faults
    return document.value["k"]


@given(texts)
def test_any_text_is_read_back(text: str) -> None:
    assert value(f"k: {scalar(text)}\n") == text
    assert value(f"k: [{scalar(text, flow=True)}]\n") == [text]


@given(st.lists(texts.filter(bool), min_size=1, max_size=4))
@example(["a\n---\nb", "c"])
def test_any_list_is_read_back(words: list[str]) -> None:
    lines = entry("k", words)
    assert value("\n".join(lines) + "\n") == words
    assert all(line.startswith("  ") or not line for line in lines[1:]), "no line looks like the end of a front matter"


@pytest.mark.parametrize("text", ["src/**", "python -m pytest -q", "go test ./...", "Überall", "specs/0001-a.md"])
def test_ordinary_words_stand_without_quotes(text: str) -> None:
    assert scalar(text) == scalar(text, flow=True) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("*.py", '"*.py"'),
        ("yes", '"yes"'),
        ("a: b", '"a: b"'),
        ("python -c \"print('a')\"", "python -c \"print('a')\""),
        ('"a" \\ b', "'\"a\" \\ b'"),
        ("a\u200b", '"a\\u200B"'),
        ("漢字", "漢字"),
    ],
)
def test_others_in_the_quotes_that_read_best(text: str, written: str) -> None:
    assert scalar(text) == written


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers())
@example(10**5_000)
@example(1e16)
@example(-0.0)
def test_any_number_is_read_back(wanted: float) -> None:
    read = value(f"k: {number(wanted)}\n")
    assert isinstance(read, int | float)
    assert read == wanted


def test_numbers_are_written_as_people_do() -> None:
    assert [number(n) for n in (2.5, 30, 30.0, 0.1, 1e-7, 1e300)] == ["2.5", "30", "30", "0.1", "1.0e-07", "1.0e+300"]
