"""The root of all errors that a user can cause or meet."""


class OptimizerError(Exception):
    """An error with an exit code of its own; its text is for the user."""

    exit_code: int = 1
