"""Decisions, pure: no I/O, no clock, no environment, no third-party client. Imports only `bot.ids` and `bot.errors`."""
