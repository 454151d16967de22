/* Moves memory: the C library's memcpy, memmove and memset over 8 MB, and simple loops over arrays of numbers. */
#include "bench.h"
#include <stdlib.h>
#include <string.h>

enum { WORDS = 1 << 20, BYTES = WORDS * 8 };

static void fill(uint64_t *a) {
  for (int i = 0; i < WORDS; i++) a[i] = i * 0x9e3779b9u;
}

static __attribute__((noinline)) void scaled(uint64_t *to, const uint64_t *from, uint64_t factor) {
  for (int i = 0; i < WORDS; i++) to[i] = from[i] * factor;
}

static __attribute__((noinline)) void triad(uint64_t *to, const uint64_t *a, const uint64_t *b, uint64_t factor) {
  for (int i = 0; i < WORDS; i++) to[i] = a[i] + b[i] * factor;
}

static __attribute__((noinline)) uint64_t sum(const uint64_t *a) {
  uint64_t total = 0;
  for (int i = 0; i < WORDS; i++) total += a[i];
  return total;
}

uint64_t stream(unsigned scale) {
  uint64_t *a = malloc(BYTES), *b = malloc(BYTES), *c = malloc(BYTES), total = 0;
  CHECK(a && b && c);
  fill(a);
  fill(b);
  fill(c);
  begin();
  for (unsigned round = 0; round < scale; round++) {
    for (int copy = 0; copy < 4; copy++) {
      memcpy(b, a, BYTES);
      memcpy((char *)c + copy, (char *)b + 3, BYTES - 8);
      memmove((char *)c + 64, c, BYTES - 64);
      for (int at = 0; at < BYTES; at += 256) memcpy((char *)b + at, (char *)c + at, 200);
      memset((char *)c + 8 * copy, round, BYTES / 2);
    }
    scaled(b, a, round | 1);
    triad(a, b, c, 3);
    total = mixed(total, sum(a) ^ sum(b) ^ sum(c));
  }
  return total;
}
