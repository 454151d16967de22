/* 80-bit floating point, which the compiler does with the x87: polynomials, Newton's square roots, the Mandelbrot set.
   No functions like sine: emulators compute these with an error of their own, so results cannot be compared. */
#include "bench.h"
#include <math.h>
#include <string.h>

typedef long double real;

static uint64_t bits(real x) {
  uint64_t mantissa;
  memcpy(&mantissa, &x, 8);
  return mantissa;
}

static real exponential(real x) {
  real sum = 1;
  for (int n = 24; n > 0; n--) sum = 1 + sum * x / n;
  return sum;
}

static real square_root(real x) {
  real root = x > 1 ? x / 2 : 1;
  for (int i = 0; i < 12; i++) root = (root + x / root) / 2;
  return root;
}

static unsigned escapes(real x, real y) {
  real a = 0, b = 0;
  unsigned n = 0;
  while (n < 200 && a * a + b * b < 4) {
    real next = a * a - b * b + x;
    b = 2 * a * b + y;
    a = next;
    n++;
  }
  return n;
}

uint64_t x87(unsigned scale) {
  uint64_t total = 0;
  begin();
  for (unsigned round = 0; round < scale; round++) {
    real shift = (real)round / 1000;
    for (int i = 1; i <= 400; i++) {
      real x = (real)i / 400 + shift / 7, e = exponential(x), r = square_root(x);
      CHECK(fabsl(e * exponential(-x) - 1) < 1e-17L && fabsl(r - sqrtl(x)) < 1e-17L);
      total = mixed(total, bits(e) ^ bits(r));
    }
    for (int y = -16; y < 16; y++) {
      for (int x = -40; x < 20; x++) total = mixed(total, escapes(x / (real)20 + shift, y / (real)16));
    }
  }
  return total;
}
