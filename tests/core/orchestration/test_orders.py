"""What may stand behind `/orchestrate`, and how branches are called."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.orchestration.orders import (
    Order,
    branch_name,
    fork_branch_name,
    model_allowed,
    read_order,
    spec_branch_name,
)
from bot.core.policy.model import OrchestrateConfig, RepositoryConfig, RoleConfig
from bot.core.specs.model import BudgetWish
from bot.errors import Refused
from bot.ids import PrNumber

SEVEN = PrNumber(7)


def test_every_option_is_read() -> None:
    words = ["--go", "target=release/2.x", "budget=2usd,20min", "model=big-2"]
    assert read_order(words) == Order("release/2.x", BudgetWish(2.0, None, 20.0), "big-2", go=True)
    assert read_order(()) == Order()
    assert read_order(["`specs/0007-a b.md`"]) == Order(spec_path="specs/0007-a b.md")
    assert read_order(["ABCDEF1"]) == Order(sha="abcdef1")


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("targett=main", "did you mean `target=`"),
        ("--goo", "did you mean `--go`"),
        ("go", "did you mean `--go`"),
        ("please", "is no option"),
        ("target=../x", "is no branch's name"),
        ("target=-x", "is no branch's name"),
        ("target=a..b", "is no branch's name"),
        ("model=a b", "is no option"),
        ("model=$(x)", "is no model's name"),
        ("budget=2", "does not say what of"),
        ("../../etc/passwd.md", "is no option"),
        ("/etc/x.md", "is no option"),
        ("-x.md", "is no option"),
        ("specs/.git/x.md", "is no option"),
    ],
)
def test_what_is_no_option_is_refused(word: str, said: str) -> None:
    with pytest.raises(Refused, match=re.escape(said)):
        read_order(word.split())


@given(st.lists(st.text(max_size=40), max_size=5))
def test_whatever_is_written_is_read_or_refused(words: list[str]) -> None:
    try:
        order = read_order(words)
    except Refused:
        return
    assert ".." not in order.target + order.spec_path


def test_a_model_is_one_that_was_named() -> None:
    config = RepositoryConfig(
        roles=(RoleConfig("planner", model="big-2"),), orchestrate=OrchestrateConfig(models=("mid-1",))
    )
    for model in ("big-2", "mid-1", "default", ""):
        model_allowed(Order(model=model), config, ("default",))
    with pytest.raises(Refused, match="not one that this repository's owners have named"):
        model_allowed(Order(model="other"), config, ("default",))


@given(st.text(max_size=300))
def test_branches_have_plain_short_names(title: str) -> None:
    for name in (branch_name(SEVEN, title), fork_branch_name(SEVEN, title), spec_branch_name(SEVEN, title)):
        assert re.fullmatch(r"specbot/(?:issue|pull|spec)-7(?:-[a-z0-9]+)*", name)
        assert len(name) < 80


def test_a_branch_is_called_by_its_issue() -> None:
    assert (
        branch_name(SEVEN, "Cut long text, at a word's boundary!")
        == "specbot/issue-7-cut-long-text-at-a-word-s-boundary"
    )
    assert branch_name(SEVEN, "日本語") == "specbot/issue-7"
    assert spec_branch_name(SEVEN, "specs/0007-cut.md") == "specbot/spec-7-0007-cut"
