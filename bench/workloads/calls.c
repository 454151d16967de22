/* Recursive calls: Fibonacci numbers, Ackermann's function, and mutual recursion through pointers. */
#include "bench.h"

static __attribute__((noinline)) unsigned fib(unsigned n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

static __attribute__((noinline)) unsigned ackermann(unsigned m, unsigned n) {
  if (m == 0) return n + 1;
  return n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
}

static int even(unsigned n), odd(unsigned n);
static int (*volatile is_even)(unsigned) = even, (*volatile is_odd)(unsigned) = odd;

/* The double negation keeps the calls from becoming jumps. */
static int even(unsigned n) { return n == 0 || !!is_odd(n - 1); }

static int odd(unsigned n) { return n > 0 && !!is_even(n - 1); }

uint64_t calls(unsigned scale) {
  uint64_t total = 0;
  volatile unsigned one = 1;
  begin();
  for (unsigned round = 0; round < scale; round++) {
    unsigned f = fib(24 + one), a = ackermann(2 + one, 6), e = 0;
    for (unsigned i = 0; i < 500; i++) e += is_even(i);
    CHECK(f == 75025 && a == 509 && e == 250);
    total = mixed(total, f + a + e + round);
  }
  return total;
}
