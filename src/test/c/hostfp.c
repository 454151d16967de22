/*
 * Runs floating-point instructions of the host on operands from standard input, for the tests of org.coremu.bits.
 * A case is { u32 op, u32 control (MXCSR or x87 control word), u64 a[2], u64 b[2] }; the answer is
 * { u64 r[2], u64 s[2], u32 status (MXCSR or x87 status word after), u32 trapped }. Little-endian throughout.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

typedef uint64_t u64;
typedef uint32_t u32;
struct in { u32 op, control; u64 a[2], b[2]; };
struct out { u64 r[2], s[2]; u32 status, trapped; };

static volatile u32 trap_mxcsr;
static volatile u32 trapped;

/* Notes what MXCSR says, masks everything and lets the instruction run again. */
static void on_fpe(int sig, siginfo_t *info, void *context) {
  ucontext_t *uc = context;
  (void)sig;
  (void)info;
  trap_mxcsr = uc->uc_mcontext.fpregs->mxcsr;
  trapped = 1;
  uc->uc_mcontext.fpregs->mxcsr = 0x1f80;
}

static void sse(const struct in *in, struct out *out) {
  u64 a = in->a[0], b = in->b[0], r = 0, flags = 0;
  u32 mx = in->control, after, plain = 0x1f80;
  trapped = 0;
#define SSE(op, code)                                                                                  \
  case op:                                                                                             \
    __asm__ volatile("movq %4,%%xmm0; movq %5,%%xmm1; xor %%edx,%%edx; ldmxcsr %3;" code               \
                     "stmxcsr %2; ldmxcsr %6; movq %%xmm0,%0; movq %%rdx,%1"                           \
                     : "=r"(r), "=r"(flags), "=m"(after)                                               \
                     : "m"(mx), "r"(a), "r"(b), "m"(plain)                                             \
                     : "rdx", "xmm0", "xmm1", "cc", "memory");                                         \
    break;
#define PAIR(op, name) SSE(op, name "sd %%xmm1,%%xmm0;") SSE(op + 100, name "ss %%xmm1,%%xmm0;")
#define COMI(op, name)                                                                                 \
  SSE(op, name "sd %%xmm1,%%xmm0; pushfq; pop %%rdx;") SSE(op + 100, name "ss %%xmm1,%%xmm0; pushfq; pop %%rdx;")
#define CMP(n) SSE(20 + n, "cmpsd $" #n ",%%xmm1,%%xmm0;") SSE(120 + n, "cmpss $" #n ",%%xmm1,%%xmm0;")
#define ROUND(n) SSE(40 + n, "roundsd $" #n ",%%xmm0,%%xmm0;") SSE(140 + n, "roundss $" #n ",%%xmm0,%%xmm0;")
  switch (in->op) {
    PAIR(0, "add") PAIR(1, "sub") PAIR(2, "mul") PAIR(3, "div") PAIR(5, "min") PAIR(6, "max")
    SSE(4, "sqrtsd %%xmm0,%%xmm0;") SSE(104, "sqrtss %%xmm0,%%xmm0;")
    COMI(7, "comi") COMI(8, "ucomi")
    CMP(0) CMP(1) CMP(2) CMP(3) CMP(4) CMP(5) CMP(6) CMP(7)
    ROUND(0) ROUND(1) ROUND(2) ROUND(3) ROUND(4) ROUND(8) ROUND(9) ROUND(10) ROUND(11) ROUND(12)
    SSE(60, "cvtsd2si %%xmm0,%%edx;") SSE(160, "cvtss2si %%xmm0,%%edx;")
    SSE(61, "cvtsd2si %%xmm0,%%rdx;") SSE(161, "cvtss2si %%xmm0,%%rdx;")
    SSE(62, "cvttsd2si %%xmm0,%%edx;") SSE(162, "cvttss2si %%xmm0,%%edx;")
    SSE(63, "cvttsd2si %%xmm0,%%rdx;") SSE(163, "cvttss2si %%xmm0,%%rdx;")
    SSE(64, "cvtsi2sdl %k4,%%xmm0;") SSE(164, "cvtsi2ssl %k4,%%xmm0;")
    SSE(65, "cvtsi2sdq %4,%%xmm0;") SSE(165, "cvtsi2ssq %4,%%xmm0;")
    SSE(66, "cvtsd2ss %%xmm0,%%xmm0;") SSE(166, "cvtss2sd %%xmm0,%%xmm0;")
    SSE(167, "rcpss %%xmm0,%%xmm0;") SSE(168, "rsqrtss %%xmm0,%%xmm0;")
    default: fprintf(stderr, "no SSE operation %u\n", in->op); exit(1);
  }
  out->r[0] = in->op % 100 >= 60 && in->op % 100 <= 63 ? flags : r;
  out->s[0] = flags;
  out->status = trapped ? trap_mxcsr : after;
  out->trapped = trapped;
}

/* 80-bit operands lie in the low 10 bytes of a pair; memory results get 0x5A bytes first, to see a missing store. */
static void x87(const struct in *in, struct out *out) {
  uint16_t cw = (uint16_t)in->control, sw = 0;
  unsigned char r[16], s[16], m[16];
  const void *a = in->a, *b = in->b;
  memset(r, 0, 16);
  memset(s, 0, 16);
  memset(m, 0x5a, 16);
#define END "fnstsw %0; fnclex; fninit;"
#define X87(op, load, code, store)                                                                     \
  case op:                                                                                             \
    __asm__ volatile("fninit;" load "fldcw %4;" code "fnstsw %0; fnclex; fldcw %7;" store "fninit"     \
                     : "=m"(sw), "+m"(r), "+m"(s), "+m"(m)                                             \
                     : "m"(cw), "m"(*(const char(*)[16])a), "m"(*(const char(*)[16])b), "m"(all)       \
                     : "memory", "cc", "rax", "st", "st(1)", "st(2)", "st(3)", "st(4)", "st(5)",       \
                       "st(6)", "st(7)");                                                              \
    break;
  uint16_t all = 0x37f;
#define TWO(op, code) X87(op, "fldt %6; fldt %5;", code, "fstpt %1;")
#define TWOPOP(op, code) X87(op, "fldt %6; fldt %5;", code, "fstpt %1; fstpt %2;")
#define ONE(op, code) X87(op, "fldt %5;", code, "fstpt %1;")
#define PUSH(op, code) X87(op, "fldt %5;", code, "fstpt %1; fstpt %2;")
#define LOAD(op, code) X87(op, "", code, "fstpt %1;")
#define STORE(op, code) X87(op, "fldt %5;", code, "")
  switch (in->op) {
    TWO(200, "fadd %%st(1),%%st;") TWO(201, "fsub %%st(1),%%st;") TWO(202, "fmul %%st(1),%%st;")
    TWO(203, "fdiv %%st(1),%%st;") ONE(204, "fsqrt;") TWO(205, "fprem;") TWO(206, "fprem1;")
    ONE(207, "frndint;") TWO(208, "fscale;") PUSH(209, "fxtract;")
    STORE(210, "fsts %3;") STORE(211, "fstl %3;")
    STORE(212, "fistps %3;") STORE(213, "fistpl %3;") STORE(214, "fistpll %3;")
    STORE(215, "fisttps %3;") STORE(216, "fisttpl %3;") STORE(217, "fisttpll %3;")
    STORE(218, "fbstp %3;")
    LOAD(220, "flds %5;") LOAD(221, "fldl %5;") LOAD(222, "filds %5;") LOAD(223, "fildl %5;")
    LOAD(224, "fildll %5;") LOAD(225, "fbld %5;")
    TWO(226, "fcom %%st(1);") TWO(227, "fucom %%st(1);") ONE(228, "ftst;") ONE(229, "fxam;")
    X87(230, "fldt %6;", "fadds %5;", "fstpt %1;") X87(231, "fldt %6;", "faddl %5;", "fstpt %1;")
    X87(232, "fldt %6;", "fmuls %5;", "fstpt %1;") X87(233, "fldt %6;", "fdivl %5;", "fstpt %1;")
    LOAD(240, "fld1;") LOAD(241, "fldl2t;") LOAD(242, "fldl2e;") LOAD(243, "fldpi;") LOAD(244, "fldlg2;")
    LOAD(245, "fldln2;") LOAD(246, "fldz;")
    ONE(250, "f2xm1;") TWOPOP(251, "fyl2x;") TWOPOP(252, "fyl2xp1;") PUSH(253, "fptan;") TWOPOP(254, "fpatan;")
    ONE(255, "fsin;") ONE(256, "fcos;") PUSH(257, "fsincos;")
    default: fprintf(stderr, "no x87 operation %u\n", in->op); exit(1);
  }
  memcpy(out->r, in->op >= 210 && in->op < 220 ? m : r, 16);
  memcpy(out->s, s, 16);
  out->status = sw;
  out->trapped = 0;
}

int main(void) {
  static struct in in[4096];
  static struct out out[4096];
  struct sigaction action;
  size_t n;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = on_fpe;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGFPE, &action, NULL);
  while ((n = fread(in, sizeof in[0], 4096, stdin)) > 0) {
    memset(out, 0, sizeof out);
    for (size_t i = 0; i < n; i++) {
      if (in[i].op < 200) {
        sse(&in[i], &out[i]);
      } else {
        x87(&in[i], &out[i]);
      }
    }
    if (fwrite(out, sizeof out[0], n, stdout) != n) {
      return 1;
    }
  }
  return fflush(stdout) != 0;
}
