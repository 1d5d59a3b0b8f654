"""The box untrusted code runs in, the harness inside it, and the environments laid into it."""
