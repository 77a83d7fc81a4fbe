"""Loops of the moist-air laws over arrays. The caller allocates and checks."""

cimport psychrometric_laws as law

cdef extern from "clones.h":
    ctypedef void clones_void "OPTIMIZER_CLONES void"


cdef clones_void _wet_bulb(const double* t, const double* rh, const double* p, double* out, Py_ssize_t n) noexcept nogil:
    cdef Py_ssize_t i
    for i in range(n):
        out[i] = law.wet_bulb(t[i], rh[i], law.humidity_ratio(t[i], rh[i], p[i]), p[i])


cdef clones_void _saturation_pressure(const double* t, double* out, Py_ssize_t n) noexcept nogil:
    cdef Py_ssize_t i
    for i in range(n):
        out[i] = law.saturation_pressure(t[i])


cdef clones_void _humidity_ratio(const double* t, const double* rh, const double* p, double* out, Py_ssize_t n) noexcept nogil:
    cdef Py_ssize_t i
    for i in range(n):
        out[i] = law.humidity_ratio(t[i], rh[i], p[i])


def wet_bulb(const double[::1] t_c, const double[::1] rh, const double[::1] p_pa, double[::1] out):
    """Wet bulb [degC] of arrays of one length."""
    if out.shape[0]:
        with nogil:
            _wet_bulb(&t_c[0], &rh[0], &p_pa[0], &out[0], out.shape[0])


def saturation_pressure(const double[::1] t_c, double[::1] out):
    """Saturation pressure [Pa] over ice below 0 degC, else over water."""
    if out.shape[0]:
        with nogil:
            _saturation_pressure(&t_c[0], &out[0], out.shape[0])


def humidity_ratio(const double[::1] t_c, const double[::1] rh, const double[::1] p_pa, double[::1] out):
    """Humidity ratio [kg/kg of dry air]."""
    if out.shape[0]:
        with nogil:
            _humidity_ratio(&t_c[0], &rh[0], &p_pa[0], &out[0], out.shape[0])
