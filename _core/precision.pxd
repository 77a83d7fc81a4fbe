# The type of all hourly arithmetic: double in `facility`, float in `facility32`. Constants stay literals: `facility32` is
# compiled so that they are single too.
cdef extern from "precision.h" nogil:
    ctypedef double real "optimizer_real"
    real sqrt "optimizer_sqrt"(real x)
