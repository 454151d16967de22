/* A storm of code that other cores change while it is executed. Every eighth thread has three functions and keeps changing
   them; the others call them, and know which results are right. How code may be changed under others: Intel SDM vol. 3,
   9.1.3, and Linux's text_poke_bp. */
#define _GNU_SOURCE
#include "bench.h"
#include "storm.h"
#include <linux/membarrier.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

enum { PAGE = 4096, CALLERS = 7, TARGETS = 8 };

/* Where the functions are in a writer's page. */
enum { CONSTANT = 0, JUMP = 64, TARGETS_AT = 256, TARGET_BYTES = 16, TRAPPED = 512, BODY = 1024, BODY_BYTES = 128 };

enum { TRAP_RESULT = 1000, INT3 = 0xcc };

static struct writer {
  uint8_t *to;            /* the page, where it may be written */
  unsigned (*constant)(void), (*jump)(void), (*body)(void);
  uint64_t constants;     /* the constant that is in the code now, at least */
  uint64_t jumps;         /* twice the number of changes, and 1 while one goes on; then the target is the number modulo TARGETS */
  uint64_t bodies;        /* likewise; with the callers that are inside */
  uint32_t expected;      /* of the body */
  unsigned inside;
} writers[MOST_THREADS / (CALLERS + 1) + 1];

static uint8_t *code;

/* All other threads of the process have executed a serialising instruction when this returns. */
static void serialise_all(void) { CHECK(syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE, 0, 0) == 0); }

static void serialise(void) {
  unsigned a = 0, b, c = 0, d;
  __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d)::"memory");
}

static uint8_t *put32(uint8_t *to, uint32_t value) {
  memcpy(to, &value, 4);
  return to + 4;
}

/* mov $value, %eax; ret */
static void put_result(uint8_t *to, uint32_t value) {
  *to++ = 0xb8;
  to = put32(to, value);
  *to = 0xc3;
}

/* One aligned store changes the number that a MOV loads: no caller may see anything else than the old or the new one. */
static void change_constant(struct writer *writer) {
  uint64_t next = writer->constants + 1;
  __atomic_store_n((uint32_t *)(writer->to + CONSTANT + 4), next, __ATOMIC_RELEASE);
  serialise_all();
  __atomic_store_n(&writer->constants, next, __ATOMIC_RELEASE);
}

static void call_constant(struct writer *writer) {
  uint64_t before = __atomic_load_n(&writer->constants, __ATOMIC_ACQUIRE);
  unsigned result = writer->constant();
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
  uint64_t after = __atomic_load_n(&writer->constants, __ATOMIC_ACQUIRE);
  if (result - (unsigned)before > (unsigned)(after + 1 - before)) fail("code of before was executed: a constant");
}

/* A jump gets another target behind a breakpoint, which callers may meet meanwhile. */
static void change_jump(struct writer *writer) {
  uint64_t next = writer->jumps + 2;
  unsigned target = TARGETS_AT + next / 2 % TARGETS * TARGET_BYTES;
  uint8_t *jump = writer->to + JUMP;
  __atomic_store_n(&writer->jumps, next - 1, __ATOMIC_SEQ_CST);
  __atomic_store_n(jump, INT3, __ATOMIC_RELEASE);
  serialise_all();
  put32(jump + 1, target - (JUMP + 5));
  serialise_all();
  __atomic_store_n(jump, 0xe9, __ATOMIC_RELEASE);
  serialise_all();
  __atomic_store_n(&writer->jumps, next, __ATOMIC_SEQ_CST);
}

static void call_jump(struct writer *writer) {
  uint64_t before = __atomic_load_n(&writer->jumps, __ATOMIC_SEQ_CST);
  unsigned result = writer->jump();
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
  uint64_t after = __atomic_load_n(&writer->jumps, __ATOMIC_SEQ_CST);
  if (result >= TARGETS && result != TRAP_RESULT) fail("a jump went astray");
  if (before == after && before % 2 == 0 && result != before / 2 % TARGETS) fail("code of before was executed: a jump");
}

static void on_breakpoint(int signal, siginfo_t *info, void *context) {
  greg_t *rip = &((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
  uint64_t offset = *rip - 1 - (greg_t)code;
  (void)signal, (void)info;
  if (offset >= sizeof writers / sizeof *writers * PAGE || offset % PAGE != JUMP) fail("a breakpoint where none may be");
  *rip += TRAPPED - (JUMP + 1);
}

/* A function is written anew while nobody is in it, with instructions of all lengths; callers serialise before they enter
   one that is new to them. */
static void change_body(struct writer *writer, uint64_t *random) {
  uint64_t next = writer->bodies + 2;
  uint32_t result = next_random(random);
  uint8_t *to = writer->to + BODY, *end = to + BODY_BYTES - 8;
  __atomic_store_n(&writer->bodies, next - 1, __ATOMIC_SEQ_CST);
  while (__atomic_load_n(&writer->inside, __ATOMIC_SEQ_CST) > 0) relax();
  *to++ = 0xb8; /* mov $result, %eax */
  to = put32(to, result);
  while (to < end) {
    uint32_t number = next_random(random);
    switch (number >> 8 & 3) {
      case 0: /* add $number, %eax */
        *to++ = 0x05;
        to = put32(to, number);
        result += number;
        break;
      case 1: /* xor $number, %al */
        *to++ = 0x34;
        *to++ = number;
        result ^= number & 0xff;
        break;
      case 2: /* nop */
        *to++ = 0x90;
        break;
      default: /* jmp over one byte that is no instruction of 64-bit mode */
        memcpy(to, (uint8_t[]){0xeb, 1, 0x06}, 3);
        to += 3;
    }
  }
  *to = 0xc3;
  writer->expected = result;
  __atomic_store_n(&writer->bodies, next, __ATOMIC_SEQ_CST);
}

static void call_body(struct writer *writer, uint64_t *known) {
  __atomic_fetch_add(&writer->inside, 1, __ATOMIC_SEQ_CST);
  uint64_t number = __atomic_load_n(&writer->bodies, __ATOMIC_SEQ_CST);
  if (number % 2 == 0) {
    if (number != *known) serialise();
    *known = number;
    if (writer->body() != writer->expected) fail("code of before was executed: a function");
  }
  __atomic_fetch_sub(&writer->inside, 1, __ATOMIC_SEQ_CST);
}

static unsigned writers_count(void) { return (cores() + CALLERS) / (CALLERS + 1); }

static void change_or_call(unsigned thread) {
  uint64_t random = thread + 1, known[sizeof writers / sizeof *writers] = {0};
  int changes = thread % (CALLERS + 1) == 0;
  while (!storm_over()) {
    uint64_t number = next_random(&random);
    struct writer *writer = &writers[changes ? thread / (CALLERS + 1) : number % writers_count()];
    switch (number >> 16 & 3) {
      case 0: changes ? change_constant(writer) : call_constant(writer); break;
      case 1: changes ? change_jump(writer) : call_jump(writer); break;
      default: changes ? change_body(writer, &random) : call_body(writer, &known[writer - writers]);
    }
    checked(thread);
  }
}

/* Lets the kernel give the writer's page two places: one to write to, one to execute. */
static void prepare(struct writer *writer, uint8_t *to, uint8_t *from) {
  uint64_t random = 1;
  writer->to = to;
  memcpy(to + CONSTANT, (uint8_t[]){0x90, 0x90, 0x90}, 3); /* the constant is aligned */
  put_result(to + CONSTANT + 3, 0);
  for (unsigned i = 0; i < TARGETS; i++) put_result(to + TARGETS_AT + i * TARGET_BYTES, i);
  put_result(to + TRAPPED, TRAP_RESULT);
  memcpy(&writer->constant, &(uint8_t *){from + CONSTANT}, sizeof(void *));
  memcpy(&writer->jump, &(uint8_t *){from + JUMP}, sizeof(void *));
  memcpy(&writer->body, &(uint8_t *){from + BODY}, sizeof(void *));
  change_jump(writer);
  change_body(writer, &random);
}

uint64_t crosscode(unsigned scale) {
  struct sigaction action = {.sa_sigaction = on_breakpoint, .sa_flags = SA_SIGINFO};
  size_t bytes = writers_count() * PAGE;
  int file = memfd_create("code", 0);
  (void)scale;
  CHECK(sigaction(SIGTRAP, &action, NULL) == 0 && file >= 0 && ftruncate(file, bytes) == 0);
  CHECK(syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE, 0, 0) == 0);
  uint8_t *to = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  code = mmap(NULL, bytes, PROT_READ | PROT_EXEC, MAP_SHARED, file, 0);
  CHECK(to != MAP_FAILED && code != MAP_FAILED);
  for (unsigned i = 0; i < writers_count(); i++) prepare(&writers[i], to + i * PAGE, code + i * PAGE);
  return storm(change_or_call);
}
