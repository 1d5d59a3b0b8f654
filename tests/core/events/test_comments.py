"""A command is obeyed only where every reader of the comment sees it as one."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.events.comments import COMMAND_LENGTH, COMMANDS_IN_COMMENT, commands_in
from bot.core.events.model import Verb


def verbs(body: str, *, short_commands: bool = False) -> list[Verb]:
    return [typed.verb for typed in commands_in(body, short_commands=short_commands)]


@pytest.mark.parametrize(
    "body",
    [
        "/specbot stop",
        "  /specbot stop  ",
        "/specbot STOP",
        "/Specbot Stop",
        "/specbot\tstop",
        "\r\n/specbot stop\r\n",
        "Enough of this.\n\n/specbot stop",
        "Enough of this.\n/specbot stop",
        "/specbot stop\nThank you.",
        "> a quote\n\n/specbot stop",
        "<!-- hidden -->\n\n/specbot stop",
        "<details><summary>log</summary>\n\n```\nx\n```\n\n</details>\n\n/specbot stop",
        "a <br> line\n\n/specbot stop",
        "*Fine*\n/specbot stop",
        "`code\nspan`\n/specbot stop",
        "/specbot stop  \nhard break above",
    ],
)
def test_a_visible_line_of_its_own_is_a_command(body: str) -> None:
    assert verbs(body) == [Verb.STOP]


@pytest.mark.parametrize(
    "body",
    [
        "please /specbot stop",
        "/specbotstop",
        "// specbot stop",
        "@bot /specbot stop",
        "    /specbot stop",
        "```\n/specbot stop\n```",
        "~~~sh\n/specbot stop\n~~~",
        "```\n/specbot stop",
        "`/specbot stop`",
        "`\n/specbot stop\n`",
        "> /specbot stop",
        "> quoted\n/specbot stop",
        "> > On Monday ann wrote:\n> > /specbot stop",
        "- /specbot stop",
        "1. /specbot stop",
        "- [ ] /specbot stop",
        "- item\n/specbot stop",
        "# /specbot stop",
        "/specbot stop\n===",
        "/specbot stop\n---",
        "| a |\n| - |\n| /specbot stop |",
        "| a |\n| - |\n/specbot stop",
        "<!-- /specbot stop -->",
        "<!--\n/specbot stop\n-->",
        "text <!--\n/specbot stop\n-->",
        "<!--\n\n/specbot stop",
        "<details>\n/specbot stop\n</details>",
        "<details>\n\n/specbot stop\n\n</details>",
        "<details>\n\n</b>\n\n/specbot stop\n\n</details>",
        '<details><a title="</details></a>">\n\n/specbot stop\n\n</details>',
        '<div title="\n\n/specbot stop\n\n">',
        "<details/>\n\n/specbot stop",
        "<span>\n/specbot stop\n</span>",
        "<!-- x\n--!>\n/specbot stop",
        "[/specbot stop](https://example.org)",
        "[a\n/specbot stop\nb](https://example.org)",
        "![a\n/specbot stop\nb](https://example.org/x.png)",
        '[x]: https://example.org "\n/specbot stop\n"',
        "[^1]: a note\n/specbot stop",
        "[^1]:\n/specbot stop",
        "**a\n/specbot stop\nb**",
        "~~a\n/specbot stop\nb~~",
        "$$\n\\phantom{\n/specbot stop\n}\n$$",
        "\\/specbot stop",
        "&#47;specbot stop",
        "/spec&#98;ot stop",
        "/sp\u0435cbot stop",
        "/specbot stop\u200b",
        "\u200b/specbot stop",
        "/specbot \u202estop",
        "/specbot st\u00adop",
        "/specbot stop \U000e0041",
        "/specbot stop\ufe0f",
        "/specbot *stop*",
        "/specbot ~~stop~~",
        "",
        "/",
    ],
)
def test_nothing_else_is(body: str) -> None:
    assert verbs(body) == []


def test_several_commands_keep_their_order_and_lines() -> None:
    found = commands_in("/specbot status\nand\n\n/specbot retry AC-1 now\n/specbot status")
    assert [(typed.line, typed.verb, typed.arguments) for typed in found] == [
        (1, Verb.STATUS, ()),
        (4, Verb.RETRY, ("AC-1", "now")),
        (5, Verb.STATUS, ()),
    ]


def test_the_line_is_that_of_the_visible_command_and_not_of_its_double_in_code() -> None:
    (typed,) = commands_in("see `\n/specbot stop\n` there\nthen\n/specbot stop")
    assert (typed.line, typed.verb) == (5, Verb.STOP)


def test_a_misspelt_verb_names_the_nearest() -> None:
    (typed,) = commands_in("/specbot retyr AC-2")
    assert (typed.verb, typed.nearest, typed.text) == (Verb.UNKNOWN, Verb.RETRY, "/specbot retyr AC-2")
    (typed,) = commands_in("/specbot xyzzy")
    assert (typed.verb, typed.nearest) == (Verb.UNKNOWN, None)


@pytest.mark.parametrize("verb", ["reconcile", "unknown"])
def test_what_has_no_text_form_cannot_be_typed(verb: str) -> None:
    assert verbs(f"/specbot {verb}") == [Verb.UNKNOWN]


def test_the_bare_name_asks_for_help() -> None:
    assert verbs("/specbot") == [Verb.HELP]


def test_short_forms_only_where_they_are_allowed() -> None:
    assert verbs("/retry") == []
    assert verbs("/retry AC-1\n/merge\n/approve", short_commands=True) == [Verb.RETRY, Verb.APPROVE]


def test_a_paste_of_commands_is_cut() -> None:
    assert len(commands_in("/specbot status\n" * 1000)) == COMMANDS_IN_COMMENT
    assert verbs("/specbot stop " + "x" * COMMAND_LENGTH) == []
    assert verbs("x" * 80_000 + "\n\n/specbot stop") == []


PIECES = st.sampled_from(
    (
        *(
            "/specbot stop",
            "/specbot retry",
            "\n",
            "\n\n",
            "> ",
            "- ",
            "```",
            "`",
            "<!--",
            "-->",
            "<details>",
            "</details>",
        ),
        *(
            "# ",
            "    ",
            "| a |\n| - |\n",
            "[",
            "](x)",
            "**",
            "~~",
            "\\",
            "&#47;",
            "$$",
            "[^1]: ",
            "<b ",
            '"',
            ">",
            "text",
        ),
    )
)


@given(st.text() | st.lists(PIECES, max_size=25).map("".join))
@example("/specbot stop\n```\n/specbot retry\n```")
def test_every_command_found_stands_on_its_own_line_of_the_source(body: str) -> None:
    lines = [line.strip() for line in body.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    for typed in commands_in(body):
        assert lines[typed.line - 1] == typed.text
        assert typed.text.lower().startswith("/specbot")


@given(
    st.lists(PIECES.filter(lambda piece: "`" not in piece), max_size=25).map("".join),
    st.sampled_from(["quote", "fence", "comment", "item"]),
)
def test_nothing_wrapped_from_sight_commands(inner: str, wrap: str) -> None:
    if wrap == "quote":
        body = "\n".join("> " + line for line in inner.splitlines())
    elif wrap == "fence":
        body = "`````\n" + inner + "\n`````"
    elif wrap == "comment":
        body = "<!--\n" + inner.replace("--", "") + "\n-->"
    else:
        body = "- x\n" + "\n".join("  " + line for line in inner.splitlines())
    assert commands_in(body) == ()
