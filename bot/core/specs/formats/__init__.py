"""One reader a spec format, all giving the same model. Pure; imports only core."""
