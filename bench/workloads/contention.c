/* Cores that want the same thing: locks, a counter, messages. The work is the same for any number of cores. */
#define _GNU_SOURCE
#include "bench.h"
#include "threads.h"
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
  INSIDE = 5,   /* numbers drawn while the lock is held */
  OUTSIDE = 40, /* and between two holds */
};

/* What the locks guard: a sequence whose end tells whether ever two threads were at it together. */
static struct {
  uint64_t state;
  char rest[CACHE_LINE];
} guarded __attribute__((aligned(CACHE_LINE))) = {.state = 1};

static unsigned long holds;

static void draw(uint64_t *state, unsigned times) {
  while (times-- > 0) next_random(state);
}

/* Defines the work of a thread that takes and releases a lock. Not by function pointers: they would cost as much as the
   lock. */
#define CONTENDER(name, take, release)                        \
  static void name(unsigned thread) {                         \
    uint64_t own = thread + 1;                                \
    for (unsigned long i = share(holds, thread); i > 0; i--) { \
      take;                                                   \
      draw(&guarded.state, INSIDE);                           \
      release;                                                \
      draw(&own, OUTSIDE);                                    \
    }                                                         \
    CHECK(own != 0);                                          \
  }

static uint64_t contend(thread_work *work, unsigned long times) {
  holds = times;
  begin();
  in_parallel(work);
  uint64_t expected = 1;
  draw(&expected, times * INSIDE);
  CHECK(guarded.state == expected);
  return mixed(guarded.state, times);
}

static struct {
  unsigned held, next, serving;
  char rest[CACHE_LINE];
} lock __attribute__((aligned(CACHE_LINE)));

static inline void take_spinlock(void) {
  while (__atomic_exchange_n(&lock.held, 1, __ATOMIC_ACQUIRE))
    while (__atomic_load_n(&lock.held, __ATOMIC_RELAXED)) relax();
}

static inline void release_spinlock(void) { __atomic_store_n(&lock.held, 0, __ATOMIC_RELEASE); }

static inline void take_ticket(void) {
  unsigned own = __atomic_fetch_add(&lock.next, 1, __ATOMIC_RELAXED);
  while (__atomic_load_n(&lock.serving, __ATOMIC_ACQUIRE) != own) relax();
}

static inline void release_ticket(void) { __atomic_store_n(&lock.serving, lock.serving + 1, __ATOMIC_RELEASE); }

static pthread_mutex_t futex = PTHREAD_MUTEX_INITIALIZER;

CONTENDER(with_spinlock, take_spinlock(), release_spinlock())
CONTENDER(with_ticket, take_ticket(), release_ticket())
CONTENDER(with_mutex, pthread_mutex_lock(&futex), pthread_mutex_unlock(&futex))

/* A lock that whoever comes first gets. */
uint64_t spinlock(unsigned scale) { return contend(with_spinlock, scale * 10000ul); }

/* A lock that is got in the order of coming. */
uint64_t ticketlock(unsigned scale) { return contend(with_ticket, scale * 10000ul); }

/* A lock whose waiters sleep in the kernel. */
uint64_t mutex(unsigned scale) { return contend(with_mutex, scale * 10000ul); }

static uint64_t count, seen;

static void count_up(unsigned thread) {
  uint64_t own = 0;
  for (unsigned long i = share(holds, thread); i > 0; i--) own += __atomic_fetch_add(&count, 1, __ATOMIC_RELAXED);
  __atomic_fetch_add(&seen, own, __ATOMIC_RELAXED);
}

/* Additions to one number; each value must be seen once, so the sum of all that is seen is known. */
uint64_t counter(unsigned scale) {
  holds = scale * 100000ul;
  begin();
  in_parallel(count_up);
  CHECK(count == holds && seen == count * (count - 1) / 2);
  return mixed(count, seen);
}

enum { GROUPS = 4, SENDERS = 8, RECEIVERS = 8, MESSAGE = 100 };

static unsigned messages; /* of a sender to a receiver */
static int ends[GROUPS][RECEIVERS][2];
static uint64_t received[GROUPS][RECEIVERS];

static void *send_all(void *number) {
  unsigned sender = (uintptr_t)number % SENDERS, group = (uintptr_t)number / SENDERS;
  uint64_t message[MESSAGE / 8] = {0};
  for (unsigned i = 0; i < messages; i++) {
    for (unsigned to = 0; to < RECEIVERS; to++) {
      message[0] = message[MESSAGE / 8 - 1] = (uint64_t)i * SENDERS + sender;
      CHECK(write(ends[group][to][0], message, sizeof message) == sizeof message);
    }
  }
  return NULL;
}

static void *receive_all(void *number) {
  unsigned receiver = (uintptr_t)number % RECEIVERS, group = (uintptr_t)number / RECEIVERS;
  uint64_t message[MESSAGE / 8], sum = 0;
  for (unsigned i = 0; i < messages * SENDERS; i++) {
    size_t got = 0;
    while (got < sizeof message) {
      ssize_t bytes = read(ends[group][receiver][1], (char *)message + got, sizeof message - got);
      CHECK(bytes > 0);
      got += bytes;
    }
    CHECK(message[0] == message[MESSAGE / 8 - 1]);
    sum += message[0];
  }
  received[group][receiver] = sum;
  return NULL;
}

/* Groups of threads, each of which sends to all receivers of its group, through sockets (after hackbench). The threads are
   as many on any number of cores, and go where the kernel puts them. */
uint64_t hackbench(unsigned scale) {
  static pthread_t senders[GROUPS * SENDERS], receivers[GROUPS * RECEIVERS];
  uint64_t all = 0;
  messages = scale * 10;
  for (unsigned i = 0; i < GROUPS * RECEIVERS; i++)
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends[i / RECEIVERS][i % RECEIVERS]) == 0);
  begin();
  for (uintptr_t i = 0; i < GROUPS * RECEIVERS; i++) CHECK(pthread_create(&receivers[i], NULL, receive_all, (void *)i) == 0);
  for (uintptr_t i = 0; i < GROUPS * SENDERS; i++) CHECK(pthread_create(&senders[i], NULL, send_all, (void *)i) == 0);
  for (unsigned i = 0; i < GROUPS * SENDERS; i++) CHECK(pthread_join(senders[i], NULL) == 0);
  for (unsigned i = 0; i < GROUPS * RECEIVERS; i++) CHECK(pthread_join(receivers[i], NULL) == 0);
  for (unsigned i = 0; i < GROUPS * RECEIVERS; i++) {
    uint64_t last = (uint64_t)messages * SENDERS;
    CHECK(received[i / RECEIVERS][i % RECEIVERS] == last * (last - 1) / 2);
    all = mixed(all, received[i / RECEIVERS][i % RECEIVERS]);
  }
  return all;
}
