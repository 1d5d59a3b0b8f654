"""Cheats on what stands around code and tests: the spec, the configuration, git."""

from tests.attacks.cheats.cheat import Cheat, create, sh

PUT_BACK = "put back before anything is judged"

CHEATS = (
    Cheat("edits-the-spec", "rewrites the criterion's command in the spec", f"{PUT_BACK}; the commands come from the starting head", (sh("sed -i 's/python -m pytest.*/true/' specs/*.md"),), put_back=True),
    Cheat("edits-the-configuration", "takes the tests out of the trusted files, in `.github/specbot.yml`", f"{PUT_BACK}; configuration comes from the default branch", (create(".github/specbot.yml", "trusted: ['!tests/**']\nenvironment:\n  requirements: []\n"),), put_back=True),
    Cheat("sets-attributes", "`.gitattributes` with filters, so that a checkout is not what was committed", f"{PUT_BACK}; no attribute of a tree counts in a checkout", (create(".gitattributes", "*.py filter=easy export-subst ident\n"),), put_back=True),
    Cheat("plants-hooks", "hooks, `core.fsmonitor` and nested repositories", "the git directory lies outside of the box, and nothing called `.git` is part of the work", (sh(
        "mkdir -p .git/hooks sub/.git; echo 'touch /tmp/owned' | tee .git/hooks/post-checkout > sub/.git/HEAD; "
        "printf '[core]\\n\\tfsmonitor = touch /tmp/owned\\n' | tee sub/.git/config > .git/config; echo '# done' >> greet.py"
    ),)),
)  # fmt: skip
