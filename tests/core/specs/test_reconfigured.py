"""A configuration that reads other specs, or other commands in them, loses nothing without being told."""

from dataclasses import replace

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.compare import compare
from bot.core.specs.model import Complement, Spec, SpecFormat
from bot.core.specs.reconfigured import LOST, lost_by_configuration, reads_otherwise
from tests.core.specs.writing import PATH, spec, with_criteria

ONE = "- **AC-1** It works.\n  ```sh verify\n  run\n  ```\n"
TWO = "- **AC-2** More.\n  ```sh verify\n  run more\n  ```\n"
MERGED = spec("---\nkeep: [make lint]\n---\n" + with_criteria(ONE + TWO))
DRAFT = spec("---\nstatus: draft\n---\n" + with_criteria(ONE))


def gone(head: Spec, base: Spec | None, *then: Spec) -> list[str]:
    """`base` None: the pull request leaves the spec alone."""
    comparison = compare(head, base) if base is not None else None
    return [
        one.name.removeprefix(f"{PATH}#") for c in lost_by_configuration([(head, comparison)], then) for one in c.gone
    ]


def test_only_what_decides_about_specs_counts() -> None:
    now = RepositoryConfig()
    assert not reads_otherwise(now, replace(now, budget_turns=1, protected=("x",)))
    assert reads_otherwise(now, replace(now, specs=("docs/**",)))
    assert reads_otherwise(now, replace(now, formats=(SpecFormat.KIRO,)))
    assert reads_otherwise(now, replace(now, foreign=(Complement("specs/*"),)))


def test_a_spec_that_would_be_read_no_more_is_lost_as_a_whole() -> None:
    assert gone(MERGED, None) == ["AC-1", "AC-2", "keep-1"]
    assert gone(MERGED, None, MERGED) == []
    assert gone(MERGED, None, replace(MERGED, path="elsewhere.md")) == [], "only its words count"
    assert gone(DRAFT, None) == [], "a draft demands nothing"
    assert gone(MERGED, None, DRAFT) == ["AC-1", "AC-2", "keep-1"]
    (comparison,) = lost_by_configuration([(MERGED, None)], [])
    assert (comparison.why_gone, comparison.base_in_force) == (LOST, True)


def test_what_is_proven_otherwise_is_lost_too() -> None:
    weaker = spec(with_criteria(ONE + TWO.replace("run more", "true")))
    assert gone(MERGED, None, weaker) == ["AC-2", "keep-1"]


def test_what_the_pull_request_changes_as_well_keeps_its_comparison() -> None:
    base = spec(with_criteria(ONE))
    assert gone(MERGED, base) == ["base-AC-1", "base-keep-1"], "AC-2 is new here and nobody's promise yet"
    (comparison,) = lost_by_configuration([(MERGED, compare(MERGED, base))], [])
    assert [one.criterion_id for one in comparison.criteria] == ["AC-1", "AC-2"]
