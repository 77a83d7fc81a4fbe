"""All tables of a plan, by name."""

from __future__ import annotations

from functools import partial
from typing import Any

from optimizer.plan import tables_decisions as decisions
from optimizer.plan import tables_leases as leases
from optimizer.plan import tables_levelised as generations
from optimizer.plan import tables_limits as shared
from optimizer.plan import tables_money as money
from optimizer.plan import tables_returns as of_returns
from optimizer.plan import tables_sites as sites
from optimizer.plan import tables_statement as statements
from optimizer.plan import tables_supply as supplies
from optimizer.plan import tables_wide as wide
from optimizer.plan.accounts import Accounts
from optimizer.plan.accounts_halls import fill
from optimizer.plan.levelised import levelised
from optimizer.plan.records import PlanContent
from optimizer.plan.statement import statement
from optimizer.scenario.schema import Scenario


def plan_tables(scenario: Scenario, content: PlanContent, designs: Any, accounts: Accounts) -> dict[str, Any]:
    """Tables: name -> DataFrame, units in column names, periods as their first month."""
    capital = money.capex_by_class(accounts)
    labels = accounts.labels
    made = statement(scenario, accounts, content)
    cost = levelised(scenario, accounts, content)
    return {
        "builds": decisions.builds(content, labels, partial(fill, accounts.terms)),
        "sites_by_period": sites.sites_by_period(accounts, content),
        "power": supplies.power(accounts, content),
        "supply_by_site": supplies.supply_by_site(accounts, content),
        "energy_by_source": supplies.energy_by_source(accounts, content),
        "supply_options": supplies.supply_options(accounts, content),
        "compute": sites.compute(accounts),
        "work": sites.work(accounts, content),
        "stranded": wide.stranded(accounts),
        "carbon": wide.carbon(accounts, content),
        "leases": wide.leases(accounts, content),
        "leases_by_period": leases.leases_by_period(accounts, content),
        "demand": decisions.demand(scenario, content, accounts.times),
        "jobs": decisions.jobs(scenario, content),
        "chips_bought": money.chips_bought(accounts),
        "money_by_period": money.money_by_period(accounts),
        "capex_by_class": capital,
        "opex_by_site": money.opex_by_site(accounts),
        "sources_and_uses": decisions.sources_and_uses(content, labels, capital),
        "statement": statements.statement(made),
        "debt": statements.debt(made),
        "returns": of_returns.returns(made),
        "source_returns": of_returns.source_returns(scenario, made),
        "reconciliation": of_returns.reconciliation(accounts, made),
        "depreciation": statements.depreciation(scenario, made),
        "levelised_cost": statements.levelised_cost(cost),
        "levelised_by_site": generations.levelised_by_site(accounts, cost),
        "levelised_by_generation": generations.levelised_by_generation(accounts, cost),
        "raises": statements.raises(scenario, content, accounts.times),
        "limits": shared.limits(accounts, content),
        "capital_bill": money.capital_bill(accounts),
        "designs": designs,
    }
