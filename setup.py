"""Extension modules only; everything else is in pyproject.toml.

Sources live in `_core/` and are installed as `optimizer._core.<name>`. Point laws are
`.pxd` files found through the include path; loops are `.pyx` files.
"""

import os
import sys
from pathlib import Path

from Cython.Build import cythonize
from setuptools import Extension, setup

# Checked builds (bounds, initialisation) for debugging: OPTIMIZER_CHECKED=1 pip install -e .
CHECKED = os.environ.get("OPTIMIZER_CHECKED") == "1"

if sys.platform == "win32":
    COMPILE_ARGS = ["/O2"]
else:
    COMPILE_ARGS = ["-O3", "-fno-math-errno", "-fno-trapping-math"]

MODULES = sorted(p.stem for p in Path("_core").glob("*.pyx"))
# Single precision: the same sources with another type, and constants of that type.
SINGLE = {
    name: (
        [("OPTIMIZER_SINGLE", "1")],
        [] if sys.platform == "win32" else ["-fsingle-precision-constant"],
    )
    for name in MODULES
    if name.endswith("32")
}

extensions = [
    Extension(
        f"optimizer._core.{name}",
        [f"_core/{name}.pyx"],
        include_dirs=["_core"],
        define_macros=SINGLE.get(name, ([], []))[0],
        extra_compile_args=COMPILE_ARGS + SINGLE.get(name, ([], []))[1],
        depends=[str(p) for p in sorted(Path("_core").glob("*.pxd"))]
        + [str(p) for p in sorted(Path("_core").glob("*.h"))],
    )
    for name in MODULES
]

setup(
    options={"build_ext": {"parallel": os.cpu_count()}},
    ext_modules=cythonize(
        extensions,
        include_path=["_core"],
        build_dir="build/cython",
        compiler_directives={
            "language_level": 3,
            "boundscheck": CHECKED,
            "initializedcheck": CHECKED,
            "wraparound": False,
            "cdivision": True,
            "embedsignature": True,
            "freethreading_compatible": True,
        },
    )
    if extensions
    else [],
)
