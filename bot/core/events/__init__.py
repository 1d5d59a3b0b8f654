"""Delivery -> Event -> Command. Pure; imports only core."""
