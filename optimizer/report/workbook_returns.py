"""Returns in a workbook: NPV, IRR on a grid of half periods, the modified rate, all live."""

from __future__ import annotations

from functools import partial

from optimizer.report.workbook_rows import FIRST, WACC, YEARS, Page, address


def write_returns(page: Page) -> None:
    """NPV, IRR and MIRR of free cash flow and of the owners' flow.

    Mid-periods and the end of the study stand evenly on a grid of half periods, which IRR needs.
    """
    made, sheet = page.made, page.sheet
    grid = page.book.add_worksheet(f"{page.name}_irr")
    page.heading("Returns")
    count = made.times.count
    for n, (line, flow) in enumerate(
        (("free cash flow", made.free_cash_flow), ("to owners", made.to_owners))
    ):
        found = made.returns(flow)
        worth = flow / 100.0 * (1 + made.wacc) ** -made.years
        page.figures(
            f"worth: {line}",
            worth,
            partial(_worth, page, line),
            page.money,
        )
        own = page.row(f"worth: {line}")
        page.one(f"NPV: {line}", "USD", found.npv_usd, page.money, f"=SUM({own})")
        grid.write_string(0, n, line, page.bold)
        for half, cents in enumerate(made.half_periods(flow)):
            period = FIRST + count if half == 2 * count else FIRST + (half - 1) // 2
            if half % 2 or half == 2 * count:
                text = f"={page.name}!{page.cell(line, period)}"
                grid.write_formula(half + 1, n, text, page.money, int(cents) / 100)
            else:
                grid.write_number(half + 1, n, 0.0)
        cells = f"{page.name}_irr!{address(1, n)}:{address(2 * count + 1, n)}"
        guess = found.rates[0] if found.rates else made.wacc
        start = (1 + guess) ** (made.times.years / 2) - 1
        page.begin(f"IRR: {line}", "a year")
        row = page.rows[f"IRR: {line}"]
        text = f'=IFERROR((1+IRR({cells},{start:.6f}))^(2/{YEARS})-1,"none")'
        sheet.write_formula(row, FIRST, text, page.rate, found.rates[0] if found.rates else "none")
        sheet.write_string(row, FIRST + 1, f"as planned: {found.words}")
        years = page.cell("years since the start", page.columns[-1])
        text = f'=IFERROR((1+{WACC})*(SUMIF({own},">0")/-SUMIF({own},"<0"))^(1/{years})-1,"none")'
        page.begin(f"MIRR: {line}", "a year")
        known = found.mirr if found.mirr == found.mirr else "none"
        sheet.write_formula(page.rows[f"MIRR: {line}"], FIRST, text, page.rate, known)
        sheet.write_string(page.rows[f"MIRR: {line}"], FIRST + 1, "finance and reinvestment at the WACC")


def _worth(page: Page, line: str, column: int) -> str:
    return f"={page.cell(line, column)}*{page.cell('discount_factor', column)}"
