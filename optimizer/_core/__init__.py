"""Compiled kernels. Sources are in `_core/` at the top of the repository."""
