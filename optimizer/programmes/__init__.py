"""Columns of the planning model: hall programmes and supply paths, from scenario and designs."""
