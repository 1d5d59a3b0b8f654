"""GitHub's limits on what we write, each with its source, and our own below them."""

CHECK_TEXT_BYTES = 65_535
"""`output.summary` and `output.text` of a check run, each. GitHub counts characters (REST, checks: 65535); we count UTF-8 bytes, which are
never fewer than its characters however it counts astral ones."""

CHECK_TITLE_CHARS = 120
"""Ours. GitHub names no limit for `output.title`; the merge box shows about this much of it."""

ANNOTATIONS = 200
"""Ours. GitHub takes 50 in one request and any number in all (the adapter sends batches), but nobody reads the 201st: the rest is counted
in the text."""

ANNOTATION_TITLE_CHARS = 255
"""REST, checks: `annotations[].title`."""

ANNOTATION_MESSAGE_BYTES = 4_096
"""Ours; REST, checks, allows 64 KB for `annotations[].message`, but it is shown beside a line of code."""

ACTIONS = 3
"""REST, checks: buttons on one check run."""

ACTION_LABEL_CHARS = 20
ACTION_DESCRIPTION_CHARS = 40
ACTION_IDENTIFIER_CHARS = 20
"""REST, checks: `actions[].label`, `.description` and `.identifier`."""

COMMENT_BYTES = 60_000
"""Comments and review bodies. GitHub refuses 65,536 characters ("Body is too long", observed in public threads); the margin is for what other
tools quote around it."""

INLINE_COMMENTS = 10
"""Ours: inline comments in one review. More is noise that hides the first ones; the rest goes into the review's body."""

COMMIT_TITLE_CHARS = 72
"""Ours, after git's own custom: what `git log --oneline` and GitHub's lists show without folding."""

COMMIT_BODY_BYTES = 8_192
"""Ours: a commit message is read in a terminal."""

OUTPUT_BYTES = 6_000
"""Ours: a command's output in a check's text, head and tail. About two screens; all of it stands on the run's page."""

HELD_PATCH_BYTES = 40_000
"""Ours: of a patch that is held back, head and tail, in a check's text, which must hold the account of the proofs too."""

LINE_CHARS = 200
"""Ours: somebody else's text where one line is meant (a table's cell, a heading, an annotation's title)."""

SCREEN_ROWS = 12
"""Ours: rows of a table in the sticky comment before the rest is folded, so that it fits on one screen."""
