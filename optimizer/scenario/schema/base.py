"""Building blocks of the schema: records, months, dated paths and quantities with a unit."""

from __future__ import annotations

import math
import re
from itertools import pairwise
from typing import Annotated, Any, LiteralString

import pycountry
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainSerializer,
    Tag,
    ValidationInfo,
)
from pydantic_core import PydanticCustomError

_FIRST_YEAR, _LAST_YEAR = 1970, 2200
MONTH_PATTERN = r"^\d{4}-\d{2}$"
_MONTH = re.compile(r"(\d{4})-(\d{2})\Z")

# Multipliers into the unit that a key's name ends with. Decimal SI prefixes only.
_UNITS: dict[str, dict[str, float]] = {
    "MW": {"kw": 1e-3, "mw": 1.0, "gw": 1e3},
    "kW": {"w": 1e-3, "kw": 1.0, "mw": 1e3},
    "USD": {
        "usd": 1.0,
        "k usd": 1e3,
        "m usd": 1e6,
        "musd": 1e6,
        "b usd": 1e9,
        "busd": 1e9,
        "billion usd": 1e9,
    },
    "USD/MWh": {"usd/mwh": 1.0, "usd/kwh": 1e3, "ct/kwh": 10.0, "cents/kwh": 10.0},
    "USD/kW": {"usd/kw": 1.0, "usd/w": 1e3, "usd/mw": 1e-3},
    "months": {"months": 1.0, "month": 1.0, "years": 12.0, "year": 12.0},
    "years": {"years": 1.0, "year": 1.0, "months": 1 / 12},
    "ms": {"ms": 1.0, "s": 1e3},
    "acres": {"acres": 1.0, "acre": 1.0, "ha": 2.471054, "km2": 247.1054},
    "m": {"m": 1.0, "ft": 0.3048, "km": 1e3},
    "fraction": {"%": 1e-2, "percent": 1e-2},
}
_CURRENCY = re.compile(r"\b[A-Z]{3}\b")
_QUANTITY = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*([^\s\d.+-].*?)\s*\Z")


class Record(BaseModel):
    """A mapping of the scenario: immutable, no unknown keys, no infinities."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        allow_inf_nan=False,
        str_strip_whitespace=True,
        use_attribute_docstrings=True,
        validate_default=False,
    )


def parse_month(value: Any) -> int:
    """Months since year 0 of a `YYYY-MM` text; an integer passes as it is.

    >>> parse_month("2025-07")
    24306
    """
    if isinstance(value, bool):
        raise ValueError("expected a month as YYYY-MM")
    if isinstance(value, int) and 12 * _FIRST_YEAR <= value < 12 * (_LAST_YEAR + 1):
        return value  # a count of months, from a program
    match = _MONTH.match(value) if isinstance(value, str) else None
    if match is None or not 1 <= int(match[2]) <= 12:
        raise ValueError("expected a month as YYYY-MM, such as 2027-01")
    if not _FIRST_YEAR <= int(match[1]) <= _LAST_YEAR:
        raise ValueError(f"expected a year between {_FIRST_YEAR} and {_LAST_YEAR}")
    return int(match[1]) * 12 + int(match[2]) - 1


def month_label(month: int) -> str:
    """`YYYY-MM` of a month count.

    >>> month_label(24306)
    '2025-07'
    """
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


Month = Annotated[
    int,
    BeforeValidator(parse_month, json_schema_input_type=str),
    PlainSerializer(month_label, return_type=str),
    Field(json_schema_extra={"unit": "YYYY-MM", "pattern": MONTH_PATTERN}),
]


def _in_dollars(unit: str, info: ValidationInfo) -> tuple[str, float]:
    """A unit of money with its currency as USD, and the dollars that one of that currency is worth."""
    match = _CURRENCY.search(unit)
    if match is None or match[0] == "USD":
        return unit, 1.0
    rates = (info.context or {}).get("currencies", {})
    if match[0] not in rates:
        text = f"expected USD or a currency with a rate; money.currencies has none for {match[0]!r}"
        raise ValueError(text)
    return unit.replace(match[0], "USD"), float(rates[match[0]])


def _quantity_parser(unit: str) -> Any:
    known = {unit.lower(): 1.0} if unit.startswith("USD") else {}
    known |= _UNITS.get(unit, {})

    def parse(value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, bool):
            raise ValueError(f"expected a number in {unit}, found a truth value")
        if not isinstance(value, str):
            return value
        match = _QUANTITY.match(value)
        if match is None:
            raise ValueError(f"expected a number in {unit}")
        written, dollars = _in_dollars(match[2], info) if unit.startswith("USD") else (match[2], 1.0)
        factor = known.get(written.lower())
        if factor is None:
            allowed = ", ".join(known) or "a plain number"
            raise ValueError(f"unknown unit {match[2]!r}; expected {unit} ({allowed})")
        return float(match[1]) * factor * dollars

    return parse


def quantity(unit: str, **limits: Any) -> Any:
    """A float in `unit`; texts such as "1.2 GW" are converted where the unit is known.

    Parameters
    ----------
    unit : str
        Unit of the stored value, as in the key's name.
    **limits
        pydantic bounds: ge, gt, le, lt.
    """
    return Annotated[
        float,
        BeforeValidator(_quantity_parser(unit), json_schema_input_type=float | str),
        Field(json_schema_extra={"unit": unit}, **limits),
    ]


OUT_OF_ORDER = "dates_out_of_order"
OUT_OF_ORDER_TEXT: LiteralString = "dates out of order: expected a month after {before}, found {entry}"


def _in_order(path: dict[int, float]) -> dict[int, float]:
    months = list(path)
    for earlier, later in pairwise(months):
        if later <= earlier:
            # The entry is named, so that the problem is shown there.
            found = {"entry": month_label(later), "before": month_label(earlier)}
            raise PydanticCustomError(OUT_OF_ORDER, OUT_OF_ORDER_TEXT, found)
    return path


def dated(value_type: Any) -> Any:
    """A step path: date -> value, dates ascending.

    A value holds from the first period that starts on or after its date until the next one.
    """
    return Annotated[dict[Month, value_type], AfterValidator(_in_order)]


# One number or a dated path; a value is judged as what it looks like.
NUMBER_TAG, PATH_TAG = "(number)", "(path)"
# Months since year 0 of the earliest month: a number for all time is a path from there on.
FIRST_MONTH = 12 * _FIRST_YEAR


def _number_or_path_tag(value: Any) -> str:
    return PATH_TAG if isinstance(value, dict) else NUMBER_TAG


def number_or_dated(value_type: Any) -> Any:
    """A number that holds always, or a step path: date -> value, dates ascending."""
    return Annotated[
        Annotated[value_type, Tag(NUMBER_TAG)] | Annotated[dated(value_type), Tag(PATH_TAG)],
        Discriminator(_number_or_path_tag),
    ]


def as_path(value: float | dict[int, float]) -> dict[int, float]:
    """A number or dated path as a dated path.

    >>> as_path(2.0)
    {23640: 2.0}
    """
    return value if isinstance(value, dict) else {FIRST_MONTH: float(value)}


def no_truth_value(value: Any) -> Any:
    """Refuses true and false where a whole number is wanted."""
    if isinstance(value, bool):
        raise PydanticCustomError("int_type", "expected a whole number")
    return value


WholeNumber = Annotated[int, BeforeValidator(no_truth_value, json_schema_input_type=int)]
Fraction = quantity("fraction", ge=0, le=1)
Rate = quantity("fraction", ge=0, le=1)
Usd = quantity("USD", ge=0)
Mw = quantity("MW", ge=0)
PositiveMw = quantity("MW", gt=0)
H100e = quantity("h100e", ge=0)
Months = quantity("months", ge=0)
Years = quantity("years", gt=0, le=100)
# Beyond it the unit is wrong: the highest hours of any market stood at 9,000.
UsdPerMwh = quantity("USD/MWh", ge=-5000, le=5000)
UsdPerKw = quantity("USD/kW", ge=0)
Identifier = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9][A-Za-z0-9 _.\-]*$")]
COUNTRY_PATTERN = r"^[A-Z]{2}$"
CountryCode = Annotated[str, Field(pattern=COUNTRY_PATTERN)]
UNKNOWN_COUNTRY = "unknown_country"


def _of_iso(code: str) -> str:
    """A code that ISO 3166 does not have would bar what a rule means to let in."""
    if pycountry.countries.get(alpha_2=code) is None:
        hint = "; did you mean 'GB'?" if code == "UK" else ""
        text = "expected a country of ISO 3166, such as US, found '{code}'{hint}"
        raise PydanticCustomError(UNKNOWN_COUNTRY, text, {"code": code, "hint": hint})
    return code


Country = Annotated[CountryCode, AfterValidator(_of_iso)]
CURRENCY_PATTERN = r"^[A-Z]{3}$"
Currency = Annotated[str, Field(pattern=CURRENCY_PATTERN)]


def currency_rates(document: Any) -> dict[str, float]:
    """US dollars a unit of each currency, as `money.currencies` of a plain document has them.

    A bad rate counts as 1: it is refused itself, and what is written in its currency is not one more mistake.
    """
    money = document.get("money") if isinstance(document, dict) else None
    rates = money.get("currencies") if isinstance(money, dict) else None
    if not isinstance(rates, dict):
        return {}
    return {str(name): _rate(rate) for name, rate in rates.items()}


def _rate(rate: Any) -> float:
    is_number = isinstance(rate, (int, float)) and not isinstance(rate, bool)
    return float(rate) if is_number and 0 < rate < math.inf else 1.0


def _plain_number(value: Any) -> Any:
    if isinstance(value, (str, bool)):
        raise ValueError("expected US dollars as a plain number")
    return value


DollarsAUnit = Annotated[
    float, BeforeValidator(_plain_number), Field(gt=0, json_schema_extra={"unit": "USD"})
]
