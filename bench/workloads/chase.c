/* Follows pointers through memory in an order that no prefetcher guesses: one cycle through all cache lines. */
#include "bench.h"
#include <stdlib.h>

enum { LINE = 64, STEPS = 1 << 20 };

struct line {
  struct line *next;
  uint64_t number;
  char rest[LINE - 16];
};

/* One random cycle through all lines: Sattolo's shuffle. */
static struct line *make_cycle(unsigned count) {
  struct line *lines = aligned_alloc(4096, (size_t)count * sizeof *lines);
  uint32_t *order = malloc(count * sizeof *order);
  CHECK(lines && order);
  uint64_t random = 5;
  for (unsigned i = 0; i < count; i++) order[i] = i;
  for (unsigned i = count - 1; i > 0; i--) {
    unsigned j = next_random(&random) % i, swap = order[i];
    order[i] = order[j];
    order[j] = swap;
  }
  for (unsigned i = 0; i < count; i++) {
    lines[order[i]].next = &lines[order[i + 1 < count ? i + 1 : 0]];
    lines[order[i]].number = i;
  }
  free(order);
  return lines;
}

static uint64_t chase(unsigned bytes, unsigned scale) {
  unsigned count = bytes / LINE;
  struct line *at = make_cycle(count);
  uint64_t first = at->number, total = 0;
  begin();
  for (unsigned round = 0; round < scale; round++) {
    for (int step = 0; step < STEPS; step++) at = at->next;
    total = mixed(total, at->number);
  }
  CHECK(at->number == (first + (uint64_t)scale * STEPS) % count);
  return total;
}

uint64_t chase_4m(unsigned scale) { return chase(4 << 20, scale); }

uint64_t chase_64m(unsigned scale) { return chase(64 << 20, scale); }
