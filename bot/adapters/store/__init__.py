"""The database: deliveries, commands, heads, runs, transcripts, proofs, ledger."""
