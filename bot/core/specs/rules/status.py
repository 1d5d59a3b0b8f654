"""What decides a script's exit status, where that is certain. Pure.

Whatever is not understood for certain (loops, functions, most groups) counts as able to fail: the linter accuses only when it is sure.
"""

import re

from bot.core.specs.rules.shell import MAX_SCRIPT, Pipeline, Statement, parse, words_of

_COMPOUND = frozenset(
    [
        "if",
        "then",
        "elif",
        "else",
        "fi",
        "for",
        "while",
        "until",
        "do",
        "done",
        "case",
        "esac",
        "function",
        "{",
        "}",
        "(",
        ")",
        "[[",
    ]
)
_NEVER_FAILS = frozenset({"true", ":", "echo", "printf", "set"})
_ALONE = frozenset({"ls", "pwd", "date", "wait", "sleep", "whoami", "uname", "hostname"})
"""What succeeds where nothing is named that could be missing; `sleep` takes a number."""

_CONSTANT = re.compile(r"[\w.+:%/-]+|'[^']*'|\"[^\"$`\\]*\"")
_OPERATORS = frozenset({"=", "==", "!=", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-n", "-z"})
_PRINTS = re.compile(
    r"(?:\S*/)?(?:python[\d.]*\s+-c|node\s+-(?:e|p)|ruby\s+-e|perl\s+-e)\s+"
    r"(?P<quote>['\"])\s*(?:pass|(?:print|console\.log|puts)[ (]*(?:[\w ]*|['\"][^'\"()]*['\"])\)?)?;?\s*(?P=quote)"
)
"""A program in a command that prints a constant, or does nothing."""

_GROUP = re.compile(r"\{\s(?P<braced>[^{}()|&]*)\}|(?<![\w$])\((?P<bracketed>[^{}()|&]*)\)")
_WHOLE_GROUP = re.compile(r"\(\s*(?P<bracketed>[^()]*)\)|\{\s+(?P<braced>[^{}]*?);?\s*\}", re.DOTALL)
_BRANCHES = re.compile(r"if\s.*?[;\n]\s*then\s(?P<then>.*?)[;\n]\s*(?:else\s(?P<other>.*?)[;\n]\s*)?fi", re.DOTALL)
_INNER_SHELL = re.compile(r"(?:/bin/)?(?:ba|da|z)?sh\s+-[elx]*c\s+(?P<quote>['\"])(?P<script>[^'\"]*)(?P=quote)")

_NESTED = re.compile(r"[({]|\bif\s|sh\s+-")
"""Cheap test: without any of these there is nothing in a script that holds another one."""

MAX_DEPTH = 3
"""Shells in shells and groups in groups that are looked into."""
_PASSES_ON = frozenset({"cat", "head", "tail", "wc"})
_ERREXIT = re.compile(r"set\s+(?:-[A-Za-z]*e|-o\s+errexit)")


def why_it_cannot_fail(script: str, depth: int = 0) -> str:
    """Why the script always ends with status 0, in words; "" when it may fail or when that is not certain."""
    if len(script) > MAX_SCRIPT or depth > MAX_DEPTH:
        return ""
    if _NESTED.search(script) is None:
        return _last_reason(parse(script), script)
    whole = script.strip()
    inner = _INNER_SHELL.fullmatch(whole) or _WHOLE_GROUP.fullmatch(whole)
    if inner is not None:
        found = inner.groupdict()
        return why_it_cannot_fail(found.get("script") or found.get("bracketed") or found.get("braced") or "", depth + 1)
    branches = _BRANCHES.fullmatch(whole)
    if branches is None:
        return _last_reason(parse(_GROUP.sub(_as_one_command, script)), script)
    both = [part for part in (branches["then"], branches["other"]) if part]
    tame = all(map(_is_tame, both)) and whole.count("then") == 1
    return "every way through its `if` succeeds" if tame else ""


def _last_reason(statements: tuple[Statement, ...], script: str) -> str:
    if not statements or any(_compound(s) for s in statements):
        return ""
    commands = [command for s in statements for p in s.pipelines for command in p.commands]
    if "pipefail" in script or any(map(_gives_up, commands)):
        return ""
    stops_early = any(_ERREXIT.match(command) for command in commands)
    if stops_early and any(not _statement_reason(s) for s in statements):
        return ""
    return _statement_reason(statements[-1])


def _is_tame(text: str) -> bool:
    """True for simple commands of which none fails and none goes on elsewhere."""
    pieces = [piece.strip() for piece in re.split(r"[;\n]", text) if piece.strip()]
    return bool(pieces) and all(
        piece == "exit 0" or (piece.split()[0] in _NEVER_FAILS and not set(piece) & set("|&>`$(")) for piece in pieces
    )


def _as_one_command(group: re.Match[str]) -> str:
    """`{ echo failed; }` as what it comes to; any other group as it is."""
    return ":" if _is_tame(group["braced"] or group["bracketed"] or "") else group.group()


def _statement_reason(statement: Statement) -> str:
    if statement.background:
        return "`&` runs it in the background, so the script does not wait for its status"
    reason = ""
    for pipeline in statement.pipelines:
        own = _pipeline_reason(pipeline)
        if pipeline.operator == "||":
            reason = reason or (f"`|| {pipeline.commands[-1][:40]}` turns every failure into success" if own else "")
        elif pipeline.operator == "&&":
            reason = reason and own
        else:
            reason = own
    return reason


def _pipeline_reason(pipeline: Pipeline) -> str:
    last = pipeline.commands[-1]
    words = words_of(last)
    if not words:
        return "it only sets variables" if last and "$(" not in last and "`" not in last else ""
    name = words[0].rpartition("/")[2]
    if len(pipeline.commands) > 1:
        if name == "tee" or (name in _PASSES_ON and not _names_files(words)):
            return f"a pipe has the status of its last command, and `{name}` does not fail"
    elif name == "!" or _compares_constants(name, words):
        return "it compares constants" if name != "!" or words[1:] == ["false"] else ""
    return _command_reason(name, words, last)


def _command_reason(name: str, words: list[str], written: str) -> str:
    tame = name in _NEVER_FAILS and ">" not in written
    alone = name in _ALONE and not set(written) & set("<>$`") and not _names_files(words)
    if tame or alone:
        return f"`{name}` always succeeds"
    if name == "make" and {"-i", "--ignore-errors"} & set(words):
        return "`make -i` succeeds whatever its recipes do"
    if _PRINTS.fullmatch(written):
        return "it only prints a constant"
    return "`exit 0` always succeeds" if words[:2] == ["exit", "0"] else ""


def _compares_constants(name: str, words: list[str]) -> bool:
    """True for `test 1 = 1` and its kind: nothing in it can come out otherwise."""
    given = words[1:-1] if name == "[" and words[-1] == "]" else words[1:] if name == "test" else []
    return any(word in _OPERATORS for word in given) and all(
        _CONSTANT.fullmatch(word) or word in _OPERATORS for word in given
    )


def _names_files(words: list[str]) -> bool:
    return any(not word.startswith("-") and not word.isdigit() for word in words[1:])


def _gives_up(command: str) -> bool:
    words = words_of(command)
    return words[:1] == ["exit"] and words[1:2] != ["0"]


def _compound(statement: Statement) -> bool:
    commands = [command for pipeline in statement.pipelines for command in pipeline.commands]
    return any(not c.strip() or c.split()[0] in _COMPOUND or c[0] in "({" or "()" in c for c in commands)
