"""Red only because a name is missing, in the words of each language."""

import pytest

from bot.core.proofs.missing import Language, Missing, StandIn, in_words, only_missing, stand_ins
from bot.core.proofs.model import Executed
from tests.core.proofs.builders import errored, failed, passed, ran


def missing(*messages: str) -> Missing | None:
    return only_missing(
        ran(1, tuple(test for i, text in enumerate(messages) for test in failed(f"t{i}", message=text)))
    )


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("ImportError: cannot import name 'cut' from 'text' (/ws/text.py)", "text:cut"),
        (
            "ImportError: cannot import name 'cut' from partially initialized module 'a.text' (most likely)",
            "a.text:cut",
        ),
        ("ModuleNotFoundError: No module named 'text.new'", "text.new:"),
        ("ModuleNotFoundError: No module named 'text.new'; 'text' is not a package", "text.new:"),
        ("AttributeError: module 'text' has no attribute 'cut'", "text:cut"),
        ("AttributeError: module 'text' has no attribute 'cut'. Did you mean: 'cute'?", "text:cut"),
        ("AttributeError: 'Text' object has no attribute 'cut'", "@Text.cut"),
        ("AttributeError: type object 'Text' has no attribute 'cut'", "@Text.cut"),
        ("NameError: name 'cut' is not defined", "!cut"),
        ("Traceback (most recent call last):\n  File\nNameError: name 'cut' is not defined", "!cut"),
    ],
)
def test_python(message: str, name: str) -> None:
    assert missing(message) == Missing(Language.PYTHON, frozenset({name}))


@pytest.mark.parametrize(
    ("message", "language", "name"),
    [
        ("undefined: Cut", Language.GO, "Cut"),
        ("unresolved import `text::cut`", Language.RUST, "text::cut"),
        ("cannot find function `cut` in crate `text`", Language.RUST, "cut"),
        ("TypeError: (0 , text.cut) is not a function", Language.JAVASCRIPT, "text.cut"),
        ("TypeError: text.cut is not a function\n    at x", Language.JAVASCRIPT, "text.cut"),
        ("ReferenceError: cut is not defined", Language.JAVASCRIPT, "cut"),
        ("SyntaxError: The requested module './t.mjs' does not provide an export named 'cut'", Language.JAVASCRIPT, "cut"),
        ("Error: Cannot find module './text'", Language.JAVASCRIPT, "./text"),
        ("Error [ERR_MODULE_NOT_FOUND]: Cannot find module '/ws/t.mjs' imported from /ws/a.mjs", Language.JAVASCRIPT, "/ws/t.mjs"),
        ("SyntaxError: Named export 'cut' not found. The requested module './t.cjs' is a CommonJS module", Language.JAVASCRIPT, "cut"),
    ],
)  # fmt: skip
def test_other_languages(message: str, language: Language, name: str) -> None:
    assert missing(message) == Missing(language, frozenset({name}))


@pytest.mark.parametrize(
    "message",
    ["AssertionError: assert 1 == 2", "", "SyntaxError: invalid syntax", "KeyError: 'name'", "ImportError: no"],
)
def test_another_failure_is_right_red_already(message: str) -> None:
    assert missing(message) is None
    assert missing("NameError: name 'cut' is not defined", message) is None


def test_nothing_is_missing_where_nothing_failed() -> None:
    assert only_missing(None) is None
    assert only_missing(ran(0, passed("a"))) is None
    assert only_missing(ran(None)) is None


def test_a_plain_command_speaks_with_its_last_line() -> None:
    run: Executed = ran(1, output="Traceback\nAttributeError: module 'text' has no attribute 'cut'\n")
    assert only_missing(run) == Missing(Language.PYTHON, frozenset({"text:cut"}))
    assert only_missing(ran(1, output="no\n")) is None


def test_a_node_that_fell_speaks_before_its_version() -> None:
    said = "node:internal/x:1\n\nTypeError: text.cut is not a function\n    at [eval]:1:6\n\nNode.js v20.20.2\n"
    found = only_missing(ran(1, output=said))
    assert found == Missing(Language.JAVASCRIPT, frozenset({"text.cut"}))
    assert stand_ins(StandIn.NOTHING, found) == ("nothing", "js:text.cut")
    assert only_missing(ran(1, output="Error: text.cut is not a function?\nNode.js v20\n")) is not None
    assert only_missing(ran(1, output="text.cut is not a function\n[AssertionError]\nNode.js v20\n")) is None


def test_hostile_words_become_no_names() -> None:
    for name in ("x y", "x;rm", "a" * 500, "\u202ex", "x\nSPECBOT"):
        assert missing(f"NameError: name '{name}' is not defined") is None


def test_several_names_together() -> None:
    found = missing("NameError: name 'b' is not defined", "ImportError: cannot import name 'cut' from 'text'")
    assert found is not None
    assert stand_ins(StandIn.RAISES, found) == ("raises", "!b", "text:cut")
    assert in_words(found) == "`b`, `text.cut`"
    assert only_missing(ran(2, errored("t.py", "ModuleNotFoundError: No module named 'text'"))) == Missing(
        Language.PYTHON, frozenset({"text:"})
    )
