#define _GNU_SOURCE
#include "storm.h"
#include "bench.h"
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static int over, done;
static unsigned started;
static thread_work *current;

static struct {
  uint64_t checks;
  char rest[CACHE_LINE - sizeof(uint64_t)];
} tallies[MOST_THREADS] __attribute__((aligned(CACHE_LINE)));

int storm_over(void) { return __atomic_load_n(&over, __ATOMIC_RELAXED); }

void checked(unsigned thread) { __atomic_store_n(&tallies[thread].checks, tallies[thread].checks + 1, __ATOMIC_RELAXED); }

static uint64_t tally(void) {
  uint64_t all = 0;
  for (unsigned i = 0; i < cores(); i++) all += __atomic_load_n(&tallies[i].checks, __ATOMIC_RELAXED);
  return all;
}

static void *await_line(void *unused) {
  char line[80];
  int port = open("/dev/ttyS0", O_RDONLY);
  CHECK(port >= 0 && read(port, line, sizeof line) > 0);
  __atomic_store_n(&over, 1, __ATOMIC_RELAXED);
  return unused;
}

static void *report(void *unused) {
  while (!__atomic_load_n(&done, __ATOMIC_RELAXED)) {
    printf("@alive %llu\n", (unsigned long long)tally());
    fflush(stdout);
    sleep(1);
  }
  return unused;
}

/* Begins when all threads are there, so that nothing is mapped any more but by the storm itself. */
static void begin_together(unsigned thread) {
  __atomic_fetch_add(&started, 1, __ATOMIC_SEQ_CST);
  while (__atomic_load_n(&started, __ATOMIC_SEQ_CST) < cores()) relax();
  current(thread);
}

uint64_t storm(thread_work *work) {
  pthread_t waiter, reporter;
  CHECK(cores() > 1); /* asked first by this thread, which is bound to none */
  begin();
  CHECK(pthread_create(&waiter, NULL, await_line, NULL) == 0 && pthread_create(&reporter, NULL, report, NULL) == 0);
  current = work;
  in_parallel(begin_together);
  __atomic_store_n(&done, 1, __ATOMIC_RELAXED);
  CHECK(pthread_join(waiter, NULL) == 0 && pthread_join(reporter, NULL) == 0);
  return tally();
}
