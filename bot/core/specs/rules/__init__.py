"""The linter's rules, one file a group, each with a stable id and an explanation. Pure; imports only core."""
