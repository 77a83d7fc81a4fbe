"""Cross checks of taxes at sites."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.scenario.findings import Finding
from optimizer.scenario.schema import Scenario


def tax_findings(scenario: Scenario) -> Iterator[Finding]:
    """Findings of `sites[].tax`."""
    for i, site in enumerate(scenario.sites):
        tax, at = site.tax, ("sites", i, "tax")
        waived = tax.property_abatement
        if waived is not None and waived.chips and not tax.property_rate_chips:
            text = "chips are taxed by property_rate_chips, which is not given: nothing of it could be waived"
            yield Finding("E213", (*at, "property_abatement", "chips"), text)
