/* The floating-point type of a kernel module: double, or float where OPTIMIZER_SINGLE is set. */
#ifndef OPTIMIZER_PRECISION_H
#define OPTIMIZER_PRECISION_H
#include <math.h>
#ifdef OPTIMIZER_SINGLE
typedef float optimizer_real;
#define optimizer_sqrt sqrtf
#else
typedef double optimizer_real;
#define optimizer_sqrt sqrt
#endif
#endif
