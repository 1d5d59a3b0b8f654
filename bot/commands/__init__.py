"""One command of the command line a file; each has a `command`. May import from everywhere; nobody imports these."""
