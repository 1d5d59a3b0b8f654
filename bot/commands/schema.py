"""`specbot schema`: JSON Schemas for editors."""

import json

import click

from bot.core.schemas import SCHEMAS, json_schema


@click.command(name="schema", epilog="\n\n".join(f"{name}: {said.title}." for name, said in SCHEMAS.items()))
@click.argument("name", type=click.Choice(tuple(SCHEMAS)))
def command(name: str) -> None:
    """Print the JSON Schema of what stands in YAML."""
    click.echo(json.dumps(json_schema(name), indent=2, ensure_ascii=False))
