"""SB202, SB205, SB207: commands that cannot run where they are run, without a terminal, a network and a prompt."""

import re
from collections.abc import Iterator

from bot.core.specs.model import Severity, Spec
from bot.core.specs.rules.rule import LintContext, Remark, Rule
from bot.core.specs.rules.shell import parse, simple_commands, words_of

_TERMINAL = frozenset(
    [
        "vi",
        "vim",
        "nvim",
        "nano",
        "emacs",
        "less",
        "more",
        "top",
        "htop",
        "man",
        "ssh",
        "sudo",
        "su",
        "passwd",
        "screen",
        "tmux",
        "watch",
        "dialog",
        "whiptail",
        "ipython",
    ]
)
_NETWORK = frozenset(
    [
        "curl",
        "wget",
        "ping",
        "ssh",
        "scp",
        "rsync",
        "docker",
        "podman",
        "brew",
        "apt",
        "apt-get",
        "yum",
        "dnf",
        "gh",
        "aws",
        "gcloud",
        "kubectl",
        "helm",
    ]
)
_NETWORK_VERBS = {
    "pip": {"install", "download"},
    "pip3": {"install", "download"},
    "npm": {"install", "ci", "i"},
    "yarn": {"install", "add"},
    "pnpm": {"install", "add", "i"},
    "git": {"clone", "fetch", "pull", "push"},
    "go": {"get", "install"},
    "cargo": {"install", "add", "fetch"},
    "gem": {"install"},
    "bundle": {"install"},
    "composer": {"install", "update", "require"},
    "uv": {"sync", "pip", "add", "lock"},
    "poetry": {"install", "add", "update", "lock"},
    "pipenv": {"install", "sync"},
    "pipx": {"run", "install"},
    "playwright": {"install"},
    "terraform": {"init", "apply", "plan"},
}
_BARE_INSTALLERS = frozenset({"yarn", "pnpm"})
"""Tools that install when nothing else is said."""

_REPLS = frozenset({"python", "python3", "node", "irb", "ghci", "psql", "mysql", "bash", "sh", "zsh"})
_CONTAINERS = frozenset({"docker", "podman", "kubectl"})
_INTERACTIVE = frozenset({"-it", "-ti", "-t", "--tty"})
_WITH_MESSAGE = ("-m", "-am", "-qm", "-F", "-C", "--message", "--file", "--no-edit", "--fixup", "--allow-empty-message")
_VERBS = frozenset({"git", "gh", "docker", "podman", "kubectl", "python", "python3", "rails"})
_DIALOGS = frozenset({("gh", "auth", "login"), ("python", "manage.py", "shell"), ("python3", "manage.py", "shell")})
_SERVERS = (
    ("npm", "start"),
    ("npm", "run", "dev"),
    ("npm", "run", "start"),
    ("npm", "run", "serve"),
    ("npm", "run", "watch"),
    ("yarn", "dev"),
    ("yarn", "start"),
    ("pnpm", "dev"),
    ("pnpm", "start"),
    ("flask", "run"),
    ("rails", "server"),
    ("rails", "s"),
    ("rails", "console"),
    ("cargo", "watch"),
    ("uvicorn",),
    ("gunicorn",),
)
"""How people start what serves or watches until it is stopped."""


_SUSPECT = re.compile(
    rf"\b(?:{'|'.join(sorted(_TERMINAL | _CONTAINERS))}|read|pdb|watch|watchAll|start|dev|run|serve|server|git|gh|tail|manage\.py|uvicorn|gunicorn|rails)\b"
    rf"|\b(?:{'|'.join(sorted(_REPLS))})\s*(?:$|[;&|\n]|-i\b)"
)
"""Cheap test: a script without any of these asks for nothing and ends."""


def _needs_terminal(spec: Spec, context: LintContext) -> Iterator[Remark]:
    for command in spec.commands:
        suspicious = _SUSPECT.search(command.script) is not None
        for words, first, background in _run(command.script) if suspicious else ():
            said = _asks(words, first=first) or ("" if background else _never_ends(words))
            if said:
                yield Remark(command.position, said, "Use its batch form.")
                break


def _run(script: str) -> Iterator[tuple[tuple[str, ...], bool, bool]]:
    """The words of each simple command, whether nothing is piped into it, and whether the script goes on beside it."""
    for statement in parse(script):
        for pipeline in statement.pipelines:
            for index, text in enumerate(pipeline.commands):
                words = tuple(words_of(text))
                if words:
                    yield words, index == 0, statement.background


def _asks(words: tuple[str, ...], *, first: bool) -> str:
    """What is said of a command that waits for keys, "" for others."""
    name = words[0].rpartition("/")[2]
    options = set(words[1:])
    fed = not first or any("<" in word for word in words)
    asks = (
        name in _TERMINAL
        or (name in _REPLS and len(words) == 1 and not fed)
        or (name == "read" and not fed)
        or (name.startswith("python") and bool({"-i", "pdb"} & set(words[1:3])))
        or (name in _CONTAINERS and words[1:2] in (("run",), ("exec",)) and bool(_INTERACTIVE & options))
        or (name == "git" and words[1:2] == ("commit",) and not any(w.startswith(_WITH_MESSAGE) for w in words[2:]))
        or (
            name == "git"
            and words[1:2] in (("rebase",), ("add",))
            and bool({"-i", "-p", "--interactive", "--patch"} & options)
        )
        or "--pdb" in options
        or words[:3] in _DIALOGS
    )
    return (
        f"`{' '.join(words[:2])[:40] if name in _VERBS else name[:40]}` waits for a person at a terminal."
        if asks
        else ""
    )


def _never_ends(words: tuple[str, ...]) -> str:
    """What is said of a command that runs until somebody stops it, "" for others."""
    name = words[0].rpartition("/")[2]
    follows = name == "tail" and bool({"-f", "-F", "--follow"} & set(words[1:]))
    serves = any(words[: len(one)] == one for one in _SERVERS) or words[1:3] == ("manage.py", "runserver")
    if follows or serves or {"--watch", "--watchAll", "--watch-all"} & set(words[1:]):
        return f"`{' '.join(words[:3])[:40]}` runs until somebody stops it."
    return ""


NEEDS_TERMINAL = Rule(
    "SB202",
    "Command that needs a terminal",
    Severity.WARNING,
    "Commands run without a terminal and without anybody to answer. One that waits for keys ends at the time limit and is no evidence.",
    check=_needs_terminal,
)


def _needs_network(spec: Spec, context: LintContext) -> Iterator[Remark]:
    for command in spec.commands:
        for written in simple_commands(command.script):
            words = written[2:] if written[1:2] == ("-m",) and written[2:] else written
            name = words[0].rpartition("/")[2]
            bare = name in _BARE_INSTALLERS and len(words) == 1
            if bare or name in _NETWORK or (words[1:2] and words[1] in _NETWORK_VERBS.get(name, ())):
                what = " ".join(words[:2]) if name in _NETWORK_VERBS else name
                hint = "Name what must be installed under `environment` in `.github/specbot.yml`."
                yield Remark(command.position, f"`{what[:40]}` needs a network, and the sandbox has none.", hint)
                break


NEEDS_NETWORK = Rule(
    "SB205",
    "Command that needs a network",
    Severity.WARNING,
    "Proofs run without a network, so that nobody's server decides what is proven and no secret can leave. What a repository needs is installed "
    "before, from `.github/specbot.yml`.",
    check=_needs_network,
)


def _has_prompt(spec: Spec, context: LintContext) -> Iterator[Remark]:
    for command in spec.commands:
        for words in simple_commands(command.script):
            if words[0] in _PROMPTS:
                message = f"`{words[0]}` at the start is the prompt of a terminal; as a command there is no such thing."
                yield Remark(command.position, message, "Leave out the prompt, and what the command prints.")
                break


_PROMPTS = frozenset({"$", "%", ">>>", "PS>", "C:\\>"})

HAS_PROMPT = Rule(
    "SB207",
    "Command copied with its prompt",
    Severity.ERROR,
    "A block is run as it stands. `$ pytest` asks for a program called `$`, which fails before and after the work.",
    check=_has_prompt,
)

RULES = (NEEDS_TERMINAL, NEEDS_NETWORK, HAS_PROMPT)
