"""The command line: one file a command, loaded when it is called."""

from optimizer.cli.entry import main

__all__ = ["main"]
