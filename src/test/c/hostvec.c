/*
 * Runs single vector instructions of the host on operands from standard input, for the tests of org.coremu.ir. A case is
 * { u8 code[16] (padded with NOPs), u64 a[2], b[2], c[2], rax, rdx, u32 mxcsr, u32 unused }; the instruction finds a, b and
 * c in XMM1, XMM2 and XMM0. The answer is { u64 xmm1[2], rax, u32 eflags, u32 mxcsr }. All exceptions must be masked.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

typedef uint64_t u64;
typedef uint32_t u32;
struct in { unsigned char code[16]; u64 a[2], b[2], c[2], rax, rdx; u32 mxcsr, unused; };
struct out { u64 r[2], rax; u32 eflags, mxcsr; };

int main(void) {
  unsigned char *page = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return 1;
  struct in in;
  u32 plain = 0x1f80;
  while (fread(&in, sizeof in, 1, stdin) == 1) {
    struct out out;
    u64 rax = in.rax, rdx = in.rdx, flags;
    memcpy(page, in.code, 16);
    page[16] = 0xc3;
    __asm__ volatile(
        "movdqu %[a],%%xmm1; movdqu %[b],%%xmm2; movdqu %[c],%%xmm0; ldmxcsr %[mx];"
        "call *%[page]; pushfq; pop %[flags]; stmxcsr %[after]; ldmxcsr %[plain]; movdqu %%xmm1,%[r]"
        : "+a"(rax), "+d"(rdx), [flags] "=&r"(flags), [after] "=m"(out.mxcsr), [r] "=m"(out.r)
        : [a] "m"(in.a), [b] "m"(in.b), [c] "m"(in.c), [mx] "m"(in.mxcsr), [plain] "m"(plain), [page] "r"(page)
        : "rcx", "xmm0", "xmm1", "xmm2", "cc", "memory");
    out.rax = rax;
    out.eflags = (u32)flags;
    if (fwrite(&out, sizeof out, 1, stdout) != 1) return 1;
  }
  return 0;
}
