/* A mix of what small integer programs do: a linked list is searched, reversed and sorted, matrices of small integers
   are multiplied, a state machine reads numbers from text, and a bitwise CRC goes over all results. */
#include "bench.h"
#include <stddef.h>
#include <stdio.h>

enum { NODES = 400, SIDE = 24, TEXT = 2000 };

struct node {
  struct node *next;
  int16_t key, value;
};

static struct node nodes[NODES];
static int16_t left[SIDE][SIDE], right[SIDE][SIDE];
static char text[TEXT + 32];

static uint16_t crc(uint16_t sum, uint32_t value) {
  for (int bit = 0; bit < 32; bit++, value >>= 1) {
    int carry = (sum ^ value) & 1;
    sum >>= 1;
    if (carry) sum ^= 0xa001;
  }
  return sum;
}

static struct node *reversed(struct node *list) {
  struct node *result = NULL;
  while (list) {
    struct node *next = list->next;
    list->next = result;
    result = list;
    list = next;
  }
  return result;
}

static struct node *merged(struct node *a, struct node *b, int by_key) {
  struct node *result, **end = &result;
  while (a && b) {
    struct node **least = (by_key ? a->key <= b->key : a->value <= b->value) ? &a : &b;
    *end = *least;
    end = &(*least)->next;
    *least = *end;
  }
  *end = a ? a : b;
  return result;
}

static struct node *sorted(struct node *list, int by_key) {
  if (!list || !list->next) return list;
  struct node *middle = list;
  for (struct node *end = list->next; end && end->next; end = end->next->next) middle = middle->next;
  struct node *second = middle->next;
  middle->next = NULL;
  return merged(sorted(list, by_key), sorted(second, by_key), by_key);
}

static uint16_t lists(uint16_t sum, uint64_t *random) {
  for (int i = 0; i < NODES; i++) {
    uint64_t r = next_random(random);
    nodes[i] = (struct node){i + 1 < NODES ? &nodes[i + 1] : NULL, r & 0x3ff, i};
  }
  struct node *list = sorted(reversed(nodes), 1);
  for (int wanted = 0; wanted < 1024; wanted += 16) {
    struct node *found = list;
    while (found && found->key < wanted) found = found->next;
    sum = crc(sum, found ? (uint16_t)found->value : 0xffff);
  }
  list = sorted(list, 0);
  CHECK(list == nodes && nodes[NODES - 1].next == NULL);
  return sum;
}

static uint16_t matrices(uint16_t sum, uint64_t *random) {
  for (int i = 0; i < SIDE; i++) {
    for (int j = 0; j < SIDE; j++) {
      left[i][j] = next_random(random) & 0xff;
      right[i][j] = next_random(random) >> 40 & 0xff;
    }
  }
  for (int i = 0; i < SIDE; i++) {
    int32_t row = 0;
    for (int j = 0; j < SIDE; j++) {
      int32_t product = 0;
      for (int k = 0; k < SIDE; k++) product += left[i][k] * right[k][j];
      row += product >> 3 & 0x7f;
    }
    sum = crc(sum, row);
  }
  return sum;
}

enum state { START, SIGN, INTEGER, POINT, FRACTION, EXPONENT, EXPONENT_SIGN, SCALE, WRONG, STATES };

static enum state after(enum state state, char c) {
  int digit = c >= '0' && c <= '9';
  switch (state) {
    case START: return digit ? INTEGER : c == '+' || c == '-' ? SIGN : c == '.' ? POINT : WRONG;
    case SIGN: return digit ? INTEGER : c == '.' ? POINT : WRONG;
    case INTEGER: return digit ? INTEGER : c == '.' ? FRACTION : c == 'e' ? EXPONENT : WRONG;
    case POINT: return digit ? FRACTION : WRONG;
    case FRACTION: return digit ? FRACTION : c == 'e' ? EXPONENT : WRONG;
    case EXPONENT: return digit ? SCALE : c == '+' || c == '-' ? EXPONENT_SIGN : WRONG;
    case EXPONENT_SIGN: return digit ? SCALE : WRONG;
    case SCALE: return digit ? SCALE : WRONG;
    default: return WRONG;
  }
}

static void write_text(uint64_t *random) {
  static const char *const words[] = {"12", "-7.25", "+.5e3", "8e-12", "6.", "x1", "3..4", "1e+", "-", "900e9"};
  int at = 0;
  while (at < TEXT) at += sprintf(text + at, "%s,", words[next_random(random) % 10]);
  text[TEXT] = 0;
}

static uint16_t numbers(uint16_t sum) {
  int ends[STATES] = {0};
  enum state state = START;
  for (const char *at = text; *at; at++) {
    if (*at == ',') {
      ends[state]++;
      state = START;
    } else {
      state = after(state, *at);
    }
  }
  for (int i = 0; i < STATES; i++) sum = crc(sum, ends[i]);
  return sum;
}

uint64_t mix(unsigned scale) {
  uint64_t random = 1, total = 0;
  write_text(&random);
  begin();
  for (unsigned round = 0; round < scale * 100; round++) {
    uint16_t sum = lists(round, &random);
    sum = matrices(sum, &random);
    text[next_random(&random) % TEXT] = "0123456789+-.e,x"[next_random(&random) & 15];
    total = mixed(total, numbers(sum));
  }
  return total;
}
