"""Depreciation for income tax: schedules by class of property."""

from __future__ import annotations

from optimizer.catalog.fact import CatalogError, as_fact, read_facts


def depreciation_classes() -> tuple[str, ...]:
    """Classes of property with a schedule."""
    return tuple(read_facts("tax")["depreciation"])


def depreciation(property_class: str, bonus: float | None = None) -> tuple[float, ...]:
    """Shares of cost written off by tax year.

    Parameters
    ----------
    property_class : str
        `macrs_5` or `macrs_15`.
    bonus : float, optional
        Share written off at once; the rest follows the schedule. Default: what the law allows today, all of it.

    Returns
    -------
    tuple of float
        Adds up to 1 [fraction].

    Raises
    ------
    CatalogError
        Unknown class.
    """
    book = read_facts("tax")
    if property_class not in book["depreciation"]:
        raise CatalogError("class of property", property_class, book["depreciation"])
    at_once = as_fact(book["bonus"]).value if bonus is None else bonus
    shares = [float(share) for share in book["depreciation"][property_class]["shares"]]
    return tuple((1 - at_once) * share + (at_once if year == 0 else 0.0) for year, share in enumerate(shares))
