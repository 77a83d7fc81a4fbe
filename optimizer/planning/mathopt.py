"""The one place that imports OR-Tools: arrays in, arrays out, through raw MathOpt messages.

Traps in the wheels that this file knows of: HiGHS takes `threads` as an option of its own and calls back with
its log alone, so that incumbent and bound are read from the log and improving solutions from a file.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.planning.model import Model

Floats = NDArray[np.float64]

# A row of HiGHS's table: optional source letter, counts, bound, incumbent, gap, …
_NUMBER = r"([-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|inf))"
_HIGHS_ROW = re.compile(
    rf"^\s?[A-Z]?\s+\d+\s+\d+\s+\d+\s+[\d.]+%\s+{_NUMBER}\s+{_NUMBER}\s+(?:[\d.]+%|Large|inf)", re.IGNORECASE
)


@dataclass(frozen=True)
class SolverOptions:
    """How to solve.

    Attributes
    ----------
    solver : {"highs", "scip", "cpsat", "glop", "pdlp"}
    time_limit_s : float
    relative_gap : float
    threads : int
    seed : int
    node_limit : int or None
        In place of the clock where results must repeat.
    relax : bool
        Solve the linear relaxation.
    improving_file : str or None
        Where HiGHS writes improving solutions.
    highs : dict
        Further options of HiGHS by name.
    """

    solver: str = "highs"
    time_limit_s: float = 60.0
    relative_gap: float = 1e-4
    threads: int = 1
    seed: int = 0
    node_limit: int | None = None
    relax: bool = False
    improving_file: str | None = None
    highs: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Solution:
    """What the solver found.

    Attributes
    ----------
    status : {"optimal", "feasible", "infeasible", "unbounded", "no_solution", "failed"}
    x : ndarray of shape (n_columns,) or None
    objective, bound : float
        Of the minimisation; inf and -inf where there is none.
    row_dual, reduced_cost : ndarray or None
        Of the relaxation.
    message : str
        The solver's own words where it failed.
    """

    status: str
    x: Floats | None
    objective: float
    bound: float
    row_dual: Floats | None = None
    reduced_cost: Floats | None = None
    message: str = ""


def version() -> str:
    """Version of OR-Tools."""
    import ortools

    return str(ortools.__version__)


def read_log_row(line: str) -> tuple[float, float] | None:
    """Bound and incumbent of a row of HiGHS's table, if the line is one."""
    match = _HIGHS_ROW.match(line)
    return (float(match[1]), float(match[2])) if match else None


def solve(
    model: Model,
    options: SolverOptions,
    hint: Floats | None = None,
    on_log: Callable[[str], None] | None = None,
) -> Solution:
    """Solve in this process; it cannot be interrupted, so callers run it in a child.

    Parameters
    ----------
    model : Model
    options : SolverOptions
    hint : ndarray of shape (n_columns,), optional
        A solution to start from; nan where unknown.
    on_log : callable, optional
        Called with each line of the solver's log.
    """
    from ortools.math_opt import callback_pb2, model_parameters_pb2, parameters_pb2
    from ortools.math_opt.core.python import solver as core

    solver_type = {
        "highs": parameters_pb2.SOLVER_TYPE_HIGHS,
        "scip": parameters_pb2.SOLVER_TYPE_GSCIP,
        "cpsat": parameters_pb2.SOLVER_TYPE_CP_SAT,
        "glop": parameters_pb2.SOLVER_TYPE_GLOP,
        "pdlp": parameters_pb2.SOLVER_TYPE_PDLP,
    }[options.solver]
    model_parameters = model_parameters_pb2.ModelSolveParametersProto()
    if hint is not None:
        known = np.flatnonzero(np.isfinite(hint))
        values = model_parameters.solution_hints.add().variable_values
        values.ids.extend(known.tolist())
        values.values.extend(hint[known].tolist())

    def log(lines: list[str]) -> None:
        if on_log is not None:
            for line in lines:
                on_log(line)

    try:
        result = core.solve(
            _model_proto(model, options.relax),
            solver_type,
            parameters_pb2.SolverInitializerProto(),
            _parameters(options),
            model_parameters,
            log if on_log is not None else None,
            callback_pb2.CallbackRegistrationProto(),
            None,
            None,
        )
    except Exception as error:
        # The wheel's own error path fails; the true text is in the context.
        return Solution("failed", None, math.inf, -math.inf, message=str(error.__context__ or error))
    return _solution(result, model, options.relax)


def _model_proto(model: Model, relax: bool) -> Any:
    from ortools.math_opt import model_pb2

    proto = model_pb2.ModelProto()
    columns, rows = range(model.n_columns), range(model.n_rows)
    proto.variables.ids.extend(columns)
    proto.variables.lower_bounds.extend(model.lower.tolist())
    proto.variables.upper_bounds.extend(model.upper.tolist())
    proto.variables.integers.extend((model.integer & (not relax)).tolist())
    paying = np.flatnonzero(model.cost)
    proto.objective.linear_coefficients.ids.extend(paying.tolist())
    proto.objective.linear_coefficients.values.extend(model.cost[paying].tolist())
    proto.objective.offset = model.offset
    proto.linear_constraints.ids.extend(rows)
    proto.linear_constraints.lower_bounds.extend(model.row_lower.tolist())
    proto.linear_constraints.upper_bounds.extend(model.row_upper.tolist())
    proto.linear_constraint_matrix.row_ids.extend(model.row_of_entry().tolist())
    proto.linear_constraint_matrix.column_ids.extend(model.column.tolist())
    proto.linear_constraint_matrix.coefficients.extend(model.value.tolist())
    return proto


def _parameters(options: SolverOptions) -> Any:
    from ortools.math_opt import parameters_pb2

    parameters = parameters_pb2.SolveParametersProto()
    if math.isfinite(options.time_limit_s):
        parameters.time_limit.FromTimedelta(datetime.timedelta(seconds=max(options.time_limit_s, 0.01)))
    if not options.relax and options.solver not in ("glop", "pdlp"):
        parameters.relative_gap_tolerance = options.relative_gap
        if options.node_limit is not None:
            parameters.node_limit = options.node_limit
    if options.solver == "highs":
        parameters.highs.int_options["threads"] = options.threads
        parameters.highs.int_options["random_seed"] = options.seed
        if options.threads == 1:
            parameters.highs.string_options["parallel"] = "off"
        if options.improving_file is not None and not options.relax:
            parameters.highs.bool_options["mip_improving_solution_save"] = True
            parameters.highs.string_options["mip_improving_solution_file"] = options.improving_file
        for name, value in options.highs.items():
            if isinstance(value, bool):
                parameters.highs.bool_options[name] = value
            elif isinstance(value, int):
                parameters.highs.int_options[name] = value
            elif isinstance(value, float):
                parameters.highs.double_options[name] = value
            else:
                parameters.highs.string_options[name] = value
    elif options.solver not in ("glop", "scip"):
        parameters.threads = options.threads
    return parameters


def _dense(sparse: Any, size: int) -> Floats:
    values = np.zeros(size)
    values[np.array(sparse.ids, dtype=np.int64)] = np.array(sparse.values, dtype=float)
    return values


def _solution(result: Any, model: Model, relax: bool) -> Solution:
    from ortools.math_opt import result_pb2, solution_pb2

    reason = result.termination.reason
    if reason == result_pb2.TERMINATION_REASON_INFEASIBLE:
        return Solution("infeasible", None, math.inf, math.inf)
    if reason in (
        result_pb2.TERMINATION_REASON_UNBOUNDED,
        result_pb2.TERMINATION_REASON_INFEASIBLE_OR_UNBOUNDED,
    ):
        status = (
            "unbounded" if reason == result_pb2.TERMINATION_REASON_UNBOUNDED else "infeasible_or_unbounded"
        )
        return Solution(status, None, math.inf, -math.inf, message=result.termination.detail)
    x = row_dual = reduced = None
    objective, bound = math.inf, float(result.termination.objective_bounds.dual_bound)
    feasible = solution_pb2.SOLUTION_STATUS_FEASIBLE
    for solution in result.solutions:
        if solution.HasField("primal_solution") and solution.primal_solution.feasibility_status == feasible:
            x = _dense(solution.primal_solution.variable_values, model.n_columns)
            objective = float(model.cost @ x + model.offset)
            if relax and solution.HasField("dual_solution"):
                row_dual = _dense(solution.dual_solution.dual_values, model.n_rows)
                reduced = _dense(solution.dual_solution.reduced_costs, model.n_columns)
            break
    if x is None:
        return Solution("no_solution", None, objective, bound, message=result.termination.detail)
    status = "optimal" if reason == result_pb2.TERMINATION_REASON_OPTIMAL else "feasible"
    if relax and status == "optimal":
        bound = objective
    return Solution(status, x, objective, min(bound, objective), row_dual, reduced)
