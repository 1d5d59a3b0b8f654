"""Head against base: what must be kept, what is new, what needs a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.specs.compare import Change, compare, compare_all, effective_kind, proven_anew
from bot.core.specs.formats.native import read_native
from bot.core.specs.model import ProofKind, Spec
from bot.core.specs.slips import is_mended
from bot.ids import CriterionId
from tests.core.specs.writing import PATH, spec, with_criteria


def one(text: str, script: str = "run", kind: str = "verify", label: str = "AC-1") -> str:
    return f"- **{label}** {text}\n  ```sh {kind}\n  {script}\n  ```\n"


def changes(head: Spec, base: Spec | None) -> dict[str, Change]:
    return {c.criterion_id: c.change for c in compare(head, base).criteria}


def test_a_new_spec_has_only_new_criteria() -> None:
    head = spec(with_criteria(one("It works.")))
    comparison = compare(head, None)
    assert changes(head, None) == {"AC-1": Change.NEW}
    assert not comparison.base_in_force
    assert effective_kind(head.criteria[0], comparison) is ProofKind.CHANGE


def test_what_the_base_has_already_is_kept_whatever_it_says() -> None:
    base = spec(with_criteria(one("It works.") + one("More.", label="AC-2") + "- **AC-3** (accept) Looks."))
    head = spec(
        "---\nbudget: {minutes: 1}\n---\n"
        + with_criteria(one("It  works.") + one("More.", "other", label="AC-2") + "- **AC-3** (accept) Looks.")
    )
    comparison = compare(head, base)
    assert changes(head, base) == {"AC-1": Change.UNCHANGED, "AC-2": Change.CHANGED, "AC-3": Change.UNCHANGED}
    kinds = [effective_kind(c, comparison) for c in head.criteria]
    assert kinds == [ProofKind.KEEP, ProofKind.CHANGE, ProofKind.ACCEPT]
    assert comparison.criteria[1].reason == "how it is proven differs from the base, where `verify` runs `run`"


def test_what_only_lost_its_command_asks_for_no_new_test() -> None:
    base = spec(with_criteria(one("It works.") + "- **AC-2** Said.\n"))
    without = spec(with_criteria("- **AC-1** It works.\n- **AC-2** Said otherwise.\n"))
    comparison = compare(without, base)
    assert {c.change for c in comparison.criteria} == {Change.CHANGED}
    assert [effective_kind(c, comparison) for c in without.criteria] == [ProofKind.KEEP, ProofKind.NONE]
    reworded = spec(with_criteria("- **AC-1** It works otherwise.\n"))
    assert effective_kind(reworded.criteria[0], compare(reworded, base)) is ProofKind.NONE


def test_criteria_that_are_gone_are_listed() -> None:
    base = spec(with_criteria(one("It works.") + one("More.", label="AC-2")))
    head = spec(with_criteria(one("More.", label="AC-2")))
    assert compare(head, base).gone_names == (f"{PATH}#AC-1",)
    deleted = compare(None, base)
    assert deleted.spec_path == PATH
    assert deleted.gone_names == (f"{PATH}#AC-1", f"{PATH}#AC-2")


def test_a_criterion_may_get_another_number() -> None:
    base = spec(with_criteria(one("It works.") + one("More.", label="AC-2")))
    head = spec(with_criteria(one("New.") + one("It works.", label="AC-5") + one("More.", label="AC-2")))
    assert changes(head, base) == {"AC-1": Change.NEW, "AC-5": Change.UNCHANGED, "AC-2": Change.UNCHANGED}
    moved = spec(with_criteria(one("It works.", label="AC-5") + one("More.", label="AC-2")))
    assert changes(moved, base) == {"AC-5": Change.UNCHANGED, "AC-2": Change.UNCHANGED}
    assert compare(moved, base).gone == ()


def test_a_draft_in_the_base_is_not_in_force() -> None:
    base = spec("---\nstatus: draft\n---\n" + with_criteria(one("It works.")))
    head = spec(with_criteria(one("It works.")))
    assert changes(head, base) == {"AC-1": Change.NEW}
    assert compare(spec("# T\n"), base).gone == ()


def test_a_spec_turned_back_into_a_draft_loses_its_criteria() -> None:
    base = spec(with_criteria(one("It works.")))
    head = spec("---\nstatus: draft\n---\n" + with_criteria(one("It works.")))
    assert compare(head, base).gone_names == (f"{PATH}#AC-1",)


def test_a_mended_typing_mistake_is_no_change() -> None:
    base = spec(with_criteria(one("The resutl is written, once.")))
    head = spec(with_criteria(one("The result is written once.")))
    comparison = compare(head, base)
    assert comparison.criteria[0].change is Change.UNCHANGED
    assert comparison.criteria[0].reason == "only a typing mistake was mended (resutl → result)"
    without_command = spec(with_criteria("- **AC-1** The resutl is written."))
    assert changes(spec(with_criteria("- **AC-1** The result is written.")), without_command) == {
        "AC-1": Change.UNCHANGED
    }


def test_another_kind_of_proof_is_a_change() -> None:
    base, head = spec(with_criteria(one("It works."))), spec(with_criteria(one("It works.", kind="keep")))
    assert changes(head, base) == {"AC-1": Change.CHANGED}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("recieve it", "receive it"),
        ("It works", "it works."),
        ("seperate values", "separate values"),
        ("a sentense", "a sentence"),
        ("paralel lines", "parallel lines"),
        ("says `Hello Ada` quitely", "says `Hello Ada` quietly."),
    ],
)
def test_typing_mistakes(old: str, new: str) -> None:
    assert is_mended(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("at most 10 lines", "at most 100 lines"),
        ("it is not shown", "it is now shown"),
        ("a valid name", "an invalid name"),
        ("it is shown", "it is never shown"),
        ("enabled", "disabled"),
        ("version v1beta", "version v2beta"),
        ("more than", "less than"),
        ("with it", "without it"),
        ("synchronous calls", "asynchronous calls"),
        ("the lower one", "the slower one"),
        ("the reader is shown", "the header is shown"),
        ("returns `Greeting`", "returns `greeting`"),
        ('says "Hello Ada there"', 'says "hello Ada there"'),
        ("names `first name`", "names `first nome`"),
    ],
)
def test_another_meaning_is_no_typing_mistake(old: str, new: str) -> None:
    assert not is_mended(old, new)


def test_nothing_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="nothing"):
        compare(None, None)


def named(path: str, text: str) -> Spec:
    found = read_native(path, text.encode()).spec
    assert found is not None
    return found


def test_a_criterion_that_moves_to_another_spec_is_not_gone_and_not_new() -> None:
    text = with_criteria(one("It works.") + one("More.", label="AC-2"))
    old, new = named("specs/old.md", text), named("specs/new.md", with_criteria(one("It works.", label="AC-7")))
    away, here = compare_all([(None, old), (new, None)])
    assert (here.known, here.base_in_force, compare(new, None).known) == (True, False, False)
    assert [c.name for c in away.gone] == ["specs/old.md#AC-2"]
    assert (here.criteria[0].change, here.criteria[0].reason) == (
        Change.UNCHANGED,
        "the base has it as specs/old.md#AC-1",
    )


def test_what_moves_into_a_draft_is_gone() -> None:
    text = with_criteria(one("It works."))
    draft = named("specs/new.md", "---\nstatus: draft\n---\n" + text)
    away, here = compare_all([(None, named("specs/old.md", text)), (draft, None)])
    assert [c.name for c in away.gone] == ["specs/old.md#AC-1"]
    assert here.gone == ()


def test_what_is_to_be_proven_anew_may_still_not_be_taken_out() -> None:
    base = spec(with_criteria(one("It works.") + one("More.", label="AC-2") + one("Less.", kind="keep", label="AC-3")))
    head = spec(with_criteria(one("It works.") + one("Less.", "true", kind="keep", label="AC-3")))
    comparison = proven_anew(compare(head, base))
    assert [c.change for c in comparison.criteria] == [Change.NEW, Change.CHANGED]
    assert [effective_kind(c, comparison) for c in head.criteria] == [ProofKind.CHANGE, ProofKind.KEEP]
    assert comparison.gone_names == (f"{PATH}#AC-2",)
    assert not comparison.known
    assert [c.note != "" for c in comparison.criteria] == [False, True]


def test_each_spec_alone_is_compared_as_ever() -> None:
    base = spec(with_criteria(one("It works.") + one("More.", label="AC-2")))
    head = spec(with_criteria(one("It works.") + one("Less.", "other", label="AC-3")))
    assert compare_all([(head, base)]) == (compare(head, base),)


def test_the_place_of_one_criterion_is_not_given_to_another_in_silence() -> None:
    """Taking AC-1 out and calling AC-2 so: AC-1 is gone all the same, under a name of its own."""
    base = spec(with_criteria(one("It works.") + one("More.", label="AC-2")))
    head = spec(with_criteria(one("More.")))
    comparison = compare(head, base)
    assert changes(head, base) == {"AC-1": Change.UNCHANGED}
    assert [(one.criterion_id, one.text) for one in comparison.gone] == [("base-AC-1", "It works.")]


def test_nor_in_another_spec() -> None:
    first, second = with_criteria(one("It works.")), with_criteria(one("More."))
    compared = compare_all(
        [(named("specs/a.md", second), named("specs/a.md", first)), (None, named("specs/b.md", second))]
    )
    assert compared[0].change(CriterionId("AC-1")) is Change.UNCHANGED
    assert [c.name for one in compared for c in one.gone] == ["specs/a.md#base-AC-1"]


def test_criteria_may_change_places() -> None:
    base = spec(with_criteria(one("It works.") + one("More.", label="AC-2")))
    swapped = spec(with_criteria(one("It works.", label="AC-2") + one("More.")))
    later = spec(with_criteria(one("New.") + one("It works.", label="AC-2") + one("More.", label="AC-3")))
    assert set(changes(swapped, base).values()) == {Change.UNCHANGED}
    assert changes(later, base) == {"AC-1": Change.NEW, "AC-2": Change.UNCHANGED, "AC-3": Change.UNCHANGED}
    assert compare(swapped, base).gone == compare(later, base).gone == ()


def test_a_copy_is_a_criterion_of_its_own() -> None:
    base = spec(with_criteria(one("It works.")))
    head = spec(with_criteria(one("It works.") + one("It works.", label="AC-2")))
    assert changes(head, base) == {"AC-1": Change.UNCHANGED, "AC-2": Change.NEW}


def kept(*commands: str) -> Spec:
    return spec(f"---\nkeep: {list(commands)}\n---\n" + with_criteria(one("It works.")))


def test_keep_commands_are_demands_too() -> None:
    base = kept("python -m pytest -q", "make lint")
    assert compare(kept("make lint", "python -m pytest -q"), base).gone == ()
    assert [c.name for c in compare(kept("python -m pytest -q -k one", "make lint"), base).gone] == [
        f"{PATH}#base-keep-1"
    ]
    assert compare(kept("make lint"), base).gone[0].criterion_id == "base-keep-1"
    assert compare(spec(with_criteria(one("It works."))), base).gone_names == (f"{PATH}#keep-1", f"{PATH}#keep-2")
    assert compare(base, spec(with_criteria(one("It works.")))).gone == ()


SENTENCES = st.sampled_from(["It works.", "It wroks.", "More.", "Less."])
BODIES = st.lists(st.tuples(SENTENCES, st.sampled_from(["run", "other"])), max_size=4)


def body(said: list[tuple[str, str]], labels: list[int]) -> str:
    return with_criteria("".join(one(t, s, label=f"AC-{n}") for (t, s), n in zip(said, labels, strict=False)))


@given(BODIES, BODIES, st.permutations([1, 2, 3, 4]), st.permutations([1, 2, 3, 4]))
def test_no_demand_of_the_base_is_lost_in_silence(
    first: list[tuple[str, str]], second: list[tuple[str, str]], ids: list[int], others: list[int]
) -> None:
    """Each is gone by name, stands behind one criterion of the head, or is demanded word for word all the same."""
    base, head = spec(body(first, ids)), spec(body(second, others))
    comparison = compare(head, base)
    digests = {c.digest for c in head.criteria}
    answered = [c.before for c in comparison.criteria if c.before is not None]
    assert len(answered) == len({c.name for c in answered})
    for old in base.criteria:
        gone = [c for c in comparison.gone if c.digest == old.digest]
        assert gone or old in answered or old.digest in digests
    names = [*(c.name for c in head.criteria), *comparison.gone_names]
    assert len(names) == len(set(names))
