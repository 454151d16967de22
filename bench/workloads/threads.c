#define _GNU_SOURCE
#include "threads.h"
#include "bench.h"
#include <pthread.h>
#include <sched.h>

static thread_work *current;
static unsigned count;

unsigned cores(void) {
  cpu_set_t cpus;
  if (count == 0) { /* first asked by main's thread, which is bound to none */
    CHECK(sched_getaffinity(0, sizeof cpus, &cpus) == 0);
    count = CPU_COUNT(&cpus);
    CHECK(count <= MOST_THREADS);
  }
  return count;
}

static void *run(void *number) {
  current((unsigned)(uintptr_t)number);
  return NULL;
}

void in_parallel(thread_work *work) {
  static pthread_t threads[MOST_THREADS];
  cpu_set_t all, one;
  unsigned started = 0;
  CHECK(sched_getaffinity(0, sizeof all, &all) == 0 && CPU_COUNT(&all) == (int)cores());
  current = work;
  for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
    if (!CPU_ISSET(cpu, &all)) continue;
    pthread_attr_t attributes;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    CHECK(pthread_attr_init(&attributes) == 0);
    CHECK(pthread_attr_setaffinity_np(&attributes, sizeof one, &one) == 0);
    CHECK(pthread_attr_setstacksize(&attributes, 64 << 10) == 0);
    CHECK(pthread_create(&threads[started], &attributes, run, (void *)(uintptr_t)started) == 0);
    CHECK(pthread_attr_destroy(&attributes) == 0);
    started++;
  }
  for (unsigned i = 0; i < started; i++) CHECK(pthread_join(threads[i], NULL) == 0);
}

void move_to(unsigned core) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(core, &one);
  CHECK(sched_setaffinity(0, sizeof one, &one) == 0);
}

unsigned long share(unsigned long all, unsigned thread) {
  return all / cores() + (thread < all % cores());
}
