/* Gravity between five bodies in double precision, by the leapfrog method. */
#include "bench.h"
#include <math.h>
#include <string.h>

enum { BODIES = 5, STEPS = 20000 };

struct body {
  double place[3], speed[3], mass;
};

/* A sun at rest and four planets on their ways; units are such that the constant of gravity is 1. */
static struct body bodies[BODIES] = {
  {{0, 0, 0}, {0, 0, 0}, 40},
  {{5, 0, 0.1}, {0, 2.8, 0}, 0.04},
  {{0, 9.5, -0.2}, {-2.05, 0, 0.01}, 0.012},
  {{-19, 0, 0.3}, {0, -1.45, 0}, 0.0017},
  {{0, -30, 0}, {1.15, 0, 0.02}, 0.002},
};

static double square_distance(const double *a, const double *b) {
  double x = a[0] - b[0], y = a[1] - b[1], z = a[2] - b[2];
  return x * x + y * y + z * z;
}

static double energy(void) {
  double total = 0;
  const double rest[3] = {0};
  for (int i = 0; i < BODIES; i++) {
    total += bodies[i].mass * square_distance(bodies[i].speed, rest) / 2;
    for (int j = 0; j < i; j++)
      total -= bodies[i].mass * bodies[j].mass / sqrt(square_distance(bodies[i].place, bodies[j].place));
  }
  return total;
}

static void step(double time) {
  for (int i = 0; i < BODIES; i++) {
    for (int j = i + 1; j < BODIES; j++) {
      double square = square_distance(bodies[i].place, bodies[j].place);
      double factor = time / (square * sqrt(square));
      for (int axis = 0; axis < 3; axis++) {
        double d = (bodies[j].place[axis] - bodies[i].place[axis]) * factor;
        bodies[i].speed[axis] += d * bodies[j].mass;
        bodies[j].speed[axis] -= d * bodies[i].mass;
      }
    }
  }
  for (int i = 0; i < BODIES; i++) {
    for (int axis = 0; axis < 3; axis++) bodies[i].place[axis] += time * bodies[i].speed[axis];
  }
}

uint64_t nbody(unsigned scale) {
  uint64_t total = 0;
  double before = energy();
  begin();
  for (unsigned round = 0; round < scale; round++) {
    for (int i = 0; i < STEPS; i++) step(0.001);
    for (int i = 0; i < BODIES; i++) {
      uint64_t bits;
      memcpy(&bits, &bodies[i].place[0], 8);
      total = mixed(total, bits);
    }
  }
  CHECK(fabs(energy() - before) < fabs(before) / 100);
  return total;
}
