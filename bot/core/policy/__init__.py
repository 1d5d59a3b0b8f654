"""Repository configuration, who may, which paths, how much money. Pure; imports only core."""
