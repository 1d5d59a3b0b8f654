"""Branches, paths, titles and trees that attack whoever handles them: each run ends with words, and nothing of them is executed."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest

from bot.hub.state.issues import Issue
from tests.attacks.agents import traces
from tests.attacks.agents.conftest import Attack
from tests.attacks.agents.hostile import LINK, SUBMODULE, Entry, plant, propose
from tests.support.stage import BASE, GOOD, SPEC, SPEC_PATH, Stage, implementing

pytestmark = [pytest.mark.soak, pytest.mark.xdist_group("hostile names")]

USED = frozenset({"success"})
WORDS = frozenset({"failure", "action_required"})
SPECS = Entry(SPEC_PATH.encode(), SPEC.encode())
EXT = b'[submodule "sub"]\n\tpath = sub\n\turl = ext::sh -c "touch owned"\n\tupdate = !touch owned\n[submodule "-x"]\n\tpath = -x\n\turl = --upload-pack=touch\n'
FILTERS = b"* filter=owned diff=owned merge=owned ident working-tree-encoding=UTF-16 eol=crlf\n*.py filter=lfs export-subst text\n*.md -text\n"


@dataclass(frozen=True)
class Hostile:
    name: str
    branch: str
    entries: Sequence[Entry] = (SPECS,)
    ends: frozenset[str] = USED
    title: str = "Greet people by name"
    says: str = ""


def spec_at(path: str | bytes, content: bytes = SPEC.encode(), mode: str = "100644") -> tuple[Entry, ...]:
    return (Entry(path.encode() if isinstance(path, str) else path, content, mode),)


HOSTILE = (
    Hostile("branch: a command substitution", "$(touch${IFS}owned)"),
    Hostile("branch: backticks, pipes, quotes", "`touch${IFS}owned`|a;touch${IFS}owned&&b\"c'd"),
    Hostile("branch: a leading dash", "-rf", ends=WORDS, says="'-rf' is no branch name"),
    Hostile("branch: an option of git", "--upload-pack=touch${IFS}owned", ends=WORDS, says="is no branch name"),
    Hostile("branch: 200 bytes of Unicode", "ü" * 100),
    Hostile("branch: bidi, and our own prefix", "specbot/run-\u202egpj", ends=USED | WORDS),
    Hostile("title: commands, markup, escapes", "title", title="$(touch owned)\r\n::set-output::\x1b[31m @everyone fixes #1 <img src=x> /merge"),
    Hostile("spec path: blanks and shell", "blanks", spec_at("specs/a b $(touch owned);x.md")),
    Hostile("spec path: leading dash", "dash", spec_at("specs/-rf.md")),
    Hostile("spec path: markup and mentions", "markup", spec_at("specs/![x](www.evil.example) @everyone fixes #1 <img src=x>.md")),
    Hostile("spec path: bidi", "bidi", spec_at("specs/\u202edm.x.md"), USED | WORDS),
    Hostile("spec path: a line end", "newline", spec_at("specs/two\nlines\rCo-authored-by: mallory <m@x>\n::error::x.md"), USED | WORDS),
    Hostile("spec path: no UTF-8", "bytes", spec_at(b"specs/\xff\xfe.md"), WORDS, says="UTF-8"),
    Hostile("spec: a link to /etc/passwd", "link", spec_at("specs/0001-greet.md", b"/etc/passwd", LINK), WORDS),
    Hostile("spec: a link to the App's key", "key", spec_at("specs/0001-greet.md", b"../../../../../app.pem", LINK), WORDS),
    Hostile("spec: a submodule", "gitlink", spec_at("specs/0001-greet.md", b"1" * 40, SUBMODULE), WORDS),
    Hostile("spec: 6 MiB", "huge", spec_at(SPEC_PATH, SPEC.encode() + b"x" * (6 << 20)), WORDS),
    Hostile("spec: 100,000 lines of criteria", "many", spec_at(SPEC_PATH, SPEC.encode() + b"".join(b"- **AC-%d** It works.\n" % n for n in range(3, 100_000))), WORDS),
    Hostile("spec: no UTF-8, and zero bytes", "zero", spec_at(SPEC_PATH, b"---\ntitle: \xff\x00\n---\n# x\n"), WORDS),
    Hostile("tree: names that differ in case only", "case", (SPECS, Entry(b"Greet.py", b"x\n"), Entry(b"GREET.PY", b"y\n"), Entry("gre\u0301et.py".encode(), b"z\n"))),
    Hostile("tree: submodules with ext:: addresses", "submodules", (SPECS, Entry(b".gitmodules", EXT), Entry(b"sub", b"2" * 40, SUBMODULE)), USED | WORDS),
    Hostile("tree: filters, LFS, encodings", "filters", (SPECS, Entry(b".gitattributes", FILTERS), Entry(b".lfsconfig", b"[lfs]\n\turl = file:///\n"), Entry(b"big.bin", b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 9\n"))),
    Hostile("tree: links out, and a loop", "links", (SPECS, Entry(b"etc", b"/etc", LINK), Entry(b"up", b"../../..", LINK), Entry(b"loop", b"loop", LINK))),
    Hostile("tree: names of git's own folder", "dotgit", (SPECS, Entry(b".git~1/config", b"x"), Entry("a/.g\u200cit/hooks/pre-commit".encode(), b"#!/bin/sh\ntouch owned\n")), USED | WORDS),
    Hostile("tree: 900 folders deep", "deep", (SPECS, Entry(b"d/" * 900 + b"x", b"x")), USED | WORDS),
)  # fmt: skip


@dataclass(frozen=True)
class Met:
    stage: Stage
    pulls: dict[str, Issue]
    here: str


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Met]:
    here = tmp_path_factory.mktemp("here")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(here)
        with Stage(implementing({"greet.py": GOOD}), base={**BASE, "secret": "x"}) as stage, stage.worker():
            for hostile in HOSTILE:
                plant(stage, hostile.branch, hostile.entries)
            pulls = {h.name: propose(stage, h.branch, h.title) for h in HOSTILE}
            for pull in pulls.values():
                stage.settled(pull, 110)
            yield Met(stage, pulls, str(here))


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda hostile: hostile.name)
def test_it_ends_with_words(met: Met, hostile: Hostile, attack: Attack) -> None:
    attack(hostile.name, "used as data, or refused with words")
    pull = met.pulls[hostile.name]
    conclusion, title = met.stage.acceptance(pull), met.stage.title(pull)
    assert conclusion in hostile.ends, (conclusion, title)
    assert "Specbot itself failed" not in title, title
    assert hostile.says in title
    assert title


def test_nothing_was_executed_and_nothing_came_out(met: Met, attack: Attack) -> None:
    attack(
        "all of these at the host: a file made, a process started, a file read",
        "no shell, no filter, no hook, no submodule; links are never followed",
    )
    assert os.listdir(met.here) == []
    refs = met.stage.root / "hub"
    made = (path for path in met.stage.root.rglob("*owned*") if refs not in path.parents and "refs" not in path.parts)
    assert not list(made)
    said = traces.shown(met.stage, [pull.number for pull in met.pulls.values()]) + traces.prompts(met.stage)
    for secret in ("root:x:0:0", "BEGIN RSA PRIVATE KEY", "BEGIN PRIVATE KEY"):
        assert secret not in said


def test_a_name_adds_no_trailer_to_a_commit(met: Met, attack: Attack) -> None:
    attack("a spec's path with line ends and a trailer of its own", "one line in the commit's message")
    for pull in met.pulls.values():
        body = traces.git(met.stage, "show", "-s", "--format=%(trailers:key=Co-authored-by)", met.stage.head(pull))
        assert "mallory" not in body


def test_what_is_said_of_them_is_inert(met: Met, attack: Attack) -> None:
    attack("mentions, closing words, links, images and escapes in names", "shown as code or broken apart")
    for pull in met.pulls.values():
        for comment in met.stage.comments(pull):
            assert "\x1b" not in comment.body
            assert "\u202e" not in comment.body
            assert "<img" not in comment.body
