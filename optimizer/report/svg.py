"""Charts as SVG text inside a page: no script, no request, a title and a description in words."""

from __future__ import annotations

import json
import re
from html import escape
from typing import Any

_OPENING = re.compile(r"<svg\b[^>]*>")
_SIZE = re.compile(r'\b(width|height)="([\d.]+)"')
_BACKGROUND = re.compile(r'<rect width="[\d.]+" height="[\d.]+" fill="[^"]*"\s*/?>(?:</rect>)?')
_LONG_DECIMAL = re.compile(r"(\d+\.\d)\d+")
_PATH = re.compile(r'(?<=\bd=")[^"]*')


def to_svg(chart: Any, identity: str, title: str, description: str) -> str:
    """Draw a chart.

    Parameters
    ----------
    chart : altair chart
    identity : str
        Unique in the page; prefixes the ids.
    title, description : str
        What the chart shows, and what one sees in it.

    Returns
    -------
    str
        `<svg>` that scales to the width of its box up to its own.
    """
    import vl_convert

    drawn: str = vl_convert.vegalite_to_svg(json.dumps(chart.to_dict()), allowed_base_urls=[])
    opening = _OPENING.match(drawn)
    if opening is None:
        raise ValueError("the chart engine gave no SVG")
    size = dict(_SIZE.findall(opening[0]))
    width, height = float(size["width"]), float(size["height"])
    # Ids such as clip paths must not clash with those of another chart on the page.
    body = re.sub(r'\bid="', f'id="{identity}-', drawn[opening.end() :])
    body = body.replace("url(#", f"url(#{identity}-").replace('href="#', f'href="#{identity}-')
    # The page has its own ground, and a tenth of a pixel is enough for outlines.
    body = _BACKGROUND.sub("", body, count=1)
    body = _PATH.sub(lambda path: _LONG_DECIMAL.sub(r"\1", path[0]), body)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'style="max-width:{width:g}px" role="img" aria-labelledby="{identity}-title {identity}-desc">'
        f'<title id="{identity}-title">{escape(title)}</title>'
        f'<desc id="{identity}-desc">{escape(description)}</desc>'
        f"{body}"
    )
