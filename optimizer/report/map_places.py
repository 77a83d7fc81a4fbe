"""Where sites and their names stand on the map: projections, and names moved apart until none hides another."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Point = tuple[float, float]
Box = tuple[float, float, float, float]
Forward = Callable[[float, float], Point]

# Outermost points of the 48 states [degrees east, degrees north].
_STATES: tuple[Point, ...] = (
    (-124.73, 48.4),
    (-124.4, 40.4),
    (-117.1, 32.5),
    (-97.1, 25.8),
    (-81.0, 25.1),
    (-75.5, 35.2),
    (-66.95, 44.8),
    (-68.2, 47.4),
    (-95.15, 49.4),
)
_GAPS = (2.0, 7.0, 13.0, 20.0, 28.0, 38.0, 50.0, 64.0, 80.0)  # between circle and name [pixels]
_NEAR = 7.0  # from here on a line leads from the circle to the name [pixels]
_TURNS = (
    0,
    180,
    90,
    270,
    20,
    160,
    200,
    340,
    45,
    135,
    225,
    315,
    70,
    110,
    250,
    290,
)  # clockwise from the right
_COST_CROSSED = 40.0
_WORLD_SPAN = 1.1  # least width of a map of the world [radians at the equator, about 63 degrees]


@dataclass(frozen=True)
class Frame:
    """A projection fixed in pixels, as Vega takes it.

    Attributes
    ----------
    kind : str
        Name of the projection in Vega.
    forward : callable
        (longitude, latitude) [degrees] to (x, y) in units of `scale`, y downwards.
    scale : float
        Pixels a unit.
    translate : (float, float)
        Where the unit's origin stands [pixels].
    width, height : int
        [pixels]
    """

    kind: str
    forward: Forward
    scale: float
    translate: Point
    width: int
    height: int

    def pixel(self, lon: float, lat: float) -> Point:
        """Where a place stands [pixels from the left, from the top]."""
        x, y = self.forward(lon, lat)
        return self.translate[0] + self.scale * x, self.translate[1] + self.scale * y

    def place(self, pixel: Point, near: Point) -> Point:
        """Longitude and latitude of a pixel by Newton's method, from a place that is near it [degrees]."""
        lon, lat = near
        for _ in range(12):
            x, y = self.pixel(lon, lat)
            step = 1e-4
            east, north = self.pixel(lon + step, lat), self.pixel(lon, lat + step)
            a, b = (east[0] - x) / step, (north[0] - x) / step
            c, d = (east[1] - y) / step, (north[1] - y) / step
            determinant = a * d - b * c
            dx, dy = pixel[0] - x, pixel[1] - y
            lon += (d * dx - b * dy) / determinant
            lat += (a * dy - c * dx) / determinant
        return lon, lat


@dataclass(frozen=True)
class Name:
    """A site's name on the map [pixels]: the text's centre, and where a line from its circle starts and ends."""

    text: Point
    line: tuple[Point, Point] | None


def albers(lon: float, lat: float) -> Point:
    """Albers' equal-area conic of the United States, centred as d3's `geoAlbers`."""
    first, second = math.sin(math.radians(29.5)), math.sin(math.radians(45.5))
    n = (first + second) / 2
    c = 1 + first * (2 * n - first)

    def raw(east: float, north: float) -> Point:
        r = math.sqrt(max(0.0, c - 2 * n * math.sin(math.radians(north)))) / n
        angle = n * math.radians(east)
        return r * math.sin(angle), math.sqrt(c) / n - r * math.cos(angle)

    x, y = raw(lon + 96.0, lat)
    x0, y0 = raw(-0.6, 38.7)
    return x - x0, y0 - y


def equal_earth(lon: float, lat: float) -> Point:
    """The Equal Earth projection (Šavrič, Patterson, Jenny 2018)."""
    a1, a2, a3, a4, m = 1.340264, -0.081106, 0.000893, 0.003796, math.sqrt(3) / 2
    angle = math.asin(m * math.sin(math.radians(lat)))
    square = angle * angle
    sixth = square**3
    slope = a1 + 3 * a2 * square + sixth * (7 * a3 + 9 * a4 * square)
    x = math.radians(lon) * math.cos(angle) / (m * slope)
    return x, -angle * (a1 + a2 * square + sixth * (a3 + a4 * square))


def states_frame(width: int, with_insets: bool) -> Frame:
    """The 48 states over the whole width; with insets of Alaska and Hawaii where a site stands there."""
    kind = "albersUsa" if with_insets else "albers"
    return _fitted(kind, albers, [albers(lon, lat) for lon, lat in _STATES], width, 0.015, 0.60, 0.66)


def world_frame(width: int, places: Sequence[Point]) -> Frame:
    """The part of the world that holds all places, with a margin."""
    points = [equal_earth(lon, lat) for lon, lat in places]
    middle = (max(x for x, _ in points) + min(x for x, _ in points)) / 2
    half = _WORLD_SPAN / 2
    level = sum(y for _, y in points) / len(points)
    corners = [*points, (middle - half, level), (middle + half, level)]
    return _fitted("equalEarth", equal_earth, corners, width, 0.08, 0.42, 0.62)


def _fitted(
    kind: str, forward: Forward, points: Sequence[Point], width: int, margin: float, flat: float, steep: float
) -> Frame:
    """A frame that shows all points; its height lies between `flat` and `steep` times the width."""
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    edge = margin * (right - left)
    scale = width / (right - left + 2 * edge)
    wanted = (bottom - top + 2 * edge) * scale
    height = min(max(wanted, flat * width), steep * width)
    scale *= min(1.0, height / wanted)
    translate = (width / 2 - scale * (left + right) / 2, height / 2 - scale * (top + bottom) / 2)
    return Frame(kind, forward, scale, translate, width, round(height))


def names_apart(
    circles: Sequence[tuple[float, float, float]],
    sizes: Sequence[Point],
    width: float,
    height: float,
    obstacles: Sequence[Point] = (),
) -> list[Name]:
    """Find a place for every name, the first names first.

    Parameters
    ----------
    circles : sequence of (x, y, radius)
        [pixels]
    sizes : sequence of (width, height)
        Of the names [pixels].
    width, height : float
        Of the map [pixels].
    obstacles : sequence of (x, y)
        Small dots that a name had better not hide [pixels].

    Returns
    -------
    list of Name
    """
    taken: list[Box] = []
    drawn: list[Point] = []
    names = []
    for circle, size in zip(circles, sizes, strict=True):
        best: tuple[float, Name, Box] | None = None
        for gap in _GAPS:
            for turn in _TURNS:
                name, box = _placed(circle, size, gap, turn)
                cost = gap + _cost(box, taken, circles, (*obstacles, *drawn), width, height)
                others = [other for other in circles if other != circle]
                cost += _COST_CROSSED * sum(_hidden(point, taken, others) for point in _along(name.line))
                if best is None or cost < best[0] - 1e-9:
                    best = (cost, name, box)
        if best is None:
            raise ValueError("no place was tried")
        names.append(best[1])
        taken.append(best[2])
        drawn += _along(best[1].line)
    return names


def _placed(circle: tuple[float, float, float], size: Point, gap: float, turn: float) -> tuple[Name, Box]:
    """A name beside its circle in a direction [degrees], its box touching a circle of radius + gap."""
    (x, y, radius), (wide, high) = circle, size
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    centre = (x + cos * (radius + gap + wide / 2), y + sin * (radius + gap + high / 2))
    box = (centre[0] - wide / 2, centre[1] - high / 2, centre[0] + wide / 2, centre[1] + high / 2)
    if gap <= _NEAR:
        return Name(centre, None), box
    away_x, away_y = centre[0] - x, centre[1] - y
    away = math.hypot(away_x, away_y)
    reach = min(wide / 2 / abs(away_x) if away_x else 1.0, high / 2 / abs(away_y) if away_y else 1.0)
    start = (x + away_x * radius / away, y + away_y * radius / away)
    end = (centre[0] - away_x * min(1.0, reach), centre[1] - away_y * min(1.0, reach))
    return Name(centre, (start, end)), box


def _along(line: tuple[Point, Point] | None) -> list[Point]:
    """Points on a line, some four pixels apart."""
    if line is None:
        return []
    (a, b), (c, d) = line
    count = max(2, int(math.hypot(c - a, d - b) / 4))
    return [(a + (c - a) * n / count, b + (d - b) * n / count) for n in range(count + 1)]


def _hidden(point: Point, boxes: Sequence[Box], circles: Sequence[tuple[float, float, float]]) -> bool:
    x, y = point
    return any(left < x < right and top < y < bottom for left, top, right, bottom in boxes) or any(
        math.hypot(x - a, y - b) < radius for a, b, radius in circles
    )


def _cost(
    box: Box,
    taken: Sequence[Box],
    circles: Sequence[tuple[float, float, float]],
    obstacles: Sequence[Point],
    width: float,
    height: float,
) -> float:
    left, top, right, bottom = box
    cost = 0.0
    if left < 2 or right > width - 2 or top < 2 or bottom > height - 2:
        cost += 1000.0
    for a, b, c, d in taken:
        if left < c + 2 and right > a - 2 and top < d + 1 and bottom > b - 1:
            cost += 300.0
    for x, y, radius in circles:
        near_x, near_y = min(max(x, left), right), min(max(y, top), bottom)
        if math.hypot(x - near_x, y - near_y) < radius + 1:
            cost += 200.0
    for x, y in obstacles:
        if left - 2 < x < right + 2 and top - 2 < y < bottom + 2:
            cost += 6.0
    return cost
