/* A storm of TLB shoot-downs: each thread keeps mapping, protecting, emptying and unmapping pages of its own, and tries those
   of the others. What a try must find is known, as long as the owner did not change them meanwhile. */
#define _GNU_SOURCE
#include "bench.h"
#include "storm.h"
#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>

enum { PAGES = 4, PAGE = 4096, TRIES = 8 };

/* What an owner's pages are like. ZERO: they may be written, and are empty. */
enum kind { WRITABLE, READABLE, ZERO, NO_ACCESS, GONE, KINDS, CHANGING };

static struct owner {
  uint64_t state; /* the kind, and above it the number of the change */
  char rest[CACHE_LINE - sizeof(uint64_t)];
} owners[MOST_THREADS] __attribute__((aligned(CACHE_LINE)));

enum { KIND_BITS = 3 };

static char *all_pages;

/* Reads or writes a word; 1 if that faulted. The handler goes on at `faulted`. */
int probe_read(const volatile uint64_t *from, uint64_t *value);
int probe_write(volatile uint64_t *to, uint64_t value);
extern char probe_read_at[], probe_write_at[], probe_faulted[];

__asm__(".text\n"
        "probe_read: probe_read_at: movq (%rdi), %rax\n"
        "movq %rax, (%rsi)\n"
        "xorl %eax, %eax\n"
        "ret\n"
        "probe_write: probe_write_at: movq %rsi, (%rdi)\n"
        "xorl %eax, %eax\n"
        "ret\n"
        "probe_faulted: movl $1, %eax\n"
        "ret\n");

static void on_fault(int signal, siginfo_t *info, void *context) {
  greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
  (void)signal;
  if (registers[REG_RIP] != (greg_t)probe_read_at && registers[REG_RIP] != (greg_t)probe_write_at)
    fail("a fault where none may be");
  if ((greg_t)info->si_addr != registers[REG_RDI]) fail("a fault with the wrong address");
  registers[REG_RIP] = (greg_t)probe_faulted;
}

static uint64_t *page_of(unsigned owner, unsigned page) {
  return (uint64_t *)(all_pages + ((size_t)owner * PAGES + page) * PAGE);
}

static void map(void *pages) {
  CHECK(mmap(pages, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == pages);
}

/* Changes the own pages to another kind. */
static void change(unsigned own, enum kind kind, uint64_t number) {
  struct owner *owner = &owners[own];
  enum kind before = owner->state % (1 << KIND_BITS);
  void *pages = page_of(own, 0);
  __atomic_store_n(&owner->state, number << KIND_BITS | CHANGING, __ATOMIC_SEQ_CST);
  if (kind == GONE) {
    if (before != GONE) CHECK(munmap(pages, PAGES * PAGE) == 0);
  } else if (before == GONE) {
    map(pages);
  } else {
    CHECK(mprotect(pages, PAGES * PAGE, PROT_READ | PROT_WRITE) == 0);
  }
  if (kind == WRITABLE || kind == READABLE)
    for (unsigned i = 0; i < PAGES; i++) *page_of(own, i) = number;
  if (kind == READABLE) CHECK(mprotect(pages, PAGES * PAGE, PROT_READ) == 0);
  if (kind == NO_ACCESS) CHECK(mprotect(pages, PAGES * PAGE, PROT_NONE) == 0);
  if (kind == ZERO) CHECK(madvise(pages, PAGES * PAGE, MADV_DONTNEED) == 0);
  __atomic_store_n(&owner->state, number << KIND_BITS | kind, __ATOMIC_SEQ_CST);
}

/* Tries a page of another thread: its first word is the owner's, the others are for those who try. */
static void try(unsigned thread, unsigned other, uint64_t random) {
  uint64_t value = 0, state = __atomic_load_n(&owners[other].state, __ATOMIC_SEQ_CST);
  enum kind kind = state % (1 << KIND_BITS);
  uint64_t *page = page_of(other, random % PAGES);
  int writes = random >> 8 & 1;
  if (kind == CHANGING) return;
  int faulted = writes ? probe_write(page + 1 + thread % 500, random) : probe_read(page, &value);
  if (__atomic_load_n(&owners[other].state, __ATOMIC_SEQ_CST) != state) return;
  int must_fault = kind == NO_ACCESS || kind == GONE || (writes && kind == READABLE);
  if (must_fault && !faulted) fail("an access that was allowed before still is: a stale TLB entry");
  if (!must_fault && faulted) fail("an access faults that is allowed");
  if (!writes && !faulted && value != (kind == ZERO ? 0 : state >> KIND_BITS)) fail("a page has the content of before");
  checked(thread);
}

static void shoot(unsigned thread) {
  uint64_t random = thread + 1;
  for (uint64_t number = 1; !storm_over(); number++) {
    change(thread, next_random(&random) % KINDS, number);
    for (unsigned i = 0; i < TRIES; i++) {
      next_random(&random);
      try(thread, (random >> 16) % cores(), random);
    }
  }
}

uint64_t shootdown(unsigned scale) {
  struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
  (void)scale;
  CHECK(sigaction(SIGSEGV, &action, NULL) == 0);
  all_pages = mmap(NULL, (size_t)cores() * PAGES * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  CHECK(all_pages != MAP_FAILED);
  for (unsigned i = 0; i < cores(); i++) owners[i].state = NO_ACCESS;
  return storm(shoot);
}
