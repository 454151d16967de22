/* Sleeps `scale` tenths of a second: what that takes on the host depends on the machine's clock. */
#define _GNU_SOURCE
#include "bench.h"
#include <time.h>

uint64_t nap(unsigned scale) {
  struct timespec time = {scale / 10, scale % 10 * 100000000l};
  begin();
  CHECK(nanosleep(&time, 0) == 0);
  return scale;
}
