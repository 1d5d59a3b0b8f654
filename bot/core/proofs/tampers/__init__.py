"""Tamper rules that look at lines, each in a file of its own; `bot.core.proofs.tamper` puts them together. Pure."""
