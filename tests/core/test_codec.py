"""The codec gives back what it was given, and refuses everything else."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any, NewType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.codec import Format, canonical, decode, encode
from bot.core.events.model import Command, Verb
from bot.core.plans.model import Plan, Task
from bot.core.proofs.model import Executed, StoppedBy, TestOutcome, TestResult
from bot.core.pulls import Person, RepoRef, Secret, Token
from bot.core.runs import Spent
from bot.errors import Defect
from bot.ids import CommandId, CriterionName, Digest, InstallationId, PrNumber, RepoId, TaskId, UserId

Name = NewType("Name", str)


class Fruit(StrEnum):
    APPLE = "apple"


@dataclass(frozen=True, slots=True)
class Leaf:
    name: Name
    fruit: Fruit
    at: datetime
    weight: float
    raw: bytes


@dataclass(frozen=True, slots=True)
class Stone:
    weight: int


@dataclass(frozen=True, slots=True)
class Tree:
    leaves: tuple[Leaf, ...]
    pair: tuple[int, str]
    either: Leaf | Stone | None
    named: Mapping[str, Stone]
    free: Mapping[str, Any]
    flag: bool = False


LEAF = Leaf(Name("oak"), Fruit.APPLE, datetime(2026, 11, 1, 12, 30, 0, 5, UTC), 1.5, b"\x00\xff")
TREE = Tree((LEAF,), (3, "x"), Stone(2), {"a": Stone(1)}, {"k": [1, None, {"z": True}]}, True)


def test_nested_values_come_back_equal() -> None:
    assert decode(Tree, encode(TREE)) == TREE
    assert decode(tuple[Leaf, ...], encode((LEAF, LEAF))) == (LEAF, LEAF)


def test_text_is_canonical_and_equal_for_equal_values() -> None:
    text = encode(TREE)
    assert text == canonical(json.loads(text))
    assert " " not in text
    assert encode(TREE) == encode(decode(Tree, text))


def test_times_are_stored_as_utc() -> None:
    there = datetime(2026, 11, 1, 14, 0, tzinfo=timezone(timedelta(hours=2)))
    leaf = Leaf(Name("n"), Fruit.APPLE, there, 0.0, b"")
    assert decode(Leaf, encode(leaf)).at == datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
    assert "+00:00" in encode(leaf)


def test_lone_surrogates_and_nul_survive_as_ascii() -> None:
    person = Person(UserId(1), "\udcff\x00é😀")
    text = encode(person)
    assert text.isascii()
    assert "\x00" not in text
    assert decode(Person, text) == person


def test_a_field_added_later_takes_its_default() -> None:
    text = encode(TREE).replace('"flag":true,', "")
    assert decode(Tree, text).flag is False


def test_secrets_are_never_written() -> None:
    with pytest.raises(Defect, match="secret"):
        encode(Token(Secret("ghs_x"), datetime(2026, 1, 1, tzinfo=UTC)))


@pytest.mark.parametrize(
    "value",
    [object(), {1: "x"}, {"a", "b"}, float("nan"), float("inf"), datetime.fromisoformat("2026-01-01")],
    ids=["object", "integer key", "set", "nan", "infinity", "naive time"],
)
def test_what_cannot_be_stored_is_a_defect(value: object) -> None:
    with pytest.raises(Defect):
        encode(value)


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        (Stone, "", "not JSON"),
        (Stone, "[" * 100_000, "not JSON"),
        (Stone, '{"v":1,"value":NaN}', "not JSON"),
        (Stone, "[]", "envelope"),
        (Stone, '{"v":1}', "envelope"),
        (Stone, '{"v":2,"value":{"$":"Stone","weight":1}}', "unknown version 2"),
        (Stone, '{"v":0,"value":{"$":"Stone","weight":1}}', "unknown version 0"),
        (Stone, '{"v":true,"value":{"$":"Stone","weight":1}}', "unknown version True"),
        (Stone, '{"v":1,"value":{"$":"Leaf","weight":1}}', "'Leaf' where a Stone"),
        (Stone, '{"v":1,"value":{"$":"Stone"}}', "missing"),
        (Stone, '{"v":1,"value":{"$":"Stone","weight":1,"colour":2}}', "unknown fields"),
        (Stone, '{"v":1,"value":{"$":"Stone","weight":true}}', "bool where int"),
        (Stone, '{"v":1,"value":{"$":"Stone","weight":"1"}}', "str where int"),
        (Stone, '{"v":1,"value":{"$":"Stone","weight":1.0}}', "float where int"),
        (tuple[int, str], '{"v":1,"value":[1]}', "1 items where 2"),
        (tuple[int, ...], '{"v":1,"value":[1,null]}', r"value\[1\]"),
        (Fruit, '{"v":1,"value":"pear"}', "no Fruit"),
        (float, '{"v":1,"value":"1"}', "no finite number"),
        (float, '{"v":1,"value":1e999}', "no finite number"),
        (bytes, '{"v":1,"value":"%%%"}', "base64"),
        (datetime, '{"v":1,"value":"2026-01-01"}', "no time zone"),
        (datetime, '{"v":1,"value":"yesterday"}', "no time"),
        (set, '{"v":1,"value":[]}', "cannot read"),
        (list[int], '{"v":1,"value":[]}', "cannot read"),
    ],
)
def test_what_does_not_fit_is_a_defect_that_names_the_place(kind: type, text: str, words: str) -> None:
    with pytest.raises(Defect, match=words):
        decode(kind, text)


def test_a_union_is_read_by_its_tag() -> None:
    assert decode(Tree, encode(TREE)).either == Stone(2)
    with pytest.raises(Defect, match="no member"):
        decode(Tree, encode(TREE).replace('"either":{"$":"Stone"', '"either":{"$":"Brick"'))


def test_an_upgrade_reads_the_old_version() -> None:
    old = '{"v":1,"value":{"$":"Stone","kilos":3}}'

    def grams(plain: Any) -> Any:
        return {"$": "Stone", "weight": plain["kilos"] * 1000}

    newer = Format(Stone, (grams,))
    assert newer.decode(old) == Stone(3000)
    assert newer.decode(newer.encode(Stone(7))) == Stone(7)
    assert '"v":2' in newer.encode(Stone(7))
    with pytest.raises(Defect, match="unknown version 2"):
        decode(Stone, newer.encode(Stone(7)))


def test_the_values_of_the_house_come_back() -> None:
    repo = RepoRef(InstallationId(1), RepoId(2), "o", "n")
    command = Command(
        CommandId("comment:5:1"), Verb.RETRY, repo, PrNumber(3), None, Person(UserId(9), "ann"), LEAF.at, ("x",)
    )
    plan = Plan((Task(TaskId("T-1"), "t", "i", ("src/**",), (CriterionName("s#AC-1"),)),), ("one task",))
    for value in (command, plan, Spent()):
        assert decode(type(value), encode(value)) == value


@given(
    st.builds(
        Executed,
        key=st.text().map(Digest),
        exit_code=st.none() | st.integers(-(2**70), 2**70),
        stopped_by=st.sampled_from(StoppedBy),
        output=st.text(st.characters(exclude_categories=())),
        output_digest=st.text().map(Digest),
        seconds=st.floats(allow_nan=False, allow_infinity=False),
        tests=st.none()
        | st.lists(st.builds(TestResult, st.text(), st.sampled_from(TestOutcome), st.text())).map(tuple),
        python_started=st.integers(0),
        broken=st.text(),
    )
)
def test_any_execution_comes_back_equal(executed: Executed) -> None:
    assert decode(Executed, encode(executed)) == executed


@given(st.text() | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_any_text_is_a_value_or_a_defect(text: str) -> None:
    with pytest.raises(Defect):
        decode(Executed, text)
