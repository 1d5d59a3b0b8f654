"""The spec: model, reader, linter, comparison. Pure; imports only core."""
