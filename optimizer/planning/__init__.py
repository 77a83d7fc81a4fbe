"""The planning model: arrays, rules, solver."""
