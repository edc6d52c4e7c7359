"""Run commands: one module a command."""
