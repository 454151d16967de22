/* What the workloads share. Each is a function that does its work `scale` times, checks it and returns a checksum,
   which depends on nothing but the scale. It calls begin() once, when its data are made: the time from there counts. */
#ifndef BENCH_H
#define BENCH_H

#include <stdint.h>

typedef uint64_t workload(unsigned scale);

workload mix, sort, sha256, lz, chase_4m, chase_64m, calls, bytecode, stream;
workload nbody, matmul, simd, x87;
workload syscalls, pipes, yield, fork_exec, page_faults, file_copy, pipeline;
workload wordcount, spinlock, ticketlock, mutex, counter, hackbench; /* on all cores */
workload nap, interrupts, shootdown, crosscode, kernelcode;

/* Says on the serial line that the work starts now. */
void begin(void);

/* Ends the program: the work went wrong. */
void fail(const char *why) __attribute__((noreturn));

/* Fails unless the condition holds. */
#define CHECK(condition) ((condition) ? (void)0 : fail(#condition))

/* Adds a value to a checksum; the order matters. */
static inline uint64_t mixed(uint64_t sum, uint64_t value) {
  sum = (sum ^ value) * 0x9e3779b97f4a7c15u;
  return sum ^ sum >> 29;
}

/* The next number of a sequence that a state other than 0 starts. */
static inline uint64_t next_random(uint64_t *state) {
  uint64_t x = *state;
  x ^= x << 13;
  x ^= x >> 7;
  x ^= x << 17;
  return *state = x;
}

#endif
