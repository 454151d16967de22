/* Quicksort of 32-bit numbers, and heapsort of records by a string key. */
#include "bench.h"
#include <stdlib.h>
#include <string.h>

enum { NUMBERS = 1 << 18, RECORDS = 1 << 14 };

struct record {
  char key[12];
  uint32_t value;
};

static uint32_t *numbers;
static struct record *records;

static void insertion_sort(uint32_t *first, uint32_t *last) {
  for (uint32_t *i = first + 1; i <= last; i++) {
    uint32_t v = *i, *j = i;
    for (; j > first && j[-1] > v; j--) *j = j[-1];
    *j = v;
  }
}

static void quicksort(uint32_t *first, uint32_t *last) {
  while (last - first > 16) {
    uint32_t a = *first, b = first[(last - first) / 2], c = *last;
    uint32_t pivot = a < b ? (b < c ? b : a < c ? c : a) : (a < c ? a : b < c ? c : b);
    uint32_t *i = first, *j = last;
    while (i <= j) {
      while (*i < pivot) i++;
      while (*j > pivot) j--;
      if (i <= j) {
        uint32_t swap = *i;
        *i++ = *j;
        *j-- = swap;
      }
    }
    if (j - first < last - i) {
      quicksort(first, j);
      first = i;
    } else {
      quicksort(i, last);
      last = j;
    }
  }
  insertion_sort(first, last);
}

static void sift(struct record *heap, int root, int count) {
  struct record moved = heap[root];
  for (int child; (child = 2 * root + 1) < count; root = child) {
    if (child + 1 < count && strcmp(heap[child].key, heap[child + 1].key) < 0) child++;
    if (strcmp(moved.key, heap[child].key) >= 0) break;
    heap[root] = heap[child];
  }
  heap[root] = moved;
}

static void heapsort_records(void) {
  for (int i = RECORDS / 2; i-- > 0;) sift(records, i, RECORDS);
  for (int count = RECORDS - 1; count > 0; count--) {
    struct record top = records[0];
    records[0] = records[count];
    records[count] = top;
    sift(records, 0, count);
  }
}

static void fill(uint64_t *random) {
  for (int i = 0; i < NUMBERS; i++) numbers[i] = next_random(random) >> 20;
  for (int i = 0; i < RECORDS; i++) {
    uint64_t r = next_random(random);
    for (int c = 0; c < 11; c++, r >>= 5) records[i].key[c] = 'a' + (r & 15);
    records[i].key[11] = 0;
    records[i].value = i;
  }
}

uint64_t sort(unsigned scale) {
  numbers = malloc(NUMBERS * sizeof *numbers);
  records = malloc(RECORDS * sizeof *records);
  CHECK(numbers && records);
  uint64_t random = 2, total = 0;
  fill(&random);
  begin();
  for (unsigned round = 0; round < scale; round++) {
    fill(&random);
    quicksort(numbers, numbers + NUMBERS - 1);
    heapsort_records();
    for (int i = 1; i < NUMBERS; i++) CHECK(numbers[i - 1] <= numbers[i]);
    for (int i = 1; i < RECORDS; i++) CHECK(strcmp(records[i - 1].key, records[i].key) <= 0);
    for (int i = 0; i < NUMBERS; i += 97) total = mixed(total, numbers[i]);
    for (int i = 0; i < RECORDS; i += 7) total = mixed(total, records[i].value);
  }
  return total;
}
