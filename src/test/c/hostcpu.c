/*
 * Runs small pieces of x86-64 user-mode code on the host CPU itself and reports the exact end state.
 *
 * Freestanding on purpose: no libc, hence no TLS, so that the code under test may have FS and GS bases of ours, any
 * stack pointer and any FPU state. Reads cases from stdin and writes results to stdout, both little endian, as
 * described by struct request and struct response; HostCpu.java is the other end.
 *
 * Address space seen by the code under test:
 *   0x10000000  64 KiB of data, readable and writable
 *   0x10010000   4 KiB of data, read only
 *   0x20000000   4 KiB of code, read and execute, filled with int3 around the case's bytes
 *   FS base 0x10004000, GS base 0x10008000; everything near these ranges is unmapped.
 * Code runs in 64-bit mode, in 32-bit compatibility mode with flat segments, or in 16-bit compatibility mode with
 * segments of an LDT: CS covers the code page, DS, ES and SS cover the 64 KiB of data. RIP is an offset in CS.
 */
#define _GNU_SOURCE
#include <asm/ldt.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <ucontext.h>

#define DATA_BASE 0x10000000UL
#define DATA_BYTES 0x10000UL
#define READ_ONLY_BYTES 0x1000UL
#define CODE_BASE 0x20000000UL
#define CODE_BYTES 0x1000UL
#define FS_BASE (DATA_BASE + 0x4000)
#define GS_BASE (DATA_BASE + 0x8000)
#define REQUEST_MAGIC 0x31455343u
#define WORDS (DATA_BYTES / 8)
#define ALL_WORDS ((DATA_BYTES + READ_ONLY_BYTES) / 8)
#define CODE16 0x07 /* selectors of LDT entries 0 and 1 */
#define DATA16 0x0F
#define SAFE_FLAGS 0x240CD5UL /* status flags, DF, AC, ID */

struct request {
  uint32_t magic;
  uint32_t patches;
  uint64_t seed;
  uint32_t code_offset;
  uint32_t code_bytes;
  uint64_t gpr[16]; /* in encoding order: rax rcx rdx rbx rsp rbp rsi rdi r8..r15 */
  uint64_t rflags;
  uint64_t mode; /* 64, 32 or 16 */
  uint8_t fx[512];
}; /* followed by code_bytes rounded up to 8, then the patches */

struct patch {
  uint32_t offset;
  uint32_t bytes;
  uint8_t data[16];
};

struct response {
  uint32_t signal;
  uint32_t trapno;
  uint64_t error;
  uint64_t cr2;
  uint64_t rip;
  uint64_t gpr[16];
  uint64_t rflags;
  uint8_t fx[512];
  uint64_t changed; /* number of {word index, value} pairs that follow: words that differ from the seed's fill */
};

static struct response result;

/* Far above 4 GiB: nearly all that 32-bit code can reach by mistake must be unmapped. */
static struct {
  uint8_t stack[65536];
  uint8_t input[1 << 20];
  uint8_t output[1 << 20];
  uint64_t pristine[ALL_WORDS];
} *large;

static size_t output_used;

/* Read and written by the assembly below. */
uint64_t entry_gpr[16], entry_rflags, entry_rip, host_rsp, entry_far, entry_cs, entry_ss, entry_data;
uint8_t entry_fx[512] __attribute__((aligned(64)));

void run_case(void);
void leave_case(void) __attribute__((noreturn));
void on_signal(void);
void signal_return(void);

__asm__(
    ".text\n"
    ".globl _start\n"
    "_start:\n"
    "  xor %ebp, %ebp\n"
    "  and $-16, %rsp\n"
    "  call harness_main\n"
    "run_case:\n"
    "  push %rbx\n  push %rbp\n  push %r12\n  push %r13\n  push %r14\n  push %r15\n"
    "  mov %rsp, host_rsp\n"
    "  fxrstor64 entry_fx\n"
    "  testq $1, entry_far\n"
    "  jz 1f\n"
    "  pushq entry_ss\n"
    "  pushq entry_gpr+32\n"
    "  pushq entry_rflags\n"
    "  pushq entry_cs\n"
    "  pushq entry_rip\n"
    "  mov entry_data, %eax\n"
    "  mov %eax, %ds\n"
    "  mov %eax, %es\n"
    "  call load_registers\n"
    "  iretq\n"
    "1:\n"
    "  call load_registers\n"
    "  pushq entry_rflags\n"
    "  popfq\n"
    "  mov entry_gpr+32, %rsp\n"
    "  jmp *entry_rip\n"
    "load_registers:\n"
    "  mov entry_gpr+0, %rax\n"
    "  mov entry_gpr+8, %rcx\n"
    "  mov entry_gpr+16, %rdx\n"
    "  mov entry_gpr+24, %rbx\n"
    "  mov entry_gpr+40, %rbp\n"
    "  mov entry_gpr+48, %rsi\n"
    "  mov entry_gpr+56, %rdi\n"
    "  mov entry_gpr+64, %r8\n"
    "  mov entry_gpr+72, %r9\n"
    "  mov entry_gpr+80, %r10\n"
    "  mov entry_gpr+88, %r11\n"
    "  mov entry_gpr+96, %r12\n"
    "  mov entry_gpr+104, %r13\n"
    "  mov entry_gpr+112, %r14\n"
    "  mov entry_gpr+120, %r15\n"
    "  ret\n"
    "leave_case:\n"
    "  mov host_rsp, %rsp\n"
    "  xor %eax, %eax\n"
    "  mov %eax, %ds\n"
    "  mov %eax, %es\n"
    "  pop %r15\n  pop %r14\n  pop %r13\n  pop %r12\n  pop %rbp\n  pop %rbx\n"
    "  ret\n"
    /* The kernel leaves AC as it was; compiled code is full of misaligned accesses. */
    "on_signal:\n"
    "  pushq $2\n"
    "  popfq\n"
    "  jmp record_signal\n"
    "signal_return:\n"
    "  mov $15, %eax\n"
    "  syscall\n");

static long call(long number, long a, long b, long c, long d, long e, long f) {
  long value;
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  __asm__ volatile("syscall"
                   : "=a"(value)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return value;
}

static void __attribute__((noreturn)) quit(int status) {
  for (;;) {
    call(SYS_exit_group, status, 0, 0, 0, 0, 0);
  }
}

void *memcpy(void *to, const void *from, size_t bytes) {
  void *start = to;
  __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(bytes) : : "memory");
  return start;
}

void *memset(void *to, int value, size_t bytes) {
  void *start = to;
  __asm__ volatile("rep stosb" : "+D"(to), "+c"(bytes) : "a"(value) : "memory");
  return start;
}

static void flush(void) {
  size_t done = 0;
  while (done < output_used) {
    long n = call(SYS_write, 1, (long)(large->output + done), (long)(output_used - done), 0, 0, 0);
    if (n <= 0) {
      quit(3);
    }
    done += (size_t)n;
  }
  output_used = 0;
}

static void put(const void *from, size_t bytes) {
  if (output_used + bytes > sizeof large->output) {
    flush();
  }
  memcpy(large->output + output_used, from, bytes);
  output_used += bytes;
}

/* Runs on the alternate stack; never returns to the interrupted code. */
void __attribute__((used)) record_signal(int signal, siginfo_t *info, void *context) {
  (void)info;
  static const uint8_t order[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                                    REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};
  ucontext_t *uc = context;
  greg_t *regs = uc->uc_mcontext.gregs;
  result.signal = (uint32_t)signal;
  result.trapno = (uint32_t)regs[REG_TRAPNO];
  result.error = (uint64_t)regs[REG_ERR];
  result.cr2 = (uint64_t)regs[REG_CR2];
  result.rip = (uint64_t)regs[REG_RIP];
  result.rflags = (uint64_t)regs[REG_EFL];
  for (int i = 0; i < 16; i++) {
    result.gpr[i] = (uint64_t)regs[order[i]];
  }
  memcpy(result.fx, uc->uc_mcontext.fpregs, sizeof result.fx);
  leave_case();
}

static void map(uintptr_t at, size_t bytes, int protection) {
  long got = call(SYS_mmap, (long)at, (long)bytes, protection, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if ((uintptr_t)got != at) {
    quit(4);
  }
}

static void protect(uintptr_t at, size_t bytes, int protection) {
  if (call(SYS_mprotect, (long)at, (long)bytes, protection, 0, 0, 0) != 0) {
    quit(5);
  }
}

static void catch_signals(void) {
  struct {
    void *handler;
    unsigned long flags;
    void *restorer;
    uint64_t mask;
  } action = {on_signal, SA_SIGINFO | SA_ONSTACK | SA_NODEFER | 0x04000000UL /* SA_RESTORER */, signal_return, 0};
  static const int signals[] = {SIGSEGV, SIGFPE, SIGILL, SIGTRAP, SIGBUS, SIGALRM, SIGSYS};
  stack_t stack = {.ss_sp = large->stack, .ss_flags = 0, .ss_size = sizeof large->stack};
  if (call(SYS_sigaltstack, (long)&stack, 0, 0, 0, 0, 0) != 0) {
    quit(6);
  }
  for (unsigned i = 0; i < sizeof signals / sizeof signals[0]; i++) {
    if (call(SYS_rt_sigaction, signals[i], (long)&action, 0, 8, 0, 0) != 0) {
      quit(7);
    }
  }
}

/* Segments for 16-bit code; without them (a kernel without modify_ldt) such cases can't be run. */
static int make_segments(void) {
  struct user_desc code = {.entry_number = 0, .base_addr = CODE_BASE, .limit = CODE_BYTES - 1, .contents = 2};
  struct user_desc data = {.entry_number = 1, .base_addr = DATA_BASE, .limit = DATA_BYTES - 1};
  return call(SYS_modify_ldt, 1, (long)&code, sizeof code, 0, 0, 0) == 0
      && call(SYS_modify_ldt, 1, (long)&data, sizeof data, 0, 0, 0) == 0;
}

static uint64_t mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
  return z ^ (z >> 31);
}

static void fill(uint64_t seed) {
  volatile uint64_t *data = (volatile uint64_t *)DATA_BASE;
  protect(DATA_BASE + DATA_BYTES, READ_ONLY_BYTES, PROT_READ | PROT_WRITE);
  for (size_t i = 0; i < ALL_WORDS; i++) {
    data[i] = large->pristine[i] = mix(seed + (i + 1) * 0x9E3779B97F4A7C15UL);
  }
  protect(DATA_BASE + DATA_BYTES, READ_ONLY_BYTES, PROT_READ);
}

static void time_limit(long seconds) {
  struct itimerval limit = {{0, 0}, {seconds, 0}};
  call(SYS_setitimer, ITIMER_REAL, (long)&limit, 0, 0, 0, 0);
}

static void prepare(const struct request *request, const uint8_t *code, const struct patch *patches) {
  protect(CODE_BASE, CODE_BYTES, PROT_READ | PROT_WRITE);
  memset((void *)CODE_BASE, 0xCC, CODE_BYTES);
  memcpy((void *)(CODE_BASE + request->code_offset), code, request->code_bytes);
  protect(CODE_BASE, CODE_BYTES, PROT_READ | PROT_EXEC);
  for (uint32_t i = 0; i < request->patches; i++) {
    if (patches[i].bytes > 16 || patches[i].offset > DATA_BYTES - patches[i].bytes) {
      quit(8);
    }
    memcpy((void *)(DATA_BASE + patches[i].offset), patches[i].data, patches[i].bytes);
  }
  memcpy(entry_gpr, request->gpr, sizeof entry_gpr);
  entry_rflags = (request->rflags & SAFE_FLAGS) | 0x202;
  entry_rip = request->code_offset + (request->mode == 16 ? 0 : CODE_BASE);
  entry_far = request->mode != 64;
  entry_cs = request->mode == 16 ? CODE16 : 0x23;
  entry_ss = entry_data = request->mode == 16 ? DATA16 : 0x2B;
  if (request->mode == 16 && !make_segments()) {
    quit(11);
  }
  memcpy(entry_fx, request->fx, sizeof entry_fx);
  entry_fx[26] = entry_fx[27] = 0; /* MXCSR bits 31:16 would fault in our own FXRSTOR */
}

/* Writes the words that differ from the fill and puts the fill back. */
static void report_data(void) {
  uint64_t *data = (uint64_t *)DATA_BASE;
  result.changed = 0;
  for (size_t i = 0; i < WORDS; i++) {
    result.changed += data[i] != large->pristine[i];
  }
  put(&result, sizeof result);
  if (result.changed == 0) {
    return;
  }
  for (size_t i = 0; i < WORDS; i++) {
    if (data[i] != large->pristine[i]) {
      uint64_t pair[2] = {i, data[i]};
      put(pair, sizeof pair);
      data[i] = large->pristine[i];
    }
  }
}

/* Returns the bytes of the first request in the buffer, or 0 if it is not all there yet. */
static size_t request_bytes(const uint8_t *at, size_t available) {
  const struct request *request = (const struct request *)at;
  if (available < sizeof *request) {
    return 0;
  }
  if (request->magic != REQUEST_MAGIC || request->code_offset + (uint64_t)request->code_bytes > CODE_BYTES
      || request->patches > 1000) {
    quit(9);
  }
  size_t bytes = sizeof *request + ((request->code_bytes + 7) & ~7UL) + request->patches * sizeof(struct patch);
  return available < bytes ? 0 : bytes;
}

static void handle(const uint8_t *at, uint64_t *seed) {
  const struct request *request = (const struct request *)at;
  const uint8_t *code = at + sizeof *request;
  if (request->seed != *seed) {
    *seed = request->seed;
    fill(*seed);
  }
  prepare(request, code, (const struct patch *)(code + ((request->code_bytes + 7) & ~7UL)));
  time_limit(2);
  run_case();
  time_limit(0);
  report_data();
}

void __attribute__((used, noreturn)) harness_main(void) {
  large = (void *)call(SYS_mmap, 0, sizeof *large, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  map(DATA_BASE, DATA_BYTES, PROT_READ | PROT_WRITE);
  map(DATA_BASE + DATA_BYTES, READ_ONLY_BYTES, PROT_READ);
  map(CODE_BASE, CODE_BYTES, PROT_READ | PROT_WRITE);
  call(SYS_arch_prctl, 0x1001 /* ARCH_SET_GS */, GS_BASE, 0, 0, 0, 0);
  call(SYS_arch_prctl, 0x1002 /* ARCH_SET_FS */, FS_BASE, 0, 0, 0, 0);
  catch_signals();
  uint64_t seed = 0;
  fill(seed);
  size_t start = 0;
  size_t end = 0;
  for (;;) {
    size_t bytes = request_bytes(large->input + start, end - start);
    if (bytes != 0) {
      handle(large->input + start, &seed);
      start += bytes;
      continue;
    }
    memcpy(large->input, large->input + start, end - start);
    end -= start;
    start = 0;
    flush();
    long n = call(SYS_read, 0, (long)(large->input + end), (long)(sizeof large->input - end), 0, 0, 0);
    if (n <= 0) {
      quit(n < 0 || end != 0 ? 10 : 0);
    }
    end += (size_t)n;
  }
}
