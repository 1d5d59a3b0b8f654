"""One command a file: what it does when it takes effect. Each may be repeated after a crash without doing more."""
