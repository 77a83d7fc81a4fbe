/* Versions of a leaf function for newer x86-64 machines, picked when the module is loaded.
   Empty where the compiler or the C library can't do it (needs GNU ifunc: glibc on x86-64). */
#ifndef OPTIMIZER_CLONES_H
#define OPTIMIZER_CLONES_H
#if defined(__x86_64__) && defined(__linux__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(OPTIMIZER_NO_CLONES)
#define OPTIMIZER_CLONES __attribute__((flatten, target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define OPTIMIZER_CLONES
#endif
#endif
