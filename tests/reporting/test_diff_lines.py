"""A patch's lines by what they are, whatever is in them."""

from bot.reporting.diff_lines import diff_lines

PATCH = """\
diff --git a/greet.py b/greet.py
index 1..2 100644
--- a/greet.py
+++ b/greet.py
@@ -1,3 +1,3 @@ def greet(name):
 def greet(name):
--- a comment that looks like a head
+++ another
 \x0cpage
@@ -9 +9 @@
-a
\\ No newline at end of file
+b
\\ No newline at end of file
diff --git a/logo.png b/logo.png
Binary files a/logo.png and b/logo.png differ
"""


def test_each_line_is_told_by_where_it_stands() -> None:
    kinds = [kind for kind, _ in diff_lines(PATCH, 100)]
    assert kinds[:5] == ["file", "file", "file", "file", "place"]
    assert kinds[5:9] == ["", "removed", "added", ""]
    assert kinds[9:14] == ["place", "removed", "", "added", ""]
    assert kinds[14:] == ["file", "file"]
    assert "\n".join(line for _, line in diff_lines(PATCH, 100)) + "\n" == PATCH


def test_no_more_is_told_than_was_asked_for() -> None:
    assert len(diff_lines(PATCH, 3)) == 3


def test_a_hunk_that_says_nonsense_does_no_harm() -> None:
    assert diff_lines("@@ nonsense\n+a\n@@ -x,y +z @@\n", 9)[0] == ("place", "@@ nonsense")
