# What this machine can do at most, beside which the kernel's share is stated: fused multiply-adds.
from precision cimport real

cdef extern from "clones.h":
    ctypedef void clones_void "OPTIMIZER_CLONES void"

# As many independent chains as hide the latency of two units of 64 bytes.
cdef enum:
    CHAINS = 80


cdef clones_void _chains(real* lanes, const real by, const real plus, long rounds) noexcept nogil:
    cdef real own[CHAINS]
    cdef long _i
    cdef int lane
    for lane in range(CHAINS):
        own[lane] = lanes[lane]
    for _i in range(rounds):
        for lane in range(CHAINS):
            own[lane] = own[lane] * by + plus
    for lane in range(CHAINS):
        lanes[lane] = own[lane]


def multiply_adds(real[::1] lanes, long rounds):
    """`rounds` times x = 0.999 x + 0.001 on LANES numbers; 2 LANES floating-point operations a round."""
    if lanes.shape[0] != CHAINS:
        raise ValueError(f"lanes: expected {CHAINS} numbers, found {lanes.shape[0]}")
    with nogil:
        _chains(&lanes[0], 0.999, 0.001, rounds)


LANES = CHAINS
DTYPE = "float64" if sizeof(real) == 8 else "float32"
