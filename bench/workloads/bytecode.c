/* An interpreter of bytecode, as scripting languages have one: every instruction ends in an indirect jump. It runs a
   sieve and counts the steps of 3n + 1. */
#include "bench.h"
#include <string.h>

enum { SLOTS = 16, CELLS = 4096 };

enum op { SET, MOVE, ADD, ADDI, SHR, ANDI, LOAD, STORE, JUMP, IF_LESS, IF_ZERO, HALT };

struct insn {
  uint8_t op, a, b;
  int32_t c; /* an operand or, of a jump, the index of the next instruction */
};

static uint32_t cells[CELLS];

static uint32_t interpret(const struct insn *code, uint32_t argument) {
  static const void *const labels[] = {
    &&set, &&move, &&add, &&addi, &&shr, &&andi, &&load, &&store, &&jump, &&if_less, &&if_zero, &&halt,
  };
  uint32_t r[SLOTS] = {argument};
  const struct insn *at = code;
#define NEXT goto *labels[at->op]
  NEXT;
set: r[at->a] = at->c; at++; NEXT;
move: r[at->a] = r[at->b]; at++; NEXT;
add: r[at->a] += r[at->b]; at++; NEXT;
addi: r[at->a] += at->c; at++; NEXT;
shr: r[at->a] >>= at->c; at++; NEXT;
andi: r[at->a] = r[at->b] & at->c; at++; NEXT;
load: r[at->a] = cells[r[at->b] % CELLS]; at++; NEXT;
store: cells[r[at->b] % CELLS] = r[at->a]; at++; NEXT;
jump: at = code + at->c; NEXT;
if_less: at = r[at->a] < r[at->b] ? code + at->c : at + 1; NEXT;
if_zero: at = r[at->a] == 0 ? code + at->c : at + 1; NEXT;
halt: return r[at->a];
#undef NEXT
}

/* Counts the primes below r0. Registers: 1 the number, 2 its multiple, 3 a flag, 4 one, 5 the count. */
static const struct insn sieve[] = {
  {SET, 1, 0, 2}, {SET, 4, 0, 1}, {SET, 5, 0, 0},
  /* 3: */ {LOAD, 3, 1, 0}, {IF_ZERO, 3, 0, 8}, {ADDI, 1, 0, 1}, {IF_LESS, 1, 0, 3}, {HALT, 5, 0, 0},
  /* 8: */ {ADDI, 5, 0, 1}, {MOVE, 2, 1, 0},
  /* 10: */ {ADD, 2, 1, 0}, {IF_LESS, 2, 0, 13}, {JUMP, 0, 0, 5},
  /* 13: */ {STORE, 4, 2, 0}, {JUMP, 0, 0, 10},
};

/* Counts the steps that all numbers below r0 take to 1. Registers: 1 the start, 2 the number, 3 its copy, 4 one, 5 the
   count. */
static const struct insn collatz[] = {
  {SET, 1, 0, 1}, {SET, 4, 0, 1}, {SET, 5, 0, 0},
  /* 3: */ {MOVE, 2, 1, 0},
  /* 4: */ {IF_LESS, 4, 2, 8}, {ADDI, 1, 0, 1}, {IF_LESS, 1, 0, 3}, {HALT, 5, 0, 0},
  /* 8: */ {ADDI, 5, 0, 1}, {ANDI, 3, 2, 1}, {IF_ZERO, 3, 0, 16},
  /* 11: */ {MOVE, 3, 2, 0}, {ADD, 2, 2, 0}, {ADD, 2, 3, 0}, {ADDI, 2, 0, 1}, {JUMP, 0, 0, 4},
  /* 16: */ {SHR, 2, 0, 1}, {JUMP, 0, 0, 4},
};

uint64_t bytecode(unsigned scale) {
  uint64_t total = 0;
  begin();
  for (unsigned round = 0; round < scale; round++) {
    memset(cells, 0, sizeof cells);
    uint32_t primes = interpret(sieve, CELLS), steps = interpret(collatz, 1000);
    CHECK(primes == 564 && steps == 59431);
    total = mixed(total, round);
  }
  return total;
}
