"""A change and a living spec against the base: what is kept, what is new, what is gone, and that archiving demands nothing new."""

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.compare import Change, Comparison, compare, effective_kind
from bot.core.specs.model import Complement, ProofKind, ProofWish, Spec
from tests.core.specs.formats.openspec_writing import (
    ACTIVE,
    CHANGE,
    CONFIG,
    DELTA,
    IDLE,
    LIFETIME,
    LIVING,
    LOCKING,
    PROPOSAL,
    Files,
    before,
    delta,
    living,
    requirement,
    scenario,
    spec,
    tree,
)

LONGER = IDLE.replace("30", "60")
ASLEEP = scenario("Asleep", "nobody is there", "the login ends")
MODIFIED = requirement("Login lifetime", "The service MUST end idle logins.", LONGER, ACTIVE, ASLEEP)
REMOVAL = "### Requirement: Locking\n**Reason**: a\n**Migration**: b\n"
RENAMING = "- FROM: `### Requirement: Login lifetime`\n- TO: `### Requirement: Idle logins`\n"
RENAMED = LIFETIME.replace("Login lifetime", "Idle logins")
BASE = tree(living=living(LIFETIME, LOCKING))
VERIFY = "```sh verify\npytest idle\n```\n"


def opened(delta_text: str, *parts: Files, **texts: str) -> Files:
    """The base's living spec with one change beside it."""
    return BASE | tree(*parts, proposal=PROPOSAL, delta=delta_text, **texts)


def compared(head: Files, base: Files, path: str = CHANGE, config: RepositoryConfig = CONFIG) -> Comparison:
    new = spec(head, path, config) if any(name == path or name.startswith(f"{path}/") for name in head) else None
    return compare(new, before(new, base, path, config))


def changes(comparison: Comparison) -> dict[str, str]:
    return {one.criterion_id: one.change.value for one in comparison.criteria}


def gone(comparison: Comparison) -> list[str]:
    return [one.criterion_id for one in comparison.gone]


def kinds(found: Spec, comparison: Comparison) -> list[ProofKind]:
    return [effective_kind(one, comparison) for one in found.criteria]


def test_what_a_change_adds_is_new() -> None:
    comparison = compared(opened(delta(added=RENAMED)), BASE)
    assert set(changes(comparison).values()) == {"new"}
    assert gone(comparison) == []
    assert before(spec(opened(delta(added=RENAMED))), {}) is None


def test_an_unchanged_scenario_of_a_modified_requirement_is_kept() -> None:
    head = opened(delta(modified=MODIFIED))
    comparison = compared(head, BASE)
    assert changes(comparison) == {
        "login/login-lifetime/idle-user": "changed",
        "login/login-lifetime/active-user": "unchanged",
        "login/login-lifetime/asleep": "new",
    }
    assert kinds(spec(head), comparison) == [ProofKind.NONE, ProofKind.KEEP, ProofKind.NONE]
    assert gone(comparison) == []


def test_another_statement_changes_what_its_scenarios_mean() -> None:
    head = opened(delta(modified=LIFETIME.replace("idle logins.", "idle logins at once.")))
    assert set(changes(compared(head, BASE)).values()) == {"changed"}


def test_a_removed_requirement_is_gone_and_a_lost_scenario_too() -> None:
    assert gone(compared(opened(delta(removed=REMOVAL)), BASE)) == ["login/locking/wrong-key"]
    less = requirement("Login lifetime", "The service MUST end idle logins.", ACTIVE)
    assert gone(compared(opened(delta(modified=less)), BASE)) == ["login/login-lifetime/idle-user"]


def test_requirements_that_a_change_does_not_touch_are_no_concern_of_it() -> None:
    comparison = compared(opened(delta(modified=LIFETIME)), BASE)
    assert (set(changes(comparison).values()), gone(comparison)) == ({"unchanged"}, [])


def test_a_renamed_requirement_is_kept_under_its_new_name() -> None:
    comparison = compared(opened(delta(renamed=RENAMING)), BASE)
    assert changes(comparison) == {
        "login/idle-logins/idle-user": "unchanged",
        "login/idle-logins/active-user": "unchanged",
    }
    assert gone(comparison) == []
    modified = MODIFIED.replace("Login lifetime", "Idle logins")
    both = compared(opened(delta(renamed=RENAMING, modified=modified)), BASE)
    assert changes(both) == {
        "login/idle-logins/idle-user": "changed",
        "login/idle-logins/active-user": "unchanged",
        "login/idle-logins/asleep": "new",
    }
    assert gone(both) == []


def test_commands_of_a_renamed_requirement_come_along() -> None:
    proven = living(LIFETIME.replace("answers 401\n", f"answers 401\n{VERIFY}"))
    head = opened(delta(renamed=RENAMING), living=proven)
    idle = spec(head).criteria[0]
    assert (idle.kind, idle.commands[0].script, idle.commands[0].position.path) == (
        ProofKind.CHANGE,
        "pytest idle",
        DELTA,
    )
    comparison = compared(head, tree(living=proven))
    assert set(changes(comparison).values()) == {"unchanged"}
    assert kinds(spec(head), comparison) == [ProofKind.KEEP, ProofKind.KEEP]


def test_how_the_living_spec_says_that_a_scenario_is_proven_holds_in_a_change_too() -> None:
    front = "---\nproofs:\n  login/login-lifetime/active-user: pytest active\n---\n"
    base = tree(living=living(LIFETIME, LOCKING, front=front))
    head = base | tree(proposal=PROPOSAL, delta=delta(modified=MODIFIED))
    active = spec(head).criteria[1]
    assert (active.kind, active.commands[0].script) == (ProofKind.CHANGE, "pytest active")
    assert changes(compared(head, base))["login/login-lifetime/active-user"] == "unchanged"
    wish = ProofWish("login/login-lifetime/active-user", ProofKind.KEEP, ("pytest all",))
    config = RepositoryConfig(foreign=(Complement("openspec/specs/**", proofs=(wish,)),))
    assert spec(opened(delta(modified=MODIFIED)), config=config).criteria[1].commands[0].script == "pytest all"
    assert (
        changes(compared(opened(delta(modified=MODIFIED)), BASE, config=config))["login/login-lifetime/active-user"]
        == "unchanged"
    )
    own = PROPOSAL.join(["---\nproofs:\n  login/login-lifetime/active-user: pytest mine\n---\n", ""])
    assert spec(head | tree(proposal=own)).criteria[1].commands[0].script == "pytest mine"


def test_names_with_one_slug_keep_their_ids_in_a_change() -> None:
    twin = LOCKING.replace("Locking", "Login, lifetime")
    base = tree(living=living(LIFETIME, twin))
    head = base | tree(proposal=PROPOSAL, delta=delta(modified=twin))
    assert changes(compared(head, base)) == {"login/login-lifetime-2/wrong-key": "unchanged"}


def test_an_edited_change_is_compared_with_the_base_s_version_of_it() -> None:
    base = opened(delta(modified=MODIFIED))
    same = compared(base | tree(tasks="- [x] 1.1 a\n"), base)
    assert (set(changes(same).values()), gone(same)) == ({"unchanged"}, [])
    shorter = requirement("Login lifetime", "The service MUST end idle logins.", LONGER.replace("60", "90"), ACTIVE)
    edited = compared(opened(delta(modified=shorter)), base)
    assert changes(edited) == {
        "login/login-lifetime/idle-user": "changed",
        "login/login-lifetime/active-user": "unchanged",
    }
    assert gone(edited) == ["login/login-lifetime/asleep"]


def test_a_draft_in_the_base_announced_nothing() -> None:
    base = opened(delta(modified=MODIFIED)) | tree(proposal="---\nstatus: draft\n---\n" + PROPOSAL)
    comparison = compared(opened(delta(modified=MODIFIED)), base)
    assert changes(comparison)["login/login-lifetime/asleep"] == "new"
    assert changes(comparison)["login/login-lifetime/active-user"] == "unchanged"
    added = opened(delta(added=RENAMED)) | tree(proposal="---\nstatus: draft\n---\n" + PROPOSAL)
    assert not compared(opened(delta(added=RENAMED)), added).base_in_force


def archived(*requirements: str) -> Files:
    """The tree after a change was archived: it lies in the archive, and the living spec has its words."""
    old = CHANGE.replace("changes/", "changes/archive/2026-09-01-")
    return tree({f"{old}/proposal.md": PROPOSAL.encode()}, living=living(*requirements))


def test_archiving_a_change_demands_nothing_new_of_the_living_spec() -> None:
    text = delta(modified=MODIFIED, removed=REMOVAL, added=requirement("Keys", "It MUST.", ASLEEP))
    comparison = compared(archived(MODIFIED, requirement("Keys", "It MUST.", ASLEEP)), opened(text), LIVING)
    assert set(changes(comparison).values()) == {"unchanged"}
    assert len(comparison.criteria) == 4
    assert gone(comparison) == []


def test_archiving_a_renaming_demands_nothing_new() -> None:
    for text, stands in (
        (delta(renamed=RENAMING), RENAMED),
        (
            delta(renamed=RENAMING, modified=MODIFIED.replace("Login lifetime", "Idle logins")),
            MODIFIED.replace("Login lifetime", "Idle logins"),
        ),
    ):
        comparison = compared(archived(stands, LOCKING), opened(text), LIVING)
        assert set(changes(comparison).values()) == {"unchanged"}
        assert gone(comparison) == []


def test_archiving_a_new_capability_demands_nothing_new() -> None:
    base = tree(proposal=PROPOSAL, delta=delta(added=LIFETIME))
    comparison = compared(archived(LIFETIME), base, LIVING)
    assert comparison.base_in_force
    assert set(changes(comparison).values()) == {"unchanged"}
    assert before(None, {}, LIVING) is None
    left = compared(archived(LIFETIME), base)
    assert {one.digest for one in left.gone} == {one.digest for one in spec(archived(LIFETIME), LIVING).criteria}


def test_what_was_written_into_the_living_spec_besides_is_new() -> None:
    other = MODIFIED.replace("60", "90")
    comparison = compared(
        archived(other, LOCKING, requirement("More", "It MUST.", IDLE)), opened(delta(modified=MODIFIED)), LIVING
    )
    assert changes(comparison) == {
        "login/login-lifetime/idle-user": "changed",
        "login/login-lifetime/active-user": "unchanged",
        "login/login-lifetime/asleep": "unchanged",
        "login/locking/wrong-key": "unchanged",
        "login/more/idle-user": "new",
    }


def test_a_living_spec_edited_beside_open_changes_misses_nothing_of_theirs() -> None:
    base = opened(delta(modified=MODIFIED, removed=REMOVAL))
    comparison = compared(base | tree(living=living(LIFETIME, LOCKING).replace("Who", "He who")), base, LIVING)
    assert (set(changes(comparison).values()), gone(comparison)) == ({"unchanged"}, [])
    cut = compared(base | tree(living=living(LIFETIME)), base, LIVING)
    assert gone(cut) == []
    unannounced = compared(base | tree(living=living(LOCKING)), base, LIVING)
    assert gone(unannounced) == ["login/login-lifetime/idle-user", "login/login-lifetime/active-user"]


def test_a_draft_change_announces_nothing_to_the_living_spec() -> None:
    base = opened(delta(added=RENAMED)) | tree(proposal="---\nstatus: draft\n---\n" + PROPOSAL)
    comparison = compared(archived(LIFETIME, LOCKING, requirement("Idle logins", "It MUST.", ASLEEP)), base, LIVING)
    assert changes(comparison)["login/idle-logins/asleep"] == "new"
    without = tree(delta="---\nstatus: draft\n---\n" + delta(added=LIFETIME))
    assert before(spec(archived(LIFETIME), LIVING), without, LIVING) is None


def test_a_living_spec_that_is_deleted_is_gone_but_for_what_a_change_removed() -> None:
    assert len(gone(compared({}, BASE, LIVING))) == 3
    assert gone(compared({}, opened(delta(removed=REMOVAL)), LIVING)) == [
        "login/login-lifetime/idle-user",
        "login/login-lifetime/active-user",
    ]


def test_a_change_that_is_gone_is_missed_unless_the_living_spec_has_its_words() -> None:
    base = opened(delta(modified=MODIFIED, added=requirement("Keys", "It MUST.", ASLEEP)))
    assert gone(compared(BASE, base)) == [
        "login/login-lifetime/idle-user",
        "login/login-lifetime/asleep",
        "login/keys/asleep",
    ]
    carried_over = base | tree(living=living(MODIFIED, LOCKING, requirement("Keys", "It MUST.", ASLEEP)))
    assert gone(compared(archived(MODIFIED), carried_over)) == []


def test_proofs_in_a_change_s_front_matter_do_not_keep_it_from_being_archived() -> None:
    front = "---\nproofs:\n  login/keys/asleep: pytest keys\n---\n"
    keys = requirement("Keys", "It MUST.", ASLEEP)
    base = opened(delta(added=keys)) | tree(proposal=front + PROPOSAL)
    comparison = compared(archived(LIFETIME, LOCKING, keys), base, LIVING)
    assert changes(comparison)["login/keys/asleep"] == "unchanged"
    (left,) = compared(archived(LIFETIME, LOCKING, keys), base).gone
    assert left.name == f"{CHANGE}#login/keys/asleep"
    assert left.digest == spec(archived(keys), LIVING).criteria[0].digest


def test_a_living_draft_in_the_base_is_not_in_force() -> None:
    base = tree(living=living(LIFETIME, front="---\nstatus: draft\n---\n"))
    comparison = compared(tree(living=living(LIFETIME)), base, LIVING)
    assert not comparison.base_in_force
    assert set(changes(comparison).values()) == {Change.NEW.value}
