"""Cheating agents, each judged by the real proofs twice: with the tamper rules, and with them switched off."""
