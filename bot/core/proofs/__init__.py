"""Kinds of proof, comparison of named tests, tamper rules, verdicts, ledger. Pure; imports only core."""
