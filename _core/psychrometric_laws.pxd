# Moist air, one point at a time. Source: ASHRAE Handbook of Fundamentals 2017, chapter 1 (Hyland and Wexler 1983).
# Temperatures in degC, pressures in Pa, humidity ratios in kg of water per kg of dry air, rh a fraction.
# No exp or log: the eighth root of saturation pressure is a polynomial (docs/tools/fit_saturation.py; 3.2e-8 and 5.9e-8
# relative to the published equations over -5..65 degC and -65..0.01 degC).

cdef enum:
    NEWTON_STEPS = 2


cdef inline double eighth_power(double x) noexcept nogil:
    cdef double x2 = x * x
    cdef double x4 = x2 * x2
    return x4 * x4


cdef inline double root_water(double t) noexcept nogil:
    return 2.22984183868001296e+00 + t * (2.02484440251412268e-02 + t * (8.72030851974792105e-06
        + t * (-1.61239447646774386e-07 + t * (4.86950717183944731e-10
        + t * (-3.76701610895906579e-13 + t * -1.22599988423848301e-15)))))


cdef inline double root_water_slope(double t) noexcept nogil:
    return 2.02484440251412268e-02 + t * (2 * 8.72030851974792105e-06
        + t * (-3 * 1.61239447646774386e-07 + t * (4 * 4.86950717183944731e-10
        + t * (-5 * 3.76701610895906579e-13 + t * (-6 * 1.22599988423848301e-15)))))


cdef inline double root_ice(double t) noexcept nogil:
    return 2.22981478661969668e+00 + t * (2.29522169489937769e-02 + t * (3.32668759287397069e-05
        + t * (-1.65175025080451990e-07 + t * (1.74992391316645797e-10
        + t * (2.12652312726622527e-13 + t * -7.73597476462367399e-15)))))


cdef inline double root_ice_slope(double t) noexcept nogil:
    return 2.29522169489937769e-02 + t * (2 * 3.32668759287397069e-05
        + t * (-3 * 1.65175025080451990e-07 + t * (4 * 1.74992391316645797e-10
        + t * (5 * 2.12652312726622527e-13 + t * (-6 * 7.73597476462367399e-15)))))


cdef inline double saturation_pressure(double t) noexcept nogil:
    """Over ice below 0 degC, else over water [Pa]."""
    return eighth_power(root_ice(t) if t < 0.0 else root_water(t))


cdef inline double humidity_ratio_of_pressure(double vapour_pa, double p) noexcept nogil:
    return 0.621945 * vapour_pa / (p - vapour_pa)


cdef inline double humidity_ratio(double t, double rh, double p) noexcept nogil:
    cdef double w = humidity_ratio_of_pressure(rh * saturation_pressure(t), p)
    return w if w > 1e-7 else 1e-7


cdef inline double enthalpy(double t, double w) noexcept nogil:
    """Of moist air [J/kg of dry air]."""
    return 1006.0 * t + w * (2.501e6 + 1860.0 * t)


cdef inline double density(double t, double w, double p) noexcept nogil:
    """Of moist air [kg/m3]."""
    return (1.0 + w) * p / (287.042 * (t + 273.15) * (1.0 + 1.607858 * w))


cdef inline double vaporisation_heat(double t) noexcept nogil:
    """Of water [kJ/kg]."""
    return 2500.5 + t * (-2.3097 - 0.0013 * t)


cdef inline double wet_bulb_guess(double t, double rh, double p) noexcept nogil:
    # docs/tools/fit_wet_bulb.py; within 0.8 K over -50..55 degC
    cdef double q = p * 1e-5
    cdef double c0 = (-1.193468410e+01 + 5.612013128e+00 * q) + rh * ((1.509464031e+01 - 8.416151888e+00 * q)
        + rh * ((-3.508926391e+00 + 3.505908244e+00 * q) + rh * (3.360278188e-01 - 6.956609582e-01 * q)))
    cdef double c1 = (4.851595983e-01 + 1.961376402e-01 * q) + rh * ((8.507751293e-01 - 4.627371933e-01 * q)
        + rh * ((-4.624078201e-01 + 4.025468220e-01 * q) + rh * (1.268837782e-01 - 1.368853029e-01 * q)))
    cdef double c2 = (-4.193046943e-03 + 2.480835346e-04 * q) + rh * ((1.394450869e-02 - 5.271774992e-03 * q)
        + rh * ((-1.695219275e-02 + 9.523245980e-03 * q) + rh * (7.292566676e-03 - 4.563114621e-03 * q)))
    cdef double c3 = (3.426954993e-05 - 3.133985661e-05 * q) + rh * ((5.228828488e-05 + 2.163223675e-05 * q)
        + rh * ((-1.956786300e-04 + 5.480867419e-05 * q) + rh * (1.111560365e-04 - 4.630904714e-05 * q)))
    return c0 + t * (c1 + t * (c2 + t * c3))


cdef inline double wet_bulb(double t, double rh, double w, double p) noexcept nogil:
    """Thermodynamic wet bulb [degC]: water if the air is at least as humid as at a wet bulb of 0 degC over water, else ice.

    The two branches of the published equation overlap by up to 0.75 K near 0 degC; this choice is made once, before iterating.
    """
    cdef double ws_zero = humidity_ratio_of_pressure(eighth_power(2.22984183868001296e+00), p)
    cdef bint over_water = 2501.0 * ws_zero - 1.006 * t <= (2501.0 + 1.86 * t) * w
    # latent heat and its slope, heat of vapour, heat of liquid or ice
    cdef double latent = 2501.0 if over_water else 2830.0
    cdef double latent_slope = -2.326 if over_water else -0.24
    cdef double condensed = 4.186 if over_water else 2.1
    cdef double x = wet_bulb_guess(t, rh, p)
    cdef double root, slope, r2, r4, pws, pws_slope, dry, full, needed
    cdef int _step
    for _step in range(NEWTON_STEPS):
        root = root_water(x) if over_water else root_ice(x)
        slope = root_water_slope(x) if over_water else root_ice_slope(x)
        r2 = root * root
        r4 = r2 * r2
        pws = r4 * r4
        pws_slope = 8.0 * r4 * r2 * root * slope
        # Newton on latent(x) ws(x) = needed(x) with both sides times the square of the dry air's pressure: one division.
        dry = p - pws
        full = 0.621945 * (latent + latent_slope * x)
        needed = 1.006 * (t - x) + (latent + 1.86 * t - condensed * x) * w
        x -= (dry * (full * pws - needed * dry)
              / (dry * (0.621945 * latent_slope * pws + (1.006 + condensed * w) * dry) + full * p * pws_slope))
    return x if x < t else t
