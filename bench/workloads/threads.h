/* Threads, one a core, for the parallel workloads. */
#ifndef THREADS_H
#define THREADS_H

enum { MOST_THREADS = 1024, CACHE_LINE = 64 };

/* What a thread does; `number` counts from 0. */
typedef void thread_work(unsigned number);

/* How many cores there are, and so how many threads in_parallel starts. */
unsigned cores(void);

/* Runs the work on every core, in a thread bound to it, and waits for all of them. */
void in_parallel(thread_work *work);

/* Binds the calling thread to one of the cores, counted from 0. */
void move_to(unsigned core);

/* The share of `all` items that a thread has: they differ by one at most, and together are all. */
unsigned long share(unsigned long all, unsigned thread);

/* Tells the CPU that this is a loop that waits. */
static inline void relax(void) { __builtin_ia32_pause(); }

#endif
