"""Who touches the world: GitHub, git, sandbox, model, store. Imports only core; gives what core.ports asks for."""
