/* Counts the words of a text by map and reduce, as Phoenix does: threads take splits of the text and count into tables of
   their own, each a table for every partition of the words; then threads take partitions and add up what all have counted. */
#include "bench.h"
#include "threads.h"
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
  MEGABYTE = 1 << 20,
  SIZE = 100 * MEGABYTE,
  SPLIT = 256 << 10,
  WORDS = 5000,
  LONGEST = 16,
  PARTITIONS = 64,
  ROOM = 256, /* entries of a partition's table, three times the words that are expected there */
};

struct entry {
  uint32_t start, length, hash, count; /* count 0: free */
};

struct counter {
  struct entry entries[PARTITIONS * ROOM]; /* partition after partition */
};

static char *text;
static struct counter *counters, sums;
static unsigned next_megabyte, next_split, next_partition;

static struct word {
  char letters[LONGEST];
  unsigned length;
} words[WORDS];

static uint32_t written[WORDS]; /* how often each word is in the text */

/* All words differ: the first letter tells the length of the end, so what is between is known, and that is the number. */
static void make_word(unsigned number) {
  struct word *word = &words[number];
  unsigned scrambled = number * 40503 & 0xffff, end = scrambled % 6;
  word->letters[word->length++] = 'a' + end;
  for (unsigned left = scrambled; left > 0; left /= 26) word->letters[word->length++] = 'a' + left % 26;
  while (end-- > 0) word->letters[word->length++] = 'a' + (scrambled + end * 7) % 26;
}

/* Text of whole megabytes, each from a seed of its own, so that it is the same for any number of threads. Low numbers of
   words are the more frequent. */
static void write_text(unsigned thread) {
  uint32_t own[WORDS] = {0};
  unsigned megabyte;
  (void)thread;
  while ((megabyte = __atomic_fetch_add(&next_megabyte, 1, __ATOMIC_RELAXED)) < SIZE / MEGABYTE) {
    char *to = text + (size_t)megabyte * MEGABYTE, *end = to + MEGABYTE - LONGEST;
    uint64_t state = megabyte + 1;
    while (to < end) {
      uint64_t random = next_random(&state);
      uint32_t number = (random >> 40) % WORDS * (random & 0xffff) >> 16;
      memcpy(to, words[number].letters, LONGEST); /* always as many, the next word overwrites the rest */
      to += words[number].length;
      *to++ = random >> 32 & 7 ? ' ' : '\n';
      own[number]++;
    }
    memset(to, ' ', end + LONGEST - to);
  }
  for (unsigned i = 0; i < WORDS; i++) __atomic_fetch_add(&written[i], own[i], __ATOMIC_RELAXED);
}

static void add(struct counter *counter, uint32_t start, uint32_t length, uint32_t hash, uint32_t count) {
  struct entry *entries = counter->entries + hash % PARTITIONS * ROOM;
  for (uint32_t i = hash / PARTITIONS, tries = 0; tries < ROOM; i++, tries++) {
    struct entry *entry = &entries[i % ROOM];
    if (entry->count == 0) {
      *entry = (struct entry){start, length, hash, count};
      return;
    }
    if (entry->hash == hash && entry->length == length && memcmp(text + entry->start, text + start, length) == 0) {
      entry->count += count;
      return;
    }
  }
  fail("a partition has more words than it can");
}

static inline int is_letter(char c) { return c >= 'a' && c <= 'z'; }

/* Counts the words that start in a split. */
static void map_split(struct counter *counter, size_t from, size_t to) {
  while (from > 0 && from < to && is_letter(text[from - 1])) from++; /* its word is the split's before */
  while (from < to) {
    if (!is_letter(text[from])) {
      from++;
      continue;
    }
    uint32_t hash = 2166136261u; /* FNV-1a */
    size_t start = from;
    for (; from < SIZE && is_letter(text[from]); from++) hash = (hash ^ text[from]) * 16777619u;
    hash ^= hash >> 15;
    add(counter, start, from - start, hash, 1);
  }
}

static void map(unsigned thread) {
  size_t from;
  memset(&counters[thread], 0, sizeof *counters);
  while ((from = (size_t)SPLIT * __atomic_fetch_add(&next_split, 1, __ATOMIC_RELAXED)) < SIZE)
    map_split(&counters[thread], from, from + SPLIT < SIZE ? from + SPLIT : SIZE);
}

static void reduce(unsigned thread) {
  unsigned partition;
  (void)thread;
  while ((partition = __atomic_fetch_add(&next_partition, 1, __ATOMIC_RELAXED)) < PARTITIONS) {
    for (unsigned mapper = 0; mapper < cores(); mapper++) {
      struct entry *entries = counters[mapper].entries + partition * ROOM;
      for (unsigned i = 0; i < ROOM; i++) {
        struct entry *entry = &entries[i];
        if (entry->count) add(&sums, entry->start, entry->length, entry->hash, entry->count);
      }
    }
  }
}

static struct entry *find(const struct word *word) {
  for (unsigned i = 0; i < PARTITIONS * ROOM; i++) {
    struct entry *entry = &sums.entries[i];
    if (entry->count && entry->length == word->length && memcmp(text + entry->start, word->letters, word->length) == 0)
      return entry;
  }
  return NULL;
}

/* Each word was found as often as it was written, and nothing else was. Gives a checksum that does not depend on order. */
static uint64_t checked(void) {
  uint64_t sum = 0, found = 0, all = 0;
  for (unsigned i = 0; i < PARTITIONS * ROOM; i++) {
    struct entry *entry = &sums.entries[i];
    if (entry->count) sum += mixed(entry->hash, entry->count), found += entry->count;
  }
  for (unsigned i = 0; i < WORDS; i++) {
    all += written[i];
    if (i % 50 && written[i]) continue; /* looking all of them up would take longer than counting */
    struct entry *entry = find(&words[i]);
    CHECK(entry ? entry->count == written[i] : written[i] == 0);
  }
  CHECK(found == all && all > 0);
  return sum;
}

/* Counts the words of a text of 100 MB, `scale` times anew: what the first time costs beyond the others is the emulator's
   acquaintance with the code. */
uint64_t wordcount(unsigned scale) {
  uint64_t sum = 0;
  text = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  counters = calloc(cores(), sizeof *counters);
  CHECK(text != MAP_FAILED && counters);
  for (unsigned i = 0; i < WORDS; i++) make_word(i);
  in_parallel(write_text);
  begin();
  for (unsigned i = 0; i < scale; i++) {
    next_split = next_partition = 0;
    memset(&sums, 0, sizeof sums);
    in_parallel(map);
    in_parallel(reduce);
    sum = mixed(sum, checked());
  }
  return sum;
}
