/* A storm of interrupts: every core has a timer of its own, interrupts all others (membarrier) and moves to others. */
#define _GNU_SOURCE
#include "bench.h"
#include "storm.h"
#include <linux/membarrier.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS_BETWEEN_MOVES = 64 };

static __thread volatile unsigned ticks;

static void tick(int signal) {
  (void)signal;
  ticks++;
}

static void membarrier(int command) { CHECK(syscall(SYS_membarrier, command, 0, 0) == 0); }

static timer_t start_timer(void) {
  timer_t timer;
  struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGUSR1};
  struct itimerspec each = {{0, 1000000}, {0, 1000000}};
  event._sigev_un._tid = gettid();
  CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0 && timer_settime(timer, 0, &each, NULL) == 0);
  return timer;
}

/* Two threads that store to a word of their own and read the other's. The one has no fence, the other interrupts it for
   that: at least one of them must see the other's store. */
static struct pair {
  volatile uint64_t stores[2] __attribute__((aligned(CACHE_LINE)));
  uint64_t seen[2];
  uint64_t arrived __attribute__((aligned(CACHE_LINE)));
  int left;
} pairs[MOST_THREADS / 2];

/* Waits for the other of the pair; false when it has left. */
static int meet(struct pair *pair, uint64_t meeting) {
  __atomic_fetch_add(&pair->arrived, 1, __ATOMIC_SEQ_CST);
  for (unsigned tries = 0; __atomic_load_n(&pair->arrived, __ATOMIC_ACQUIRE) < 2 * meeting; tries++) {
    if (__atomic_load_n(&pair->left, __ATOMIC_ACQUIRE)) return 0;
    if (tries % 100 == 99) sched_yield(); /* it may be on this core */
    relax();
  }
  return 1;
}

static int exchange(struct pair *pair, int heavy, uint64_t round) {
  if (!meet(pair, 3 * round - 2)) return 0;
  pair->stores[heavy] = round;
  if (heavy) membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED);
  else __asm__ volatile("" ::: "memory"); /* of the compiler only */
  pair->seen[heavy] = pair->stores[!heavy];
  if (!meet(pair, 3 * round - 1)) return 0;
  if (heavy && pair->seen[0] < round && pair->seen[1] < round) fail("membarrier was no fence for the other core");
  return meet(pair, 3 * round);
}

static void move(unsigned to) {
  unsigned cpu;
  move_to(to);
  CHECK(getcpu(&cpu, NULL) == 0 && cpu == to);
}

static void interrupt(unsigned thread) {
  uint64_t random = thread + 1;
  struct pair *pair = &pairs[thread / 2];
  int has_pair = (thread ^ 1) < cores();
  timer_t timer = start_timer();
  for (uint64_t round = 1; !storm_over(); round++) {
    if (has_pair) {
      if (!exchange(pair, thread & 1, round)) break;
    } else {
      membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED);
    }
    checked(thread);
    if (round % ROUNDS_BETWEEN_MOVES == 0) {
      move(next_random(&random) % cores());
      membarrier(MEMBARRIER_CMD_GLOBAL_EXPEDITED);
      move(thread);
    }
  }
  __atomic_store_n(&pair->left, 1, __ATOMIC_RELEASE);
  while (ticks == 0) relax(); /* a timer that never fires keeps the storm from ending */
  CHECK(timer_delete(timer) == 0);
}

uint64_t interrupts(unsigned scale) {
  struct sigaction action = {.sa_handler = tick, .sa_flags = SA_RESTART};
  (void)scale;
  CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
  membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED);
  membarrier(MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED);
  return storm(interrupt);
}
